import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { DataSet, DriftBaselineSource, DriftPolicy } from '../../core/contracts';

const S3_URI = /^s3:\/\/([^/]+)\/(.+)$/;

export interface ObjectPlace {
  bucket: string;
  key: string;
}

export function placeOf(uri: string): ObjectPlace {
  const [, bucket, key] = S3_URI.exec(uri) ?? [];
  if (bucket === undefined || key === undefined) throw new Error(`'${uri}' is no place in S3: s3://bucket/key is`);
  return { bucket, key };
}

/** The charter's drift policy: larger than an environment may be, so it is deployed as a file. */
export async function readDriftPolicy(s3: S3Client, uri: string): Promise<DriftPolicy> {
  const { bucket, key } = placeOf(uri);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  if (Body === undefined) throw new Error(`${uri} has no content: deploy the stack, which writes it`);
  const policy = JSON.parse(await Body.transformToString()) as DriftPolicy;
  return { ...policy, baseline: withBucket(policy.baseline, bucket) };
}

/** Files that were deployed beside the policy have no bucket in it: its name is known at deploy time only. */
function withBucket(source: DriftBaselineSource, bucket: string): DriftBaselineSource {
  const placed = (data: DataSet): DataSet => (data.bucket === '' ? { ...data, bucket } : data);
  if (source.kind === 'training-data') return { ...source, data: placed(source.data) };
  if (source.kind === 'first-days') return source;
  const { constraints } = source;
  return { ...source, statistics: placed(source.statistics), ...(constraints === undefined ? {} : { constraints: placed(constraints) }) };
}
