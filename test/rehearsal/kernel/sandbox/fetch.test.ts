import type { HttpRequest, HttpResponse } from '../../../../rehearsal/cloud/types';
import { VirtualClock } from '../../../../rehearsal/kernel/clock';
import { createRandom } from '../../../../rehearsal/kernel/random';
import { Sandbox } from '../../../../rehearsal/kernel/sandbox/sandbox';
import { folder } from './folder';

const json = (status: number, value: unknown, headers: Record<string, string> = {}): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: new TextEncoder().encode(JSON.stringify(value)),
});

/** What a handler that fetches gives, with the requests that left its sandbox. */
async function fetched(code: string, answer: (request: HttpRequest, clock: VirtualClock) => Promise<HttpResponse>) {
  const clock = new VirtualClock({ startMillis: 0 });
  const requests: HttpRequest[] = [];
  const sandbox = new Sandbox({
    name: 'tested',
    assetDirectory: folder({ 'index.js': `exports.handler = async () => { ${code} };` }),
    env: {},
    clock,
    random: createRandom(1),
    transport: (request) => (requests.push(request), answer(request, clock)),
    print: () => undefined,
    crash: () => undefined,
    unsupported: (what) => new Error(`unsupported: ${what}`),
  });
  const handler = sandbox.load('index')['handler'] as () => Promise<unknown>;
  return { result: await clock.complete(handler()), requests, clock };
}

test('fetch sends over virtual time and answers as fetch does', async () => {
  const { result, requests, clock } = await fetched(
    `const response = await fetch('https://api.example.com/orders?x=1', { method: 'post', headers: { 'X-Id': '7' }, body: '{"a":1}' });
     return { status: response.status, ok: response.ok, type: response.headers.get('content-type'), body: await response.json(), url: response.url };`,
    async (_request, time) => {
      await time.sleep(250);
      return json(201, { id: 5 });
    },
  );
  expect(result).toEqual({ status: 201, ok: true, type: 'application/json', body: { id: 5 }, url: 'https://api.example.com/orders?x=1' });
  expect(clock.now()).toBe(250);
  expect(requests).toMatchObject([
    { method: 'POST', url: 'https://api.example.com/orders?x=1', headers: { 'x-id': '7', 'content-type': 'text/plain;charset=UTF-8' } },
  ]);
  expect(Buffer.from(requests[0]!.body).toString()).toBe('{"a":1}');
});

test('a Request object, a form, and a redirect', async () => {
  const { result, requests } = await fetched(
    `const first = await fetch(new Request('https://a.example.com/', { method: 'PUT', body: new URLSearchParams({ q: 'x y' }) }));
     return [first.status, first.redirected, first.url, await first.text()];`,
    async ({ url }) =>
      url === 'https://a.example.com/' ? json(302, null, { location: '/next' }) : { status: 204, headers: {}, body: new Uint8Array() },
  );
  expect(result).toEqual([204, true, 'https://a.example.com/next', '']);
  expect(requests.map(({ method, body }) => [method, Buffer.from(body).toString()])).toEqual([
    ['PUT', 'q=x+y'],
    ['PUT', 'q=x+y'],
  ]);
});

test('a broken connection and a signal that aborts are errors as of fetch', async () => {
  const broken = async (): Promise<HttpResponse> => {
    throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
  };
  const told = `try { await fetch('https://x.example.com', INIT); } catch (error) { return [error.name, error.message, error.cause?.code]; }`;
  expect((await fetched(told.replace('INIT', '{}'), broken)).result).toEqual(['TypeError', 'fetch failed', 'ECONNRESET']);
  const slow = async (_request: HttpRequest, clock: VirtualClock): Promise<HttpResponse> => {
    await clock.sleep(60_000);
    return json(200, {});
  };
  const aborted = await fetched(told.replace('INIT', '{ signal: AbortSignal.timeout(1000) }'), slow);
  expect((aborted.result as string[])[0]).toBe('TimeoutError');
  expect(aborted.clock.now()).toBeLessThan(60_000);
});

test('digests of Web Crypto are real, and a form with files is refused by name', async () => {
  const never = (): Promise<HttpResponse> => Promise.reject(new Error('nothing is sent'));
  const digest = await fetched(
    `return Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode('abc'))).toString('hex').slice(0, 8);`,
    never,
  );
  expect(digest.result).toBe('ba7816bf');
  await expect(fetched(`return fetch('https://x.example.com', { method: 'POST', body: new FormData() });`, never)).rejects.toThrow(
    /unsupported: fetch with FormData/,
  );
});
