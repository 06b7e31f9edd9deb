import type { HttpResponse } from '../../cloud/types';
import type { UrlCors } from './function';
import type { UrlRequest } from './function-url';

const headerOf = ({ headers }: UrlRequest, name: string): string | undefined =>
  Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];

const allows = (allowed: readonly string[] | undefined, wanted: string): boolean =>
  (allowed ?? []).some((one) => one === '*' || one.toLowerCase() === wanted.toLowerCase());

/** Headers that Lambda adds for an origin that is let in; undefined: it is not, or asks for none. */
function headersFor(cors: UrlCors, origin: string | undefined): Record<string, string> | undefined {
  if (origin === undefined || !allows(cors.AllowOrigins, origin)) return undefined;
  const credentials = String(cors.AllowCredentials) === 'true';
  return {
    'access-control-allow-origin': allows(cors.AllowOrigins, '*') && !credentials ? '*' : origin,
    vary: 'Origin',
    ...(credentials ? { 'access-control-allow-credentials': 'true' } : {}),
    ...(cors.ExposeHeaders === undefined ? {} : { 'access-control-expose-headers': cors.ExposeHeaders.join(',') }),
  };
}

/** A browser's question before the request itself: Lambda answers it, the function does not see it. */
export function preflightAnswer(cors: UrlCors | undefined, request: UrlRequest): HttpResponse | undefined {
  const method = headerOf(request, 'access-control-request-method');
  if (cors === undefined || request.method.toUpperCase() !== 'OPTIONS' || method === undefined) return undefined;
  const headers = headersFor(cors, headerOf(request, 'origin'));
  if (headers === undefined || !allows(cors.AllowMethods, method)) return { status: 200, headers: {}, body: new Uint8Array(0) };
  return {
    status: 200,
    headers: {
      ...headers,
      'access-control-allow-methods': (cors.AllowMethods ?? []).join(','),
      ...(cors.AllowHeaders === undefined ? {} : { 'access-control-allow-headers': cors.AllowHeaders.join(',') }),
      ...(cors.MaxAge === undefined ? {} : { 'access-control-max-age': String(cors.MaxAge) }),
    },
    body: new Uint8Array(0),
  };
}

/** The URL's own CORS headers take the place of the function's. */
export function withCors(cors: UrlCors | undefined, request: UrlRequest, answer: HttpResponse): HttpResponse {
  const headers = cors === undefined ? undefined : headersFor(cors, headerOf(request, 'origin'));
  return headers === undefined ? answer : { ...answer, headers: { ...answer.headers, ...headers } };
}
