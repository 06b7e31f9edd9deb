import type { HttpResponse } from '../../cloud/types';
import { jsonAnswer, textBody } from './request';

const decoder = new TextDecoder();

/** Why an answer of a proxied function is none. */
export interface Malformed {
  malformed: string;
}

interface ProxyAnswer {
  statusCode?: unknown;
  headers?: unknown;
  multiValueHeaders?: unknown;
  cookies?: unknown;
  body?: unknown;
  isBase64Encoded?: unknown;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function parsed(payload: Uint8Array): unknown {
  const text = decoder.decode(payload);
  return text === '' ? null : (JSON.parse(text) as unknown);
}

const statusOf = (statusCode: unknown): number | undefined => {
  const status = Number(statusCode);
  return (typeof statusCode === 'number' || typeof statusCode === 'string') && Number.isInteger(status) && status >= 100 && status < 600
    ? status
    : undefined;
};

function headersOf({ headers, multiValueHeaders }: ProxyAnswer): Record<string, string> | Malformed {
  if (headers !== undefined && headers !== null && !isRecord(headers)) return { malformed: 'headers is no object' };
  if (multiValueHeaders !== undefined && multiValueHeaders !== null && !isRecord(multiValueHeaders))
    return { malformed: 'multiValueHeaders is no object' };
  const answer: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (typeof value === 'object' && value !== null) return { malformed: `the header ${name} is no text` };
    if (value !== undefined && value !== null) answer[name.toLowerCase()] = String(value);
  }
  for (const [name, values] of Object.entries(multiValueHeaders ?? {})) {
    if (!Array.isArray(values)) return { malformed: `the header ${name} of multiValueHeaders is no list` };
    answer[name.toLowerCase()] = values.map(String).join(', ');
  }
  return answer;
}

/** Payload format 1.0. `decodes`: whether the API gives out binary bodies for this request. */
export function answerOfVersion1(payload: Uint8Array, decodes: boolean): HttpResponse | Malformed {
  const value = parsed(payload);
  if (!isRecord(value)) return { malformed: 'the function returned no object' };
  const answer = value as ProxyAnswer;
  const status = statusOf(answer.statusCode);
  if (status === undefined) return { malformed: 'statusCode is missing or no status' };
  const headers = headersOf(answer);
  if ('malformed' in headers) return headers as unknown as Malformed;
  if (answer.body !== undefined && answer.body !== null && typeof answer.body !== 'string') return { malformed: 'body is no text' };
  headers['content-type'] ??= 'application/json';
  return { status, headers, body: bodyOf(answer.body ?? '', answer.isBase64Encoded === true && decodes) };
}

/** Payload format 2.0: what is no answer by itself is the body of one. */
export function answerOfVersion2(payload: Uint8Array): HttpResponse | Malformed {
  const value = parsed(payload);
  if (!isRecord(value) || value['statusCode'] === undefined) {
    return typeof value === 'string' ? { ...jsonAnswer(200, ''), body: textBody(value) } : jsonAnswer(200, value);
  }
  const answer = value as ProxyAnswer;
  const status = statusOf(answer.statusCode);
  if (status === undefined) return { malformed: 'statusCode is no status' };
  const headers = headersOf({ headers: answer.headers });
  if ('malformed' in headers) return headers as unknown as Malformed;
  if (answer.body !== undefined && answer.body !== null && typeof answer.body !== 'string') return { malformed: 'body is no text' };
  if (Array.isArray(answer.cookies)) headers['set-cookie'] = answer.cookies.map(String).join(', ');
  headers['content-type'] ??= 'text/plain;charset=UTF-8';
  return { status, headers, body: bodyOf(answer.body ?? '', answer.isBase64Encoded === true) };
}

const bodyOf = (body: string, base64: boolean): Uint8Array => (base64 ? new Uint8Array(Buffer.from(body, 'base64')) : textBody(body));
