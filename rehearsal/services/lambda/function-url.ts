import type { Caller, HttpResponse, Members } from '../../cloud/types';
import { UnsupportedError } from '../../cloud/types';
import { streamedAnswer } from './streamed-answer';
import type { FunctionUrl, InvocationResult } from './function';

export interface UrlRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Uint8Array;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The event that a function behind a URL gets (payload format 2.0). */
export function urlEvent(
  url: FunctionUrl,
  request: UrlRequest,
  caller: Caller | undefined,
  about: { requestId: string; nowMillis: number; accountId: string },
): Members {
  const [path = '/', query = ''] = request.path.split('?');
  const host = new URL(url.url).host;
  const headers = Object.fromEntries(Object.entries({ host, ...request.headers }).map(([name, value]) => [name.toLowerCase(), value]));
  const parameters = [...new URLSearchParams(query).keys()].map((key) => [key, new URLSearchParams(query).getAll(key).join(',')]);
  const isText = textual(headers['content-type'] ?? '');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    headers,
    ...(parameters.length === 0 ? {} : { queryStringParameters: Object.fromEntries(parameters) as Members }),
    requestContext: {
      accountId: caller === undefined ? 'anonymous' : about.accountId,
      apiId: url.id,
      ...(url.authType === 'AWS_IAM' && caller !== undefined ? { authorizer: { iam: identityOf(caller, about.accountId) } } : {}),
      domainName: host,
      domainPrefix: url.id,
      http: { method: request.method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.10', userAgent: headers['user-agent'] ?? '' },
      requestId: about.requestId,
      routeKey: '$default',
      stage: '$default',
      time: clfTime(about.nowMillis),
      timeEpoch: about.nowMillis,
    },
    ...(request.body.byteLength === 0
      ? {}
      : { body: isText ? decoder.decode(request.body) : Buffer.from(request.body).toString('base64') }),
    isBase64Encoded: !isText && request.body.byteLength > 0,
  };
}

/** The HTTP answer that a function's result stands for. */
export function urlAnswer(result: InvocationResult, invokeMode: FunctionUrl['invokeMode'], nowMillis: number): HttpResponse {
  const { streamed } = result;
  if (streamed !== undefined && invokeMode === 'BUFFERED')
    throw new UnsupportedError(
      'A handler made by awslambda.streamifyResponse answers at a function URL whose InvokeMode is BUFFERED: status and headers are lost. Set InvokeMode RESPONSE_STREAM.',
    );
  if (streamed !== undefined && (result.functionError === undefined || streamed.chunks.length > 0))
    return streamedAnswer(streamed, nowMillis);
  if (result.functionError !== undefined) return jsonAnswer(502, { Message: 'Internal Server Error' });
  // Where answers are streamed, nobody reads what the handler returned: it is the body.
  if (invokeMode === 'RESPONSE_STREAM') return { status: 200, headers: { 'content-type': 'application/json' }, body: result.payload };
  const value: unknown = JSON.parse(decoder.decode(result.payload));
  if (typeof value !== 'object' || value === null || !('statusCode' in value)) return jsonAnswer(200, value);
  const answer = value as {
    statusCode: unknown;
    headers?: Record<string, unknown> | null;
    body?: unknown;
    isBase64Encoded?: unknown;
    cookies?: string[];
  };
  if (!Number.isInteger(Number(answer.statusCode))) return jsonAnswer(502, { Message: 'Internal Server Error' });
  const headers = Object.fromEntries(Object.entries(answer.headers ?? {}).map(([name, header]) => [name.toLowerCase(), String(header)]));
  headers['content-type'] ??= 'application/json';
  if (answer.cookies !== undefined) headers['set-cookie'] = answer.cookies.join(', ');
  return { status: Number(answer.statusCode), headers, body: bodyOf(answer.body, answer.isBase64Encoded === true) };
}

export function jsonAnswer(status: number, value: unknown): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: encoder.encode(JSON.stringify(value)) };
}

function bodyOf(body: unknown, base64: boolean): Uint8Array {
  if (body === undefined || body === null) return new Uint8Array(0);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return base64 ? new Uint8Array(Buffer.from(text, 'base64')) : encoder.encode(text);
}

function textual(contentType: string): boolean {
  return contentType === '' || /^(text\/|application\/(json|xml|javascript|x-www-form-urlencoded))|\+(json|xml)/.test(contentType);
}

function identityOf(caller: Caller, accountId: string): Members {
  const userArn =
    caller.kind === 'world' ? caller.principalArn : caller.kind === 'role' ? assumedRoleArn(caller.roleArn) : caller.principal;
  const callerId = userArn.split('/').slice(1).join(':') || userArn;
  return { accessKey: null, accountId, callerId, cognitoIdentity: null, principalOrgId: null, userArn, userId: callerId };
}

/** A role signs as a session of its own. */
function assumedRoleArn(roleArn: string): string {
  const name = roleArn.slice(roleArn.lastIndexOf('/') + 1);
  return `${roleArn.replace(':iam:', ':sts:').replace(/:role\/.*$/, '')}:assumed-role/${name}/${name}`;
}

function clfTime(millis: number): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(millis).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}
