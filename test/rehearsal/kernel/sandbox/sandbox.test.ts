import { UnsupportedError } from '../../../../rehearsal/cloud/types';
import type { HttpRequest, HttpResponse } from '../../../../rehearsal/cloud/types';
import { VirtualClock } from '../../../../rehearsal/kernel/clock';
import { createRandom } from '../../../../rehearsal/kernel/random';
import { Sandbox } from '../../../../rehearsal/kernel/sandbox/sandbox';
import { bundleHandler } from '../../support/bundle';
import { startMillis } from '../../support/harness';

interface Bench {
  clock: VirtualClock;
  sandbox: Sandbox;
  lines: string[];
  crashes: unknown[];
  run(): Promise<unknown>;
}

function bench(
  source: string,
  options: { files?: Record<string, string>; answer?: (request: HttpRequest) => Promise<HttpResponse>; seed?: number } = {},
): Bench {
  const clock = new VirtualClock({ startMillis });
  const lines: string[] = [];
  const crashes: unknown[] = [];
  const sandbox = new Sandbox({
    name: 'tested',
    assetDirectory: bundleHandler(source, options.files),
    env: { GREETING: 'hello' },
    clock,
    random: createRandom(options.seed ?? 1),
    transport: options.answer ?? (() => Promise.reject(new Error('no transport in this test'))),
    print: (line) => lines.push(line),
    crash: (error) => crashes.push(error),
    unsupported: (what) => new UnsupportedError(what),
  });
  return {
    clock,
    sandbox,
    lines,
    crashes,
    run: () => clock.complete(Promise.resolve((sandbox.load('index')['handler'] as () => unknown)())),
  };
}

const run = (source: string, options?: Parameters<typeof bench>[1]) => bench(source, options).run();

