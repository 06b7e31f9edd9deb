import { createHash } from 'node:crypto';
import { CopyObjectCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';

/** A data set as it was written. */
export interface Written {
  uri: string;
  sha256: string;
}

export async function writeLines(s3: S3Client, bucket: string, key: string, lines: string[]): Promise<Written> {
  const body = Buffer.from(lines.map((line) => `${line}\n`).join(''), 'utf8');
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: 'application/jsonlines' }));
  return { uri: `s3://${bucket}/${key}`, sha256: createHash('sha256').update(body).digest('hex') };
}

export async function writeJson(s3: S3Client, bucket: string, key: string, value: object): Promise<void> {
  const body = JSON.stringify(value);
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: 'application/json' }));
}

export async function readText(s3: S3Client, bucket: string, key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  if (Body === undefined) throw new Error(`s3://${bucket}/${key} has no content`);
  return Body.transformToString('utf-8');
}

/** Within the bucket, without its bytes coming here. */
export async function copyObject(s3: S3Client, Bucket: string, from: string, to: string): Promise<void> {
  const CopySource = `${Bucket}/${from.split('/').map(encodeURIComponent).join('/')}`;
  await s3.send(new CopyObjectCommand({ Bucket, Key: to, CopySource }));
}

/** By its listing: a role that may list a folder alone is refused what HeadObject asks for. */
export async function exists(s3: S3Client, bucket: string, key: string): Promise<boolean> {
  for await (const found of listed(s3, bucket, key)) return found === key;
  return false;
}

/** Keys below a prefix, or, with a delimiter, the folders right below it. */
export async function* listed(s3: S3Client, Bucket: string, Prefix: string, Delimiter?: string): AsyncGenerator<string> {
  let token: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket, Prefix, Delimiter, ContinuationToken: token }));
    const found =
      Delimiter === undefined ? (page.Contents ?? []).map(({ Key }) => Key) : (page.CommonPrefixes ?? []).map((one) => one.Prefix);
    for (const name of found) if (name !== undefined) yield name;
    token = page.NextContinuationToken;
  } while (token !== undefined);
}

export async function allListed(s3: S3Client, bucket: string, prefix: string, delimiter?: string): Promise<string[]> {
  const names: string[] = [];
  for await (const name of listed(s3, bucket, prefix, delimiter)) names.push(name);
  return names;
}
