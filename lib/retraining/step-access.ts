import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { DRIFT_FOLDERS } from '../../core/drift/places';
import { CAPTURE_FOLDER } from '../../core/release/endpoint-config';
import { acknowledgeResources } from '../shared/acknowledge';

/** Captures and truth are read, data sets and what models come with are written: folder by folder. */
export function allowData(
  step: lambda.Function,
  captures: s3.IBucket | undefined,
  drift: s3.IBucket,
  encryptionKey: kms.IKey | undefined,
): void {
  const { truth, training, models } = DRIFT_FOLDERS;
  const objects = (bucket: s3.IBucket, ...folders: string[]): string[] => folders.map((folder) => bucket.arnForObjects(`${folder}/*`));
  const captured = captures === undefined ? [] : objects(captures, CAPTURE_FOLDER);
  const read = [...captured, ...objects(drift, truth, training, models)];
  const written = objects(drift, training, models);
  const list = (bucket: s3.IBucket, ...folders: string[]): void =>
    step.addToRolePolicy(
      new iam.PolicyStatement({
        actions: ['s3:ListBucket'],
        resources: [bucket.bucketArn],
        conditions: { StringLike: { 's3:prefix': folders.map((folder) => `${folder}/*`) } },
      }),
    );
  if (captures !== undefined) list(captures, CAPTURE_FOLDER);
  list(drift, truth, training, models);
  step.addToRolePolicy(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: read }));
  step.addToRolePolicy(new iam.PolicyStatement({ actions: ['s3:PutObject'], resources: written }));
  encryptionKey?.grantEncryptDecrypt(step);
  acknowledgeResources(step.role ?? step, 'Captures, truth, data sets and models are named by time and run.', ...read);
}
