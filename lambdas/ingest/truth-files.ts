import { S3Client } from '@aws-sdk/client-s3';
import { Bucket } from '../shared/bucket';
import { CLIENT, lean } from '../shared/client';
import type { TruthFiles } from './truths';

let client: S3Client | undefined;

export function truthFiles(bucketName: string): TruthFiles {
  client ??= lean(new S3Client(CLIENT));
  const bucket = new Bucket(client, bucketName);
  return { put: async (key, body) => void (await bucket.put(key, body, undefined, 'application/jsonlines')) };
}
