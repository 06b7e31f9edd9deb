import { S3Client } from '@aws-sdk/client-s3';
import { Bucket } from '../shared/bucket';
import { CLIENT, lean } from '../shared/client';
import type { TruthFiles } from './truths';

export function truthFiles(bucketName: string): TruthFiles {
  const bucket = new Bucket(lean(new S3Client(CLIENT)), bucketName);
  return { put: async (key, body) => void (await bucket.put(key, body, undefined, 'application/jsonlines')) };
}
