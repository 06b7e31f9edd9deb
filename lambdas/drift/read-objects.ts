import { GetObjectCommand, type GetObjectCommandOutput } from '@aws-sdk/client-s3';
import type { CaptureObject } from '../../core/drift/look/objects';
import type { Bucket } from '../shared/bucket';

/** What takes files, block by block. */
export interface Taker {
  begin(place: string): void;
  take(block: Uint8Array): void;
}

/** A file that was listed is not there any more, or another one: the next look lists again. */
export class CapturesChanged extends Error {
  override readonly name = 'CapturesChanged';
}

/** Files below this size are fetched before their turn, so many at a time: memory stays flat, and nobody waits for each one's first byte. */
const AHEAD_BYTES = 4 * 1024 * 1024;
const AHEAD_FILES = 12;

type Body = NonNullable<GetObjectCommandOutput['Body']>;

/** Feeds files in their order. */
export async function readObjects(bucket: Bucket, objects: CaptureObject[], taker: Taker): Promise<void> {
  const ahead = new Map<number, Promise<Uint8Array>>();
  const fetchAhead = (from: number): void => {
    for (let index = from; index < Math.min(objects.length, from + AHEAD_FILES); index += 1) {
      const object = objects[index] as CaptureObject;
      if (object.size > AHEAD_BYTES || ahead.has(index)) continue;
      const bytes = bodyOf(bucket, object).then((body) => body.transformToByteArray());
      // Its failure is thrown when its turn comes.
      bytes.catch(() => undefined);
      ahead.set(index, bytes);
    }
  };
  for (const [index, object] of objects.entries()) {
    fetchAhead(index);
    const bytes = ahead.get(index);
    ahead.delete(index);
    taker.begin(object.key);
    if (bytes !== undefined) taker.take(await bytes);
    else for await (const block of (await bodyOf(bucket, object)) as AsyncIterable<Uint8Array>) taker.take(block);
  }
}

async function bodyOf({ s3, name }: Bucket, { key, etag }: CaptureObject): Promise<Body> {
  try {
    const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: name, Key: key, IfMatch: etag }));
    if (body === undefined) throw new Error(`s3://${name}/${key} has no content`);
    return body;
  } catch (error) {
    if (error instanceof Error && (error.name === 'NoSuchKey' || error.name === 'PreconditionFailed')) {
      throw new CapturesChanged(`s3://${name}/${key} is not what was listed (${error.name}): it is listed again at the next look`);
    }
    throw error;
  }
}
