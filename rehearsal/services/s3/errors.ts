import { AwsError } from '../../cloud/types';

export const noSuchBucket = (bucket: string): AwsError =>
  new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: bucket });

export const noSuchKey = (key: string): AwsError => new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });

export const noSuchVersion = (key: string, versionId: string): AwsError =>
  new AwsError('NoSuchVersion', 'The specified version does not exist.', 404, { Key: key, VersionId: versionId });

/** A bucket that never had versions has no other than "null". */
export const invalidVersionId = (versionId: string): AwsError =>
  new AwsError('InvalidArgument', 'Invalid version id specified', 400, { ArgumentName: 'versionId', ArgumentValue: versionId });

export const readsDeleteMarker = (): AwsError =>
  new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405, {
    Method: 'GET',
    ResourceType: 'DeleteMarker',
  });

export const preconditionFailed = (condition: string): AwsError =>
  new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412, { Condition: condition });

export const protectedByLock = (): AwsError => new AwsError('AccessDenied', 'Access Denied because object protected by object lock.', 403);

export const invalidRequest = (message: string): AwsError => new AwsError('InvalidRequest', message);
