import { AwsError } from '../../cloud/types';

export const invalid = (message: string): AwsError => new AwsError('ValidationException', message);

type Kind = 'model' | 'endpoint configuration' | 'endpoint';

export const notFound = (kind: Kind, arn: string): AwsError => invalid(`Could not find ${kind} "${arn}".`);
export const alreadyExists = (kind: Kind, arn: string): AwsError => invalid(`Cannot create already existing ${kind} "${arn}".`);
export const inProgress = (arn: string): AwsError => invalid(`Cannot update in-progress endpoint "${arn}".`);
