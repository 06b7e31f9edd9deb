import type { HttpResponse } from '../../cloud/types';
import type { SandboxHost } from './host';
import type { SandboxTimers } from './timers';

const MOST_REDIRECTS = 20;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const WITHOUT_BODY = new Set([204, 205, 304]);

interface Asked {
  method: string;
  url: string;
  headers: Headers;
  body: Uint8Array;
}

/** The global `fetch`: requests go where those of `https` go, and answers come over virtual time. */
export function createFetch(host: SandboxHost, timers: SandboxTimers): typeof fetch {
  return async (input, init = {}) => {
    const asked = await readRequest(host, input, init);
    const signal = init.signal ?? (input instanceof Request ? input.signal : undefined);
    return abortable(signal ?? undefined, follow(host, timers, asked, init.redirect ?? 'follow'));
  };
}

async function readRequest(host: SandboxHost, input: Parameters<typeof fetch>[0], init: RequestInit): Promise<Asked> {
  const from = input instanceof Request ? input : undefined;
  const headers = new Headers(init.headers ?? from?.headers);
  const given = init.body ?? (from === undefined ? null : new Uint8Array(await from.arrayBuffer()));
  // Its boundary would differ from run to run.
  if (given instanceof FormData) throw host.unsupported('fetch with FormData (send text or bytes)');
  const type = contentTypeOf(given);
  if (type !== undefined && !headers.has('content-type')) headers.set('content-type', type);
  for (const [name, value] of [
    ['accept', '*/*'],
    ['user-agent', 'node'],
  ] as const)
    if (!headers.has(name)) headers.set(name, value);
  const url = new URL(from?.url ?? String(input));
  return { method: (init.method ?? from?.method ?? 'GET').toUpperCase(), url: url.href, headers, body: await bytesOf(given) };
}

function contentTypeOf(body: unknown): string | undefined {
  if (typeof body === 'string') return 'text/plain;charset=UTF-8';
  return body instanceof URLSearchParams ? 'application/x-www-form-urlencoded;charset=UTF-8' : undefined;
}

async function bytesOf(body: unknown): Promise<Uint8Array> {
  if (body === null || body === undefined) return new Uint8Array(0);
  if (typeof body === 'string' || body instanceof URLSearchParams) return new TextEncoder().encode(String(body));
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  return new Uint8Array(await new Response(body as ConstructorParameters<typeof Response>[0]).arrayBuffer());
}

async function follow(host: SandboxHost, timers: SandboxTimers, asked: Asked, redirect: string): Promise<Response> {
  let { method, url, body } = asked;
  for (let redirects = 0; ; redirects += 1) {
    const answer = await send(host, timers, { method, url, headers: asked.headers, body });
    const location = answer.headers['location'];
    if (!REDIRECTS.has(answer.status) || location === undefined || redirect === 'manual') return responseOf(answer, url, redirects > 0);
    if (redirect === 'error' || redirects >= MOST_REDIRECTS)
      throw new TypeError('fetch failed', { cause: new Error('unexpected redirect') });
    url = new URL(location, url).href;
    if (answer.status === 303 || (method === 'POST' && answer.status < 303)) {
      method = 'GET';
      body = new Uint8Array(0);
    }
  }
}

async function send(host: SandboxHost, timers: SandboxTimers, { method, url, headers, body }: Asked): Promise<HttpResponse> {
  try {
    return await host.transport({ method, url, headers: Object.fromEntries(headers), body });
  } catch (error) {
    // As fetch shows a connection that breaks.
    if (typeof (error as { code?: unknown }).code === 'string') throw new TypeError('fetch failed', { cause: error });
    throw error;
  } finally {
    await timers.thawed();
    host.working?.();
  }
}

async function responseOf(answer: HttpResponse, url: string, redirected: boolean): Promise<Response> {
  const parts: Uint8Array[] = [answer.body];
  if (answer.chunks !== undefined) for await (const chunk of answer.chunks) parts.push(chunk);
  const body = WITHOUT_BODY.has(answer.status) ? null : Buffer.concat(parts);
  const response = new Response(body, { status: answer.status, headers: answer.headers });
  return Object.defineProperties(response, { url: { value: url }, redirected: { value: redirected } });
}

function abortable<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
