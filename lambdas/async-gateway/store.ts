import { randomUUID } from 'node:crypto';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { ASYNC_REQUESTS } from '../../core/release/async-folders';
import type { InferenceRequest } from '../gateway/request';

/** Puts a request where the endpoint reads it; says where. */
export async function storeRequest(s3: S3Client, bucket: string, { body, contentType }: InferenceRequest): Promise<string> {
  const key = `${ASYNC_REQUESTS}/${randomUUID()}`;
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType }));
  return `s3://${bucket}/${key}`;
}
