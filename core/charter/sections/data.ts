import * as z from 'zod';
import { matching, relativePath, section } from '../fields';

const S3_URL = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(\S{1,1000})$/;

/** Where a file is: beside the charter, or in S3. */
export type CharterData = { file: string } | { bucket: string; key: string; sha256?: string };

const url = matching(S3_URL, 's3://bucket/key');
const hash = matching(/^[0-9a-f]{64}$/, 'a SHA-256 of 64 hex digits');

const inS3 = (given: string, sha256?: string): CharterData => {
  const [, bucket = '', key = ''] = S3_URL.exec(given) ?? [];
  return { bucket, key, ...(sha256 === undefined ? {} : { sha256 }) };
};

/** `what` says what stands in the file. */
export const dataFile = (what: string) =>
  z.union(
    [
      url.transform((given) => inS3(given)),
      relativePath('a file').transform((file): CharterData => ({ file })),
      section({ url, sha256: hash.optional() }).transform((given) => inS3(given.url, given.sha256)),
    ],
    { error: `a file beside the charter with ${what}, s3://bucket/key, or { url: s3://bucket/key, sha256: … }` },
  );
