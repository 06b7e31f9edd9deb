import { AwsError } from '../../cloud/types';
import type { Item } from './values';

export const validation = (message: string): AwsError => new AwsError('ValidationException', message);

export const tableNotFound = (): AwsError => new AwsError('ResourceNotFoundException', 'Requested resource not found');

/** `item`: what stands there, where the request asks for it with ReturnValuesOnConditionCheckFailure. */
export const conditionFailed = (item: Item | undefined): AwsError =>
  new AwsError('ConditionalCheckFailedException', 'The conditional request failed', 400, item === undefined ? {} : { Item: item });
