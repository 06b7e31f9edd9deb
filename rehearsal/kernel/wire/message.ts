import type { Members } from '../../cloud/types';

/** One request as it comes over the wire, header names in lower case. */
export interface WireRequest {
  method: string;
  host: string;
  /** Still percent-encoded, without the query string. */
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  body: Uint8Array;
}

export interface WireResponse {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
  /** Instead of the body: what comes over time. */
  chunks?: AsyncIterable<Uint8Array>;
}

export interface DecodedRequest {
  operation: string;
  input: Members;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

export function text(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

export const noBody = new Uint8Array(0);

/** The value as bytes: doubles may answer blobs as strings. */
export function bytesOf(value: unknown): Uint8Array {
  if (value === undefined || value === null) return noBody;
  if (typeof value === 'string') return utf8(value);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  throw new TypeError(`A body must be a string or a Uint8Array, got ${Object.prototype.toString.call(value)}.`);
}
