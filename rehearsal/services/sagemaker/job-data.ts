import { AwsError, type Cloud, type Members } from '../../cloud/types';
import { invalid } from './errors';
import { readS3Uri, under, type S3Location } from './s3-uri';

/** S3 as a job's role sees it. */
export class JobData {
  constructor(
    private readonly cloud: Cloud,
    private readonly roleArn: string,
  ) {}

  async keys({ bucket, key }: S3Location): Promise<string[]> {
    const keys: string[] = [];
    let token: string | undefined;
    do {
      const input = { Bucket: bucket, Prefix: key, ...(token === undefined ? {} : { ContinuationToken: token }) };
      const page = await this.call('ListObjectsV2', input);
      keys.push(...((page.Contents ?? []) as Members[]).map(({ Key }) => String(Key)));
      token = page.NextContinuationToken as string | undefined;
    } while (token !== undefined);
    return keys;
  }

  async read(bucket: string, key: string): Promise<Uint8Array> {
    const { Body } = await this.call('GetObject', { Bucket: bucket, Key: key });
    return Body as Uint8Array;
  }

  async head(bucket: string, key: string): Promise<void> {
    await this.call('HeadObject', { Bucket: bucket, Key: key });
  }

  /** Answers the ETag of what it wrote. */
  async write({ bucket, key }: S3Location, path: string, body: Uint8Array, kmsKeyId: unknown): Promise<string> {
    const encrypted = kmsKeyId === undefined || kmsKeyId === '' ? {} : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyId };
    const { ETag } = await this.call('PutObject', { Bucket: bucket, Key: under(key, path), Body: body, ...encrypted });
    return String(ETag);
  }

  /** Refused as CreateTrainingJob refuses input that is not there, or that the role may not list. */
  async needObjects(uri: unknown): Promise<void> {
    const location = readS3Uri('s3Uri', uri);
    let reason = 'The specified prefix holds no objects';
    try {
      if ((await this.keys(location)).length > 0) return;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      reason = error.message;
    }
    throw invalid(
      `No S3 objects found under S3 URL "${String(uri)}" given in input data source. Please ensure that the bucket exists in the selected region (${this.cloud.region}), ` +
        `that objects exist under that S3 prefix, and that the role "${this.roleArn}" has "s3:ListBucket" permissions on bucket "${location.bucket}". Error message from S3: ${reason}`,
    );
  }

  private call(operation: string, input: Members): Promise<Members> {
    return this.cloud.call('s3', operation, input, { kind: 'role', roleArn: this.roleArn });
  }
}
