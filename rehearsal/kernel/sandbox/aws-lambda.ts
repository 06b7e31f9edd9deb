import type { Writable } from 'node:stream';

/** How Lambda's runtime marks a handler that streams its answer. */
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
const HIGH_WATER_MARK = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');
const RESPONSE = 'response';

/** Content type of an answer that begins with its status, headers and cookies. */
export const PRELUDE_TYPE = 'application/vnd.awslambda.http-integration-response';
/** Zero bytes between the prelude, which is JSON, and the body. */
export const PRELUDE_DELIMITER_BYTES = 8;

/** The stream that Lambda hands to a streaming handler. */
export interface LambdaResponseStream extends Writable {
  setContentType(contentType: string): void;
  _onBeforeFirstWrite?: (write: (chunk: string | Uint8Array) => void) => void;
}

type Marked = Record<symbol, unknown>;

/** The global `awslambda` of the managed Node.js runtimes. */
export const createAwsLambda = (): Record<string, unknown> => ({
  streamifyResponse: (handler: Marked, options?: { highWaterMark?: unknown }): Marked => {
    handler[STREAMING] = RESPONSE;
    if (typeof options?.highWaterMark === 'number') handler[HIGH_WATER_MARK] = options.highWaterMark;
    return handler;
  },
  HttpResponseStream: {
    /** Only a write sends the prelude: a stream that is ended without one has no status and no headers of its own. */
    from: (stream: LambdaResponseStream, prelude: unknown): LambdaResponseStream => {
      stream.setContentType(PRELUDE_TYPE);
      const text = JSON.stringify(prelude);
      stream._onBeforeFirstWrite = (write) => {
        write(text);
        write(new Uint8Array(PRELUDE_DELIMITER_BYTES));
      };
      return stream;
    },
  },
});

export const streams = (handler: unknown): boolean => (handler as Marked)[STREAMING] === RESPONSE;
