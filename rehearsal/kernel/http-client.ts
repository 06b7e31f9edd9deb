import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import type { HttpRequest, HttpResponse } from '../cloud/types';

/** Sends one request and gives its answer; fails as the connection would. */
export type Transport = (request: HttpRequest) => Promise<HttpResponse>;

export interface RequestOptions {
  protocol?: string;
  host?: string;
  hostname?: string;
  port?: number | string | null;
  path?: string;
  method?: string;
  headers?: Record<string, string | number | string[]> | string[];
  auth?: string | null;
  signal?: AbortSignal;
  timeout?: number;
}

interface Timers {
  /** Runs on the next tick; what listeners throw goes to the sandbox's owner. */
  tick(action: () => void): void;
  set(action: () => void, delayMillis: number): unknown;
  clear(handle: unknown): void;
}

/** A socket for those who set its options or its idle timeout; it carries nothing. */
class ClientSocket extends EventEmitter {
  readonly connecting = false;
  destroyed = false;
  readonly remoteAddress = '192.0.2.1';
  private timeout: unknown;

  constructor(private readonly timers: Timers) {
    super();
  }

  setKeepAlive(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  setTimeout(millis: number, listener?: () => void): this {
    this.clearTimeout();
    if (listener !== undefined) this.once('timeout', listener);
    if (millis > 0) this.timeout = this.timers.set(() => this.emit('timeout'), millis);
    return this;
  }

  clearTimeout(): void {
    if (this.timeout !== undefined) this.timers.clear(this.timeout);
    this.timeout = undefined;
  }

  destroy(): this {
    this.destroyed = true;
    this.clearTimeout();
    return this;
  }
}

/** The answer, as `http` gives it: a stream with status and headers. */
class ClientResponse extends Readable {
  readonly statusCode: number;
  readonly statusMessage = '';
  readonly httpVersion = '1.1';
  readonly headers: Record<string, string>;
  readonly rawHeaders: string[];
  complete = false;
  private coming: AsyncIterator<Uint8Array> | undefined;
  private asked = false;

  constructor(
    answer: HttpResponse,
    readonly socket: ClientSocket,
    private readonly timers: Timers,
  ) {
    super();
    this.statusCode = answer.status;
    this.headers = answer.headers;
    this.rawHeaders = Object.entries(answer.headers).flat();
    if (answer.chunks !== undefined) {
      this.coming = answer.chunks[Symbol.asyncIterator]();
      return;
    }
    this.give(answer.body);
    this.push(null);
    this.complete = true;
  }

  /** A body that comes at once was pushed at once; else the next part is waited for when somebody reads. */
  override _read(): void {
    if (this.coming === undefined || this.asked) return;
    this.asked = true;
    this.coming.next().then(
      ({ value, done }) => this.timers.tick(() => this.took(value as Uint8Array | undefined, done === true)),
      () => this.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' })),
    );
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    // Whoever sends hears that nobody reads any more.
    void this.coming?.return?.();
    super._destroy(error, callback);
  }

  private took(chunk: Uint8Array | undefined, done: boolean): void {
    this.asked = false;
    if (this.destroyed) return;
    if (done) {
      this.complete = true;
      this.push(null);
    } else if (chunk === undefined || chunk.byteLength === 0) this._read();
    else this.give(chunk);
  }

  private give({ buffer, byteOffset, byteLength }: Uint8Array): void {
    if (byteLength > 0) this.push(Buffer.from(buffer, byteOffset, byteLength));
  }

  /** All of the body is here: one write passes it on, without the turns that streams take to agree on each chunk. */
  override pipe<T extends NodeJS.WritableStream>(destination: T, options?: { end?: boolean }): T {
    if (options?.end === false || this.readableFlowing !== null || this.coming !== undefined) return super.pipe(destination, options);
    destination.emit('pipe', this);
    this.timers.tick(() => {
      if (this.destroyed) return;
      const body = this.read() as Buffer | null;
      if (body === null) destination.end();
      else destination.end(body);
    });
    return destination;
  }

  setTimeout(): this {
    return this;
  }
}

/** `http.ClientRequest` without a socket: collects the body, sends it on, and answers through the usual events. */
export class ClientRequest extends EventEmitter {
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly protocol: string;
  destroyed = false;
  writableEnded = false;
  writableFinished = false;
  aborted = false;
  reusedSocket = false;
  res: ClientResponse | undefined;
  readonly socket: ClientSocket;
  private readonly headers: Record<string, string> = {};
  private readonly chunks: Uint8Array[] = [];
  private closed = false;

  constructor(
    options: RequestOptions,
    private readonly transport: Transport,
    private readonly timers: Timers,
    defaultProtocol: string,
  ) {
    super();
    this.protocol = options.protocol ?? defaultProtocol;
    this.method = (options.method ?? 'GET').toUpperCase();
    this.path = options.path ?? '/';
    const name = options.hostname ?? options.host ?? 'localhost';
    const port = Number(options.port ?? 0);
    this.host = port === 0 || port === 80 || port === 443 ? name : `${name}:${port}`;
    this.socket = new ClientSocket(timers);
    readHeaders(options.headers, (header, value) => this.setHeader(header, value));
    if (options.auth) this.setHeader('authorization', `Basic ${Buffer.from(options.auth).toString('base64')}`);
    if (options.timeout !== undefined) this.setTimeout(options.timeout);
    options.signal?.addEventListener('abort', () => this.destroy(abortError()), { once: true });
    timers.tick(() => {
      if (this.destroyed) return;
      this.emit('socket', this.socket);
      if (this.headers['expect'] === '100-continue') this.emit('continue');
    });
  }

