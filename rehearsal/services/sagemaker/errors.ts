import { AwsError } from '../../cloud/types';

export const invalid = (message: string): AwsError => new AwsError('ValidationException', message);

type Kind = 'model' | 'endpoint configuration' | 'endpoint' | 'inference component' | 'model package group';

export const notFound = (kind: Kind, arn: string): AwsError => invalid(`Could not find ${kind} "${arn}".`);
export const alreadyExists = (kind: Kind, arn: string): AwsError => invalid(`Cannot create already existing ${kind} "${arn}".`);
export const inProgress = (arn: string, change = 'update', kind: Kind = 'endpoint'): AwsError =>
  invalid(`Cannot ${change} in-progress ${kind} "${arn}".`);

/** Jobs, pipelines and model packages have exceptions of their own. */
export const resourceInUse = (message: string): AwsError => new AwsError('ResourceInUse', message);
export const resourceNotFound = (message: string): AwsError => new AwsError('ResourceNotFound', message);
