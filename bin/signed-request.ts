import { createHash, createHmac } from 'node:crypto';
import type { AwsCredentialIdentity, Checksum, Provider, SourceData } from '@smithy/types';
import { BadInputError } from '../core/errors';

export interface SignedAnswer {
  status: number;
  body: string;
}

/** How requests leave; tests give their own. */
export interface Transport {
  credentials: Provider<AwsCredentialIdentity>;
  fetch: typeof fetch;
  now: () => Date;
}

// The SDK is loaded only where something is signed.
export const realTransport = (): Transport => ({
  credentials: async () => (await import('@aws-sdk/credential-provider-node')).defaultProvider()(),
  fetch,
  now: () => new Date(),
});

const TIMEOUT_MILLIS = 30_000;

/** POSTs JSON to a function URL as whoever the AWS credentials belong to. */
export const postSigned = (url: string, body: unknown, options: { region?: string }, transport: Transport): Promise<SignedAnswer> =>
  sendSigned('POST', url, JSON.stringify(body), options, transport);

export const getSigned = (url: string, options: { region?: string }, transport: Transport): Promise<SignedAnswer> =>
  sendSigned('GET', url, undefined, options, transport);

async function sendSigned(
  method: 'GET' | 'POST',
  url: string,
  payload: string | undefined,
  options: { region?: string },
  transport: Transport,
): Promise<SignedAnswer> {
  const target = httpsUrl(url);
  const { SignatureV4 } = await import('@smithy/signature-v4');
  const signer = new SignatureV4({
    service: 'lambda',
    region: options.region ?? regionOf(target),
    credentials: await credentialsOf(transport),
    sha256: Sha256,
  });
  const signed = await signer.sign(
    {
      method,
      protocol: target.protocol,
      hostname: target.hostname,
      path: target.pathname,
      query: {},
      headers: { host: target.host, ...(payload === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(payload === undefined ? {} : { body: payload }),
    },
    { signingDate: transport.now() },
  );
  try {
    const headers = Object.fromEntries(Object.entries(signed.headers).filter(([name]) => name !== 'host'));
    const body = payload === undefined ? {} : { body: payload };
    const answer = await transport.fetch(target, { method, headers, ...body, signal: AbortSignal.timeout(TIMEOUT_MILLIS) });
    return { status: answer.status, body: await answer.text() };
  } catch (error) {
    const reason = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
    throw new Error(`${target.host} cannot be reached: ${reason}`, { cause: error });
  }
}

function httpsUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'https:')
    throw new BadInputError(`${url}: is no https URL\n  allowed: a function URL such as https://….lambda-url.eu-west-1.on.aws/`);
  return parsed;
}

function regionOf(url: URL): string {
  const region = /\.lambda-url\.([a-z0-9-]+)\.on\.aws$/.exec(url.hostname)?.[1] ?? process.env['AWS_REGION'];
  if (region === undefined) throw new BadInputError(`${url.host}: does not say its region\n  give --region, or set AWS_REGION`);
  return region;
}

async function credentialsOf(transport: Transport): Promise<AwsCredentialIdentity> {
  try {
    return await transport.credentials();
  } catch (error) {
    throw new Error(
      `no AWS credentials: ${error instanceof Error ? error.message : String(error)}\n  set AWS_PROFILE, or log in with: aws sso login`,
      {
        cause: error,
      },
    );
  }
}

/** SHA-256 as the signer asks for it. */
class Sha256 implements Checksum {
  private readonly secret: SourceData | undefined;
  private hash;

  constructor(secret?: SourceData) {
    this.secret = secret;
    this.hash = this.begin();
  }

  update(data: Uint8Array): void {
    this.hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.hash.digest());
  }

  reset(): void {
    this.hash = this.begin();
  }

  private begin() {
    return this.secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(this.secret));
  }
}

function bytesOf(data: SourceData): Uint8Array | string {
  if (typeof data === 'string') return data;
  return ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
}
