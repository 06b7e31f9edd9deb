import { Writable } from 'node:stream';
import type { Clock } from '../../cloud/types';
import type { LambdaResponseStream } from '../../kernel/sandbox/aws-lambda';

const DEFAULT_TYPE = 'application/octet-stream';

export interface SentChunk {
  atMillis: number;
  bytes: Uint8Array;
}

/** What a handler wrote to its response stream, and when. */
export interface Streamed {
  contentType: string;
  chunks: SentChunk[];
  /** False: the handler failed, or its time was over, before it ended the stream. */
  complete: boolean;
}

/** The stream that a handler writes its answer to: the caller has each chunk as soon as it is written. */
export class ResponseStream extends Writable implements LambdaResponseStream {
  _onBeforeFirstWrite?: (write: (chunk: string | Uint8Array) => void) => void;
  private contentType = DEFAULT_TYPE;
  private begun = false;
  private readonly chunks: SentChunk[] = [];

  constructor(private readonly clock: Clock) {
    super();
    // A handler that fails destroys its stream: the invocation says so.
    this.on('error', () => undefined);
  }

  setContentType(contentType: string): void {
    if (this.begun) throw Object.assign(new Error('Cannot set content-type, too late.'), { name: 'InvalidStreamingOperation' });
    this.contentType = contentType;
  }

  override write(chunk: unknown, encoding?: unknown, callback?: unknown): boolean {
    if (!this.begun) this._onBeforeFirstWrite?.((early) => void super.write(early));
    this.begun = true;
    const isBytes = typeof chunk === 'string' || chunk instanceof Uint8Array;
    return super.write(isBytes ? chunk : JSON.stringify(chunk), encoding as BufferEncoding, callback as () => void);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (chunk.byteLength > 0) this.chunks.push({ atMillis: this.clock.now(), bytes: new Uint8Array(chunk) });
    done();
  }

  /** When the handler has ended it; fails where it was destroyed before. */
  finished(): Promise<void> {
    if (this.writableFinished) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const notFinished = (): void => reject(new Error('Response stream is not finished.'));
      if (this.destroyed) notFinished();
      this.once('finish', resolve);
      this.once('close', notFinished);
    });
  }

  sent(): Streamed {
    return { contentType: this.contentType, chunks: this.chunks, complete: this.writableFinished };
  }
}

export const bytesOf = (chunks: SentChunk[]): Uint8Array => new Uint8Array(Buffer.concat(chunks.map(({ bytes }) => bytes)));
