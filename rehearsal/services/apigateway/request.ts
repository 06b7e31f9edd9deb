import type { Caller, HttpResponse } from '../../cloud/types';

/** One request at an API, as the gateway reads it. */
export interface GatewayRequest {
  readonly id: string;
  readonly atMillis: number;
  readonly method: string;
  readonly host: string;
  /** With the stage, decoded. */
  readonly fullPath: string;
  /** Below the stage, decoded; begins with a slash. */
  readonly path: string;
  readonly rawQuery: string;
  /** As sent. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Who signed; undefined: nobody. */
  readonly signer: Caller | undefined;
}

/** A header, whatever its case. */
export function headerOf(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return Object.entries(headers).find(([key]) => key.toLowerCase() === wanted)?.[1];
}

export const sourceAddress = '192.0.2.10';

/** What the gateway adds before a handler sees the headers. */
export function gatewayHeaders(request: GatewayRequest): Record<string, string> {
  const root = `1-${Math.floor(request.atMillis / 1000).toString(16)}-${request.id.replaceAll('-', '').slice(0, 24)}`;
  return {
    'X-Amzn-Trace-Id': `Root=${root}`,
    'X-Forwarded-For': sourceAddress,
    'X-Forwarded-Port': '443',
    'X-Forwarded-Proto': 'https',
  };
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** As in access logs: `12/Mar/2020:19:03:58 +0000`. */
export function requestTime(millis: number): string {
  const date = new Date(millis);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${two(date.getUTCDate())}/${months[date.getUTCMonth()]}/${date.getUTCFullYear()}`;
  return `${day}:${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`;
}

const encoder = new TextEncoder();

export function jsonAnswer(status: number, value: unknown, headers: Record<string, string> = {}): HttpResponse {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: encoder.encode(JSON.stringify(value)) };
}

export const textBody = (text: string): Uint8Array => encoder.encode(text);

/** Who called, as handlers and authorizers are told. */
export function arnOfCaller(caller: Caller): string {
  if (caller.kind === 'role') return caller.roleArn;
  return caller.kind === 'world' ? caller.principalArn : caller.principal;
}
