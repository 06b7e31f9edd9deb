import type { HttpResponse, Members } from '../../cloud/types';
import { headerOf, textBody } from './request';
import type { GatewayRequest } from './request';

const allows = (list: unknown, value: string): boolean => {
  const known = ((list ?? []) as string[]).map((entry) => entry.toLowerCase());
  return known.includes('*') || known.includes(value.toLowerCase());
};

const originAllowed = (configuration: Members, origin: string): boolean =>
  allows(configuration['AllowOrigins'], origin) ||
  ((configuration['AllowOrigins'] ?? []) as string[]).some((entry) => entry.endsWith('://*') && origin.startsWith(entry.slice(0, -1)));

/** The answer to a browser's question before its request; undefined: this is none. */
export function preflight(configuration: Members | undefined, request: GatewayRequest): HttpResponse | undefined {
  const origin = headerOf(request.headers, 'origin');
  const method = headerOf(request.headers, 'access-control-request-method');
  if (configuration === undefined || request.method !== 'OPTIONS' || origin === undefined || method === undefined) return undefined;
  const headers: Record<string, string> = {};
  if (originAllowed(configuration, origin)) {
    Object.assign(headers, corsHeaders(configuration, request));
    const lists = { 'access-control-allow-methods': 'AllowMethods', 'access-control-allow-headers': 'AllowHeaders' };
    for (const [header, list] of Object.entries(lists)) {
      const values = configuration[list] as string[] | undefined;
      if (values !== undefined) headers[header] = values.join(',');
    }
    if (configuration['MaxAge'] !== undefined) headers['access-control-max-age'] = String(configuration['MaxAge']);
  }
  return { status: 204, headers, body: textBody('') };
}

/** What the API adds to each answer, whatever the integration said of it. */
export function corsHeaders(configuration: Members | undefined, request: GatewayRequest): Record<string, string> {
  const origin = headerOf(request.headers, 'origin');
  if (configuration === undefined || origin === undefined || !originAllowed(configuration, origin)) return {};
  const exposed = configuration['ExposeHeaders'] as string[] | undefined;
  const all = ((configuration['AllowOrigins'] ?? []) as string[]).includes('*');
  return {
    'access-control-allow-origin': all ? '*' : origin,
    ...(all ? {} : { vary: 'origin' }),
    ...(exposed === undefined ? {} : { 'access-control-expose-headers': exposed.join(',') }),
    ...(String(configuration['AllowCredentials'] ?? false) === 'true' ? { 'access-control-allow-credentials': 'true' } : {}),
  };
}
