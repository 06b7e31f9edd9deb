import type { HttpResponse } from '../../cloud/types';
import { PRELUDE_DELIMITER_BYTES, PRELUDE_TYPE } from '../../kernel/sandbox/aws-lambda';
import { bytesOf, type SentChunk, type Streamed } from './response-stream';

interface Prelude {
  statusCode?: unknown;
  headers?: Record<string, unknown>;
  cookies?: string[];
}

const decoder = new TextDecoder();

/** The HTTP answer of a function URL that streams. */
export function streamedAnswer({ contentType, chunks, complete }: Streamed, nowMillis: number): HttpResponse {
  const { prelude, body } = contentType === PRELUDE_TYPE ? splitPrelude(chunks) : { prelude: undefined, body: chunks };
  return {
    status: Number(prelude?.statusCode ?? 200),
    headers: headersOf(prelude, contentType),
    body: bytesOf(body),
    streamed: {
      firstByteAtMillis: body[0]?.atMillis ?? nowMillis,
      lastByteAtMillis: body.at(-1)?.atMillis ?? nowMillis,
      parts: body,
      complete,
    },
  };
}

function headersOf(prelude: Prelude | undefined, contentType: string): Record<string, string> {
  const headers = Object.fromEntries(Object.entries(prelude?.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]));
  headers['content-type'] ??= contentType === PRELUDE_TYPE ? 'application/octet-stream' : contentType;
  if (prelude?.cookies !== undefined) headers['set-cookie'] = prelude.cookies.join(', ');
  return headers;
}

/** Status, headers and cookies stand before the body, in chunks of their own. */
function splitPrelude(chunks: SentChunk[]): { prelude: Prelude | undefined; body: SentChunk[] } {
  const delimiter = chunks.findIndex(({ bytes }) => bytes.byteLength === PRELUDE_DELIMITER_BYTES && bytes.every((byte) => byte === 0));
  if (delimiter === -1) return { prelude: undefined, body: chunks };
  return { prelude: JSON.parse(decoder.decode(bytesOf(chunks.slice(0, delimiter)))) as Prelude, body: chunks.slice(delimiter + 1) };
}