describe('Sandbox', () => {
  it('shows virtual time everywhere', async () => {
    const source = `
      import { setTimeout as sleep } from 'node:timers/promises';
      import { performance as hooks } from 'node:perf_hooks';
      export const handler = async () => {
        const start = { date: Date.now(), performance: performance.now(), hooks: hooks.now(), hrtime: process.hrtime.bigint() };
        await sleep(250);
        return {
          now: new Date().toISOString(), called: typeof Date(), isDate: new Date() instanceof Date, fixed: new Date(5).getTime(), utc: Date.UTC(2026, 0),
          date: Date.now() - start.date, performance: performance.now() - start.performance, hooks: hooks.now() - start.hooks,
          hrtime: Number(process.hrtime.bigint() - start.hrtime), uptime: process.uptime(), global: globalThis.Date === Date,
        };
      };`;
    expect(await run(source)).toEqual({
      now: '2026-03-02T09:00:00.250Z',
      called: 'string',
      isDate: true,
      fixed: 5,
      utc: Date.UTC(2026, 0),
      date: 250,
      performance: 250,
      hooks: 250,
      hrtime: 250_000_000,
      uptime: 0.25,
      global: true,
    });
  });

  it('formats the present of virtual time, in the zone of Lambda', async () => {
    const source = `
      export const handler = () => {
        const format = new Intl.DateTimeFormat('en', { dateStyle: 'short', timeStyle: 'long' });
        return [format.format(), Intl.DateTimeFormat('en').formatToParts().map(({ value }) => value).join(''), format.format(new Date(0)), format.resolvedOptions().timeZone,
          new Intl.NumberFormat('de').format(1.5), format instanceof Intl.DateTimeFormat, new Event('x').timeStamp, new Event('x') instanceof Event];
      };`;
    expect(await run(source)).toEqual(['3/2/26, 9:00:00 AM UTC', '3/2/2026', '1/1/70, 12:00:00 AM UTC', 'UTC', '1,5', true, 0, true]);
  });

  it('runs timers, intervals, immediates and abort signals on virtual time', async () => {
    const source = `
      import { promisify } from 'node:util';
      export const handler = async () => {
        const seen = [];
        const interval = setInterval(() => seen.push('interval ' + performance.now()), 100);
        setImmediate(() => seen.push('immediate ' + performance.now()));
        clearTimeout(setTimeout(() => seen.push('never'), 10));
        await promisify(setTimeout)(250);
        clearInterval(interval);
        const signal = AbortSignal.timeout(50);
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        return [...seen, signal.reason.name + ' ' + performance.now()];
      };`;
    expect(await run(source)).toEqual(['immediate 0', 'interval 100', 'interval 200', 'TimeoutError 300']);
  });

  it('draws from its own seed', async () => {
    const source = `
      import { randomBytes, randomInt, randomUUID } from 'node:crypto';
      export const handler = () => [Math.random(), randomUUID(), randomBytes(4).toString('hex'), randomInt(1000), crypto.randomUUID(), [...crypto.getRandomValues(new Uint8Array(3))]];`;
    const one = await run(source);
    expect(await run(source)).toEqual(one);
    expect(await run(source, { seed: 2 })).not.toEqual(one);
  });

  it('loads and reads files of its asset, and nothing else of this machine', async () => {
    const source = `
      import fs from 'node:fs';
      import { readFile } from 'node:fs/promises';
      export const handler = async () => {
        const baseline = require('./baseline.js');
        const refused = (read) => { try { read(); } catch (error) { return error.code ?? error.name; } };
        return [baseline.answer({ a: 1 }), baseline.now(), fs.readFileSync('./rules.txt', 'utf8'), await readFile('rules.txt', 'utf8'),
          fs.existsSync('/etc/passwd'), refused(() => fs.readFileSync('/etc/passwd')), refused(() => fs.writeFileSync('a', 'b')), refused(() => require(['.', 'missing'].join('/')))];
      };`;
    const files = { 'baseline.js': 'exports.answer = (r) => ({ echo: r }); exports.now = () => Date.now();', 'rules.txt': 'rule' };
    expect(await run(source, { files })).toEqual([
      { echo: { a: 1 } },
      startMillis,
      'rule',
      'rule',
      false,
      'ENOENT',
      'EROFS',
      'MODULE_NOT_FOUND',
    ]);
  });

  it('has an environment of its own, and captures what is printed', async () => {
    const test = bench(
      `export const handler = () => { console.log('%s you', process.env.GREETING); console.error('bad'); process.stdout.write('a\\nb'); process.env.X = '1'; return [process.env.HOME, process.pid]; };`,
    );
    expect(await test.run()).toEqual([undefined, 8]);
    test.sandbox.freeze();
    expect(test.lines).toEqual(['hello you', 'bad', 'a', 'b']);
    expect(process.env['X']).toBeUndefined();
  });

  it.each([
    'process.exit(1)',
    `crypto.subtle.sign('HMAC', {}, new Uint8Array(1))`,
    `require('node:net').connect(80)`,
    `require('node:tls').connect(443, 'example.com')`,
    `require('node:dgram').createSocket('udp4')`,
    `require('node:dns').lookup('example.com', () => undefined)`,
    `require('node:http2').connect('https://example.com')`,
    `require('node:child_process').execSync('date')`,
    `new (require('node:worker_threads').Worker)('./index.js')`,
    `new WebSocket('wss://example.com')`,
    `require('node:vm').runInThisContext('1')`,
    `require('node:crypto').generateKeyPairSync('rsa', { modulusLength: 2048 })`,
    `require('node:crypto').createECDH('prime256v1')`,
  ])('refuses %s by name', async (code) => {
    await expect(async () => run(`export const handler = async () => { ${code}; };`)).rejects.toThrow(UnsupportedError);
  });

  it('tells of errors that have no caller', async () => {
    const test = bench(
      `export const handler = () => new Promise((resolve) => { process.nextTick(() => { throw new Error('tick'); }); setTimeout(() => { resolve(1); throw new Error('timer'); }, 5); });`,
    );
    await test.run();
    expect(test.crashes.map((error) => (error as Error).message)).toEqual(['tick', 'timer']);
  });

  it('takes a broken connection that nobody listens to for a crash', async () => {
    const source = `import https from 'node:https'; export const handler = () => new Promise((resolve) => { https.get('https://host.test/'); setTimeout(resolve, 5); });`;
    const test = bench(source, { answer: () => Promise.reject(new Error('broken')) });
    await test.run();
    expect(test.crashes.map(String)).toEqual([expect.stringContaining('broken')]);
  });

  it('stands still while frozen and runs nothing once disposed', async () => {
    const test = bench(`let ticks = 0; setInterval(() => { ticks += 1; }, 10); export const handler = () => ticks;`);
    await test.run();
    test.sandbox.freeze();
    await test.clock.run(startMillis + 1000);
    expect(await test.run()).toBe(0);
    test.sandbox.thaw();
    await test.clock.run(startMillis + 1010);
    expect(await test.run()).toBeGreaterThan(0);
    test.sandbox.dispose();
    await expect(test.clock.drain()).resolves.toBe(true);
  });

  it('sends plain HTTPS requests through the transport', async () => {
    const source = `
      import https from 'node:https';
      export const handler = () => new Promise((resolve, reject) => {
        const request = https.request('https://host.test/path?q=1', { method: 'PUT', headers: { 'Content-Type': 'text/plain' } }, (response) => {
          const chunks = [];
          response.on('data', (chunk) => chunks.push(chunk)).on('end', () => resolve([response.statusCode, response.headers['x-a'], Buffer.concat(chunks).toString()]));
        });
        request.on('error', reject);
        request.write('one ');
        request.end('two');
      });`;
    const seen: HttpRequest[] = [];
    const answer = async (request: HttpRequest): Promise<HttpResponse> => {
      seen.push(request);
      return { status: 201, headers: { 'x-a': 'b' }, body: Buffer.from('done') };
    };
    expect(await run(source, { answer })).toEqual([201, 'b', 'done']);
    expect(seen).toMatchObject([{ method: 'PUT', url: 'https://host.test/path?q=1', headers: { 'content-type': 'text/plain' } }]);
    expect(Buffer.from(seen[0]!.body).toString()).toBe('one two');
  });

  it('polls and gives up in virtual time', async () => {
    const source = `
      import { setTimeout as sleep } from 'node:timers/promises';
      export const handler = async () => {
        const signal = AbortSignal.timeout(3_600_000);
        let polls = 0;
        try { for (;;) { await sleep(60_000 + Math.floor(Math.random() * 1000), undefined, { signal }); polls += 1; } }
        catch (error) { return { polls, name: error.name, millis: Math.round(performance.now()) }; }
      };`;
    const seen = await run(source);
    expect(seen).toEqual({ polls: 59, name: 'AbortError', millis: 3_600_000 });
    expect(await run(source)).toEqual(seen);
  });

  it('lets requests time out and be aborted on virtual time', async () => {
    const source = `
      import https from 'node:https';
      const attempt = (options, prepare) => new Promise((resolve) => {
        const request = https.get({ host: 'host.test', ...options }, () => resolve('answered'));
        request.on('error', (error) => resolve(error.code + ' ' + performance.now()));
        prepare?.(request);
      });
      export const handler = async () => [
        await attempt({}, (request) => request.setTimeout(100, () => request.destroy())),
        await attempt({ signal: AbortSignal.timeout(50) }),
      ];`;
    expect(await run(source, { answer: () => new Promise(() => undefined) })).toEqual(['ECONNRESET 100', 'ABORT_ERR 150']);
  });
});
