import { invalid } from './errors';

export interface S3Location {
  bucket: string;
  /** Without a slash at its end. */
  key: string;
}

const S3_URI = /^(?:s3|https):\/\/([^/]+)\/?(.*?)\/*$/;

/** `member` as AWS names it in its message. */
export function readS3Uri(member: string, uri: unknown): S3Location {
  const match = S3_URI.exec(String(uri ?? ''));
  if (match === null) throw invalid(`Value '${String(uri)}' at '${member}' must be an S3 URI such as s3://bucket/prefix.`);
  return { bucket: match[1]!, key: match[2]! };
}

/** A key below a prefix that may be empty. */
export const under = (prefix: string, rest: string): string => (prefix === '' ? rest : `${prefix}/${rest}`);
