import { createHash, createHmac } from 'node:crypto';
import { AwsError } from '../cloud/types';
import type { Caller, HttpRequest } from '../cloud/types';
import type { CredentialStore } from './credentials';

/** Who signed a URL whose query carries the signature; undefined: it carries none. What is not as it was signed, or too old, is refused. */
export function presigner(credentials: CredentialStore, url: URL, request: HttpRequest, nowMillis: number): Caller | undefined {
  const { searchParams: query } = url;
  const signature = query.get('X-Amz-Signature');
  if (signature === null) return undefined;
  const [accessKeyId = '', ...scope] = (query.get('X-Amz-Credential') ?? '').split('/');
  const known = credentials.byAccessKey(accessKeyId);
  if (known === undefined) {
    throw new AwsError('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', 403);
  }
  const date = query.get('X-Amz-Date') ?? '';
  const expiresMillis = millisOf(date) + Number(query.get('X-Amz-Expires')) * 1000;
  if (!(nowMillis <= expiresMillis)) {
    const members = { Expires: new Date(expiresMillis).toISOString(), ServerTime: new Date(nowMillis).toISOString() };
    throw new AwsError('AccessDenied', 'Request has expired', 403, members);
  }
  const toSign = ['AWS4-HMAC-SHA256', date, scope.join('/'), hash(canonicalRequest(url, request))].join('\n');
  const key = scope.reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${known.secretAccessKey}`);
  if (hmac(key, toSign).toString('hex') === signature) return known.caller;
  throw new AwsError(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    403,
  );
}

/** Parameters of the query that carry the signature, in small letters. */
export const signatureParameters = new Set(
  ['Algorithm', 'Credential', 'Date', 'Expires', 'SignedHeaders', 'Signature', 'Security-Token'].map(
    (name) => `x-amz-${name.toLowerCase()}`,
  ),
);

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

const millisOf = (date: string): number => Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** The request as it was signed: with the headers that the signature names, whatever the body. */
function canonicalRequest(url: URL, { method, headers }: HttpRequest): string {
  const { searchParams: query } = url;
  const path = url.pathname.split('/').map((part) => encoded(decodeURIComponent(part)));
  const parameters = [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort();
  const signed = (query.get('X-Amz-SignedHeaders') ?? '').split(';');
  const given = new Map(Object.entries({ host: url.host, ...headers }).map(([name, value]) => [name.toLowerCase(), value]));
  const values = signed.map((name) => `${name}:${(given.get(name) ?? '').trim().replace(/ +/g, ' ')}\n`);
  const payload = query.get('X-Amz-Content-Sha256') ?? query.get('x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD';
  return [method, path.join('/'), parameters.join('&'), values.join(''), signed.join(';'), payload].join('\n');
}
