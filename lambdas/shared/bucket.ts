import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';

export interface Listed {
  key: string;
  size: number;
  etag: string;
}

export interface Stored {
  text: string;
  etag: string;
}

/** `undefined`: whatever stands there is replaced; `absent`: only where nothing stands; an ETag: only what was read. */
export type WriteCondition = undefined | 'absent' | { etag: string };

/** A bucket whose objects several handlers may write at the same time. */
export class Bucket {
  constructor(
    readonly s3: S3Client,
    readonly name: string,
  ) {}

  uri(key: string): string {
    return `s3://${this.name}/${key}`;
  }

  /** Undefined: it is not there. */
  async read(key: string): Promise<Stored | undefined> {
    try {
      const { Body, ETag = '' } = await this.s3.send(new GetObjectCommand({ Bucket: this.name, Key: key }));
      return { text: (await Body?.transformToString()) ?? '', etag: ETag };
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
      throw error;
    }
  }

  /** The new ETag; undefined: somebody else was faster, and what stands there stays. */
  async put(key: string, body: string, condition?: WriteCondition, contentType = 'application/json'): Promise<string | undefined> {
    const only = condition === undefined ? {} : condition === 'absent' ? { IfNoneMatch: '*' } : { IfMatch: condition.etag };
    const input = { Bucket: this.name, Key: key, Body: body, ContentType: contentType, ...only };
    try {
      const { ETag = '' } = await this.s3.send(new PutObjectCommand(input));
      return ETag;
    } catch (error) {
      // A conditional write that meets another one is refused as a conflict; NoSuchKey: what was read has been deleted since.
      if (condition !== undefined && error instanceof Error && FASTER.has(error.name)) return undefined;
      throw error;
    }
  }

  /** In the order of keys: after one, before another. */
  async list(prefix: string, after?: string, before?: string): Promise<Listed[]> {
    const found: Listed[] = [];
    let token: string | undefined;
    do {
      const page = await this.s3.send(
        new ListObjectsV2Command({
          Bucket: this.name,
          Prefix: prefix,
          ...(after === undefined ? {} : { StartAfter: after }),
          ...(token === undefined ? {} : { ContinuationToken: token }),
        }),
      );
      for (const { Key, Size = 0, ETag = '' } of page.Contents ?? []) {
        if (Key === undefined) continue;
        if (before !== undefined && Key >= before) return found;
        found.push({ key: Key, size: Size, etag: ETag });
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return found;
  }
}

const FASTER = new Set(['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey']);
