import { UnsupportedError } from '../../cloud/types';
import { signatureParameters } from '../presigned';
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

/** In a presigned URL headers of S3 stand among the parameters of the query. */
export function takeHeaders(request: WireRequest): WireRequest {
  const hoisted = [...request.query].filter(([name]) => /^x-amz-/i.test(name) && !signatureParameters.has(name.toLowerCase()));
  if (hoisted.length === 0) return request;
  const headers = Object.fromEntries(hoisted.map(([name, value]) => [name.toLowerCase(), value]));
  return { ...request, headers: { ...headers, ...request.headers } };
}

/** Parameters that make another operation of a request on an object. */
const subresources = ['acl', 'attributes', 'legal-hold', 'renameObject', 'restore', 'retention', 'select', 'tagging', 'torrent', 'uploads'];

/** The SDK says in `x-id` which operation it means; of others' requests that is told by what they carry. */
export function nameOperation(bucket: string | undefined, request: WireRequest): WireRequest {
  const { query, method, path, headers } = request;
  if (query.has('x-id') || subresources.some((name) => query.has(name))) return request;
  const named = bucket === undefined ? 'ListBuckets' : path === '/' ? undefined : operationOn(method, query, headers);
  if (bucket !== undefined && path === '/' && method === 'POST' && !query.has('delete')) {
    throw new UnsupportedError('s3: uploads by HTML form (presigned POST) are not supported. Use a presigned PUT.');
  }
  return named === undefined ? request : { ...request, query: new URLSearchParams([...query, ['x-id', named]]) };
}

function operationOn(method: string, query: URLSearchParams, headers: Record<string, string>): string | undefined {
  const isPart = query.has('uploadId');
  const isCopy = headers['x-amz-copy-source'] !== undefined;
  if (method === 'PUT' && isPart) return isCopy ? 'UploadPartCopy' : 'UploadPart';
  if (method === 'PUT') return isCopy ? 'CopyObject' : 'PutObject';
  if (method === 'GET') return isPart ? 'ListParts' : 'GetObject';
  if (method === 'DELETE') return isPart ? 'AbortMultipartUpload' : 'DeleteObject';
  return undefined;
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
