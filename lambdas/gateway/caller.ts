import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { HttpAnswer } from '../shared/http';
import { isText } from './answer';
import type { Caller } from './streaming';

/** Somebody behind the function URL. */
export class UrlCaller implements Caller {
  private body: Writable | undefined;

  constructor(private readonly stream: Writable) {}

  async whole({ statusCode = 200, headers = {}, body = '', isBase64Encoded }: HttpAnswer): Promise<void> {
    const out = awslambda.HttpResponseStream.from(this.stream, { statusCode, headers });
    await ended(out, Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8'));
  }

  begin(headers: Record<string, string>): void {
    this.body = awslambda.HttpResponseStream.from(this.stream, { statusCode: 200, headers });
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.body?.write(bytes) === false) await once(this.body, 'drain');
  }

  async end(): Promise<void> {
    if (this.body !== undefined) await ended(this.body);
  }
}

/** Somebody who invokes the function itself: gets the answer as the gateway gives it when it does not stream. */
export class DirectCaller implements Caller {
  private headers: Record<string, string> = {};
  private readonly chunks: Uint8Array[] = [];

  constructor(private readonly stream: Writable) {}

  whole(answer: HttpAnswer): Promise<void> {
    return ended(this.stream, Buffer.from(JSON.stringify(answer)));
  }

  begin(headers: Record<string, string>): void {
    this.headers = headers;
  }

  write(bytes: Uint8Array): Promise<void> {
    this.chunks.push(bytes);
    return Promise.resolve();
  }

  end(): Promise<void> {
    const asText = isText(this.headers['content-type'] ?? '');
    const body = Buffer.concat(this.chunks).toString(asText ? 'utf8' : 'base64');
    return this.whole({ statusCode: 200, headers: this.headers, body, isBase64Encoded: !asText });
  }
}

/** Lambda ends an invocation when its handler is done: not before everything is written. Only a write sends the head. */
async function ended(stream: Writable, last?: Uint8Array): Promise<void> {
  if (last !== undefined) stream.write(last);
  stream.end();
  await once(stream, 'finish');
}
