import { AwsError, UnsupportedError } from '../cloud/types';
import type { Caller, Cloud, HttpRequest, HttpResponse } from '../cloud/types';
import type { CredentialStore } from './credentials';
import { serviceAtHost } from './endpoints';
import { NoAnswerError } from './faults';
import { presigner } from './presigned';
import { decodeRequest, encodeAnswer, encodeError } from './wire/codec';
import type { WireRequest, WireResponse } from './wire/message';

export type HostAnswer = (request: HttpRequest, caller: Caller | undefined) => HttpResponse | Promise<HttpResponse>;

/** A connection that breaks instead of answering, as the `error` event of a request shows it. */
export class ConnectionError extends Error {
  constructor(readonly code: string) {
    super(`${code}: the connection was broken by a fault of the scenario`);
    this.name = 'Error';
  }
}

/** Error names of faults that break the connection rather than answer. */
const connectionErrors = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND']);

const longestSilenceMillis = 900_000;

/** Brings each HTTPS request of a handler to the service, function URL or host it is meant for. Nothing leaves the laptop. */
export class HttpRouter {
  private readonly hosts = new Map<string, HostAnswer>();
  private matchers: { matches: (host: string) => boolean; answer: HostAnswer }[] = [];
  private requests = 0;
  private date = { second: NaN, text: '' };

  constructor(
    private readonly cloud: Cloud,
    private readonly credentials: CredentialStore,
  ) {}

  onHost(host: string, answer: HostAnswer): void {
    this.hosts.set(host.toLowerCase(), answer);
  }

  removeHost(host: string): void {
    this.hosts.delete(host.toLowerCase());
  }

  /** Hosts that only their owner can tell (function URLs). */
  onHosts(matches: (host: string) => boolean, answer: HostAnswer): void {
    this.matchers.push({ matches, answer });
  }

  /** Who signed is read from the request, unless the scenario's world says who it is. */
  async answer(request: HttpRequest, signer?: Caller): Promise<HttpResponse> {
    const url = new URL(request.url);
    const host = url.host.toLowerCase();
    const answer = this.hosts.get(host) ?? this.matchers.find((matcher) => matcher.matches(host))?.answer;
    if (answer !== undefined)
      return this.dated(await answer(request, signer ?? this.credentials.callerOf(request.headers['authorization'])));
    const target = serviceAtHost(host);
    if (target === undefined) {
      throw new UnsupportedError(
        `A handler sent ${request.method} ${url.origin}${url.pathname}, which is neither an AWS service that the laptop cloud has nor a host of the rehearsal. Nothing leaves the laptop.`,
      );
    }
    if (target.region !== undefined && target.region !== this.cloud.region) {
      throw new UnsupportedError(`A handler called ${host}, but the rehearsal runs in the region ${this.cloud.region} alone.`);
    }
    return this.dated(await this.answerService(target.service, url, request, signer));
  }

  private async answerService(service: string, url: URL, request: HttpRequest, signer?: Caller): Promise<WireResponse> {
    this.requests += 1;
    const requestId = requestIdOf(this.requests);
    const wire: WireRequest = {
      method: request.method,
      host: url.host.toLowerCase(),
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: request.body,
    };
    let response: WireResponse;
    try {
      const caller = signer ?? this.signerOf(service, url, request);
      const { operation, input } = decodeRequest(service, wire);
      if (caller === undefined) throw unsigned(service);
      const output = await this.cloud.call(service, operation, input, caller);
      response = encodeAnswer(service, operation, output, requestId);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (error instanceof NoAnswerError) await this.neverAnswer();
      if (connectionErrors.has(error.code)) throw new ConnectionError(error.code);
      response = encodeError(service, error, requestId);
    }
    response.headers['x-amzn-requestid'] = requestId;
    if (service === 's3') response.headers['x-amz-request-id'] = requestId;
    return response;
  }

  private signerOf(service: string, url: URL, request: HttpRequest): Caller | undefined {
    const caller = this.credentials.callerOf(request.headers['authorization']);
    if (caller !== undefined || service !== 's3') return caller;
    return presigner(this.credentials, url, request, this.cloud.clock.now());
  }

  /** Holds the connection for as long as any function may run: the handler's SDK gives up as it is set to. */
  private async neverAnswer(): Promise<never> {
    await this.cloud.clock.sleep(longestSilenceMillis);
    throw new ConnectionError('ETIMEDOUT');
  }

  /** A real `Date` would make the SDK see clock skew and try every refused request twice. */
  private dated(response: HttpResponse): HttpResponse {
    const headers: Record<string, string> = { date: this.dateText(), ...response.headers };
    if (response.chunks === undefined) headers['content-length'] ??= String(response.body.byteLength);
    return { ...response, headers };
  }

  private dateText(): string {
    const second = Math.floor(this.cloud.clock.now() / 1000);
    if (second !== this.date.second) this.date = { second, text: new Date(second * 1000).toUTCString() };
    return this.date.text;
  }
}

/** S3 knows unsigned requests, and lets none in here. */
const unsigned = (service: string): AwsError =>
  service === 's3'
    ? new AwsError('AccessDenied', 'Access Denied', 403)
    : new AwsError('MissingAuthenticationToken', 'Missing Authentication Token', 403);

function requestIdOf(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}