  get connection(): ClientSocket {
    return this.socket;
  }

  setHeader(name: string, value: string | number | readonly string[]): this {
    this.headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : String(value);
    return this;
  }

  getHeader(name: string): string | undefined {
    return this.headers[name.toLowerCase()];
  }

  getHeaders(): Record<string, string> {
    return { ...this.headers };
  }

  hasHeader(name: string): boolean {
    return name.toLowerCase() in this.headers;
  }

  removeHeader(name: string): void {
    delete this.headers[name.toLowerCase()];
  }

  flushHeaders(): void {
    // Headers go out with the body.
  }

  setNoDelay(): void {
    // There is no socket that could delay.
  }

  setSocketKeepAlive(): void {
    // There is no socket to keep alive.
  }

  setTimeout(millis: number, listener?: () => void): this {
    if (listener !== undefined) this.once('timeout', listener);
    this.socket.setTimeout(millis, () => this.emit('timeout'));
    return this;
  }

  write(chunk: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean {
    if (this.destroyed || this.writableEnded) return false;
    this.chunks.push(
      typeof chunk === 'string' ? Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8') : chunk,
    );
    const written = typeof encoding === 'function' ? encoding : callback;
    if (typeof written === 'function') this.timers.tick(written as () => void);
    return true;
  }

  end(chunk?: unknown, encoding?: unknown, callback?: unknown): this {
    if (typeof chunk === 'function') return this.end(undefined, undefined, chunk);
    if (typeof encoding === 'function') return this.end(chunk, undefined, encoding);
    if (this.writableEnded || this.destroyed) return this;
    if (chunk !== undefined && chunk !== null) this.write(chunk as string | Uint8Array, encoding);
    this.writableEnded = true;
    this.writableFinished = true;
    if (typeof callback === 'function') this.once('finish', callback as () => void);
    this.send();
    return this;
  }

  abort(): void {
    this.aborted = true;
    this.destroy();
  }

  destroy(error?: Error): this {
    if (this.destroyed) return this;
    this.destroyed = true;
    this.socket.destroy();
    if (this.res !== undefined && !this.res.readableEnded) this.res.destroy(error);
    this.timers.tick(() => {
      if (this.res === undefined) this.emit('error', error ?? Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
      this.close();
    });
    return this;
  }

  private send(): void {
    const [first] = this.chunks;
    const body = this.chunks.length === 1 && first !== undefined ? first : new Uint8Array(Buffer.concat(this.chunks));
    const request: HttpRequest = { method: this.method, url: `${this.protocol}//${this.host}${this.path}`, headers: this.headers, body };
    this.timers.tick(() => void this.emit('finish'));
    this.transport(request).then(
      (answer) => this.timers.tick(() => this.receive(answer)),
      (error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
    );
  }

  private receive(answer: HttpResponse): void {
    if (this.destroyed) return;
    this.socket.clearTimeout();
    const response = new ClientResponse(this.method === 'HEAD' ? { ...answer, body: new Uint8Array(0) } : answer, this.socket, this.timers);
    this.res = response;
    response.once('close', () => this.close());
    // Nobody listens: the body is thrown away, as http does.
    if (!this.emit('response', response)) response.resume();
  }

  private close(): void {
    if (this.closed) return;
    this.closed = true;
    this.socket.clearTimeout();
    this.emit('close');
  }
}

function readHeaders(headers: RequestOptions['headers'], set: (name: string, value: string | number | string[]) => void): void {
  if (Array.isArray(headers)) {
    for (let index = 0; index + 1 < headers.length; index += 2) set(headers[index]!, headers[index + 1]!);
    return;
  }
  for (const [name, value] of Object.entries(headers ?? {})) set(name, value);
}

function abortError(): Error {
  return Object.assign(new Error('The operation was aborted'), { name: 'AbortError', code: 'ABORT_ERR' });
}

/** The arguments of `http.request(url, options, callback)` in all their forms. */
export function readRequestArguments(parameters: unknown[]): { options: RequestOptions; callback?: (response: unknown) => void } {
  const rest = [...parameters];
  let options: RequestOptions = {};
  if (typeof rest[0] === 'string' || rest[0] instanceof URL) {
    const url = new URL(String(rest.shift()));
    options = {
      protocol: url.protocol,
      hostname: url.hostname,
      port: url.port === '' ? null : url.port,
      path: `${url.pathname}${url.search}`,
    };
  }
  if (typeof rest[0] === 'object' && rest[0] !== null) options = { ...options, ...(rest.shift() as RequestOptions) };
  const callback = rest[0];
  return typeof callback === 'function' ? { options, callback: callback as (response: unknown) => void } : { options };
}
