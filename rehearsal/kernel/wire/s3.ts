import { text } from './message';
import type { WireRequest } from './message';

/** The bucket travels in the host or as the first part of the path; gives the request with the bucket taken off its path. */
export function takeBucket(request: WireRequest): { bucket: string | undefined; request: WireRequest } {
  const virtualHost = /^(.+)\.s3[.-][^/]*$/.exec(request.host);
  if (virtualHost !== null) return { bucket: virtualHost[1]!, request };
  const [, bucket, rest] = /^\/([^/]*)(\/.*)?$/.exec(request.path) ?? [];
  if (bucket === undefined || bucket === '') return { bucket: undefined, request };
  return { bucket: decodeURIComponent(bucket), request: { ...request, path: rest ?? '/' } };
}

/** Streams are sent in chunks with their checksum behind them: takes both apart. */
export function dechunk(request: WireRequest): WireRequest {
  const encodings = (request.headers['content-encoding'] ?? '').split(',').map((part) => part.trim());
  if (!encodings.includes('aws-chunked')) return request;
  const { body, trailers } = readChunks(request.body);
  const rest = encodings.filter((encoding) => encoding !== 'aws-chunked').join(',');
  const headers: Record<string, string> = { ...request.headers, ...trailers, 'content-length': String(body.byteLength) };
  if (rest === '') delete headers['content-encoding'];
  else headers['content-encoding'] = rest;
  return { ...request, headers, body };
}

function readChunks(bytes: Uint8Array): { body: Uint8Array; trailers: Record<string, string> } {
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (;;) {
    const lineEnd = findLineEnd(bytes, offset);
    const size = Number.parseInt(text(bytes.subarray(offset, lineEnd)), 16);
    if (!Number.isInteger(size)) throw new TypeError('The chunks of an aws-chunked body cannot be read.');
    offset = lineEnd + 2;
    if (size === 0) break;
    parts.push(bytes.subarray(offset, offset + size));
    offset += size + 2;
  }
  const trailers: Record<string, string> = {};
  for (const line of text(bytes.subarray(offset)).split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { body: new Uint8Array(Buffer.concat(parts)), trailers };
}

function findLineEnd(bytes: Uint8Array, from: number): number {
  const end = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf('\r\n', from);
  if (end < 0) throw new TypeError('The chunks of an aws-chunked body end too early.');
  return end;
}
