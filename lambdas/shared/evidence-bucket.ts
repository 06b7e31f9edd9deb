import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';

/** The evidence bucket: every object is written once. */
export class EvidenceBucket {
  constructor(
    private readonly s3: S3Client,
    readonly name: string,
  ) {}

  /** False when something stands there already, which stays as it is. */
  async putOnce(key: string, body: string, contentType: string): Promise<boolean> {
    const input = { Bucket: this.name, Key: key, Body: body, ContentType: contentType, IfNoneMatch: '*' };
    try {
      await this.s3.send(new PutObjectCommand(input));
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === 'PreconditionFailed') return false;
      throw error;
    }
  }

  async read(key: string): Promise<Uint8Array> {
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.name, Key: key }));
    if (Body === undefined) throw new Error(`${key} in ${this.name} has no content`);
    return Body.transformToByteArray();
  }

  /** Keys in their order, after one. */
  async keys(prefix: string, after?: string): Promise<string[]> {
    const keys: string[] = [];
    let token: string | undefined;
    do {
      const page = await this.s3.send(
        new ListObjectsV2Command({ Bucket: this.name, Prefix: prefix, StartAfter: after, ContinuationToken: token }),
      );
      keys.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return keys;
  }
}
