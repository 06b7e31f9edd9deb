export { createS3, S3 } from './s3';
export type { Bucket, ObjectVersion } from './bucket';
export { s3Resources } from './resources';
