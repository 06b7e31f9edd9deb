import childProcess from 'node:child_process';
import console from 'node:console';
import crypto from 'node:crypto';
import dgram from 'node:dgram';
import dns from 'node:dns';
import { EventEmitter } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import perfHooks from 'node:perf_hooks';
import tls from 'node:tls';
import zlib from 'node:zlib';
import { builtinModules, createRequire, isBuiltin } from 'node:module';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';
import vm from 'node:vm';
import { ClientRequest, readRequestArguments } from '../http-client';
import { createFileSystem, withRefusals } from './files';
import type { SandboxHost } from './host';
import { promisedTimers, timerFunctions } from './timers';
import type { SandboxTimers } from './timers';

/** Modules that neither wait, nor draw, nor reach out. */
const harmless = [
  'assert',
  'assert/strict',
  'async_hooks',
  'buffer',
  'constants',
  'diagnostics_channel',
  'events',
  'punycode',
  'querystring',
  'stream',
  'stream/promises',
  'stream/web',
  'string_decoder',
  'url',
  'util',
  'util/types',
];

const requireBuiltin = createRequire(`${process.cwd()}/`);

/** Gives a sandbox its own version of each Node module, made when first asked for. */
export function createBuiltins(
  host: SandboxHost,
  timers: SandboxTimers,
  globals: Record<string, unknown>,
  requireFrom: (file: string) => NodeJS.Require,
): (name: string) => unknown {
  const makers: Record<string, () => unknown> = {
    child_process: () => withRefusals(host, 'child_process', childProcess, {}),
    console: () => facade(console, globals['console'] as object),
    crypto: () => createCrypto(host, globals),
    dgram: () => withRefusals(host, 'dgram', dgram, {}),
    dns: () => withRefusals(host, 'dns', dns, {}),
    'dns/promises': () => withRefusals(host, 'dns/promises', dns.promises, {}),
    domain: () => createDomain(),
    fs: () => createFileSystem(host).fs,
    'fs/promises': () => createFileSystem(host).promises,
    http: () => createHttp(host, timers, http, 'http:'),
    http2: () => facade(http2, { connect: refused(host, 'http2.connect'), createServer: refused(host, 'http2.createServer') }),
    https: () => createHttp(host, timers, https, 'https:'),
    module: () => createModule(requireFrom),
    net: () => withRefusals(host, 'net', net, { isIP: net.isIP, isIPv4: net.isIPv4, isIPv6: net.isIPv6 }),
    os: () => createOs(host),
    path: () => posixPath,
    'path/posix': () => posixPath,
    perf_hooks: () => facade(perfHooks, { performance: globals['performance'] }),
    process: () => globals['process'],
    timers: () => ({ ...timerFunctions(timers), promises: promisedTimers(timers) }),
    tty: () => ({ isatty: () => false, ReadStream: refused(host, 'tty.ReadStream'), WriteStream: refused(host, 'tty.WriteStream') }),
    'timers/promises': () => promisedTimers(timers),
    tls: () => withRefusals(host, 'tls', tls, {}),
    worker_threads: () => ({
      isMainThread: true,
      threadId: 0,
      parentPort: null,
      workerData: null,
      Worker: refused(host, 'worker_threads.Worker'),
    }),
    readline: () => withRefusals(host, 'readline', readline, {}),
    v8: () => withRefusals(host, 'v8', v8, {}),
    vm: () => withRefusals(host, 'vm', vm, {}),
    zlib: () => createZlib(host),
  };
  const made = new Map<string, unknown>();
  return (specifier) => {
    const name = specifier.replace(/^node:/, '');
    if (made.has(name)) return made.get(name);
    if (harmless.includes(name)) return requireBuiltin(`node:${name}`) as unknown;
    if (!Object.hasOwn(makers, name)) throw host.unsupported(`the Node module "${name}"`);
    const module = makers[name]!();
    made.set(name, module);
    return module;
  };
}

/** Relative paths begin where Lambda's code lies. */
const posixPath: typeof path.posix = createPath();

function createPath(): typeof path.posix {
  const resolve = (...parts: string[]): string => path.posix.resolve('/var/task', ...parts);
  const relative = (from: string, to: string): string => path.posix.relative(resolve(from), resolve(to));
  const own = facade(path.posix, { resolve, relative });
  return Object.assign(own, { posix: own });
}

/** Without any domain in use, as nearly everywhere: code only asks which one it runs in. */
function createDomain(): object {
  const domain = (): object => {
    const run = (callback: () => unknown): unknown => callback();
    const bind = (callback: unknown): unknown => callback;
    return Object.assign(new EventEmitter(), {
      run,
      bind,
      intercept: bind,
      add: () => undefined,
      remove: () => undefined,
      enter: () => undefined,
      exit: () => undefined,
      dispose: () => undefined,
      members: [],
    });
  };
  return { active: null, create: domain, createDomain: domain };
}

/** Bundles of ES modules make a `require` of their own. */
function createModule(requireFrom: (file: string) => NodeJS.Require): object {
  const fileOf = (from: string | URL): string => (String(from).startsWith('file:') ? fileURLToPath(from) : String(from));
  return { createRequire: (from: string | URL) => requireFrom(fileOf(from)), builtinModules, isBuiltin };
}

/** The real module with some members of our own on top. */
function facade<T extends object>(real: T, own: object): T {
  return Object.defineProperties(Object.create(real) as T, Object.getOwnPropertyDescriptors(own));
}

function refused(host: SandboxHost, what: string): () => never {
  return function refusal(): never {
    throw host.unsupported(what);
  };
}

function createHttp(host: SandboxHost, timers: SandboxTimers, real: typeof http | typeof https, protocol: string): object {
  const clientTimers = {
    tick: (action: () => void) => process.nextTick(() => timers.guard(action, [])),
    set: (action: () => void, delayMillis: number) => timers.set(action, delayMillis, []),
    clear: (timer: unknown) => timers.clear(timer),
  };
  const send = async (request: Parameters<SandboxHost['transport']>[0]) => {
    const answer = await host.transport(request);
    await timers.thawed();
    host.working?.();
    return answer;
  };
  const request = (...parameters: unknown[]) => {
    const { options, callback } = readRequestArguments(parameters);
    const clientRequest = new ClientRequest(options, send, clientTimers, protocol);
    if (callback !== undefined) clientRequest.once('response', callback);
    return clientRequest;
  };
  const get = (...parameters: unknown[]) => request(...parameters).end();
  const own = { request, get, ClientRequest, createServer: refused(host, `${protocol.slice(0, -1)}.createServer`) };
  const module = facade(real, own);
  return Object.assign(module, { default: module });
}

function createCrypto(host: SandboxHost, globals: Record<string, unknown>): object {
  const random = host.random.fork('crypto');
  const bytes = (count: number) => Buffer.from(random.bytes(count));
  const fill = <T extends ArrayBufferView>(target: T, offset = 0, size = target.byteLength - offset): T => {
    new Uint8Array(target.buffer, target.byteOffset + offset, size).set(random.bytes(size));
    return target;
  };
  const later = (done: (error: null, value: unknown) => void, value: unknown) => process.nextTick(() => done(null, value));
  const randomBytes = (count: number, done?: (error: null, value: unknown) => void) =>
    done === undefined ? bytes(count) : later(done, bytes(count));
  const randomInt = (low: number, high?: number) => (high === undefined ? random.integer(low) : low + random.integer(high - low));
  const own: Record<string, unknown> = {
    randomBytes,
    pseudoRandomBytes: randomBytes,
    prng: randomBytes,
    rng: randomBytes,
    randomUUID: () => random.uuid(),
    randomInt,
    randomFillSync: fill,
    randomFill: (target: ArrayBufferView, ...rest: unknown[]) => later(rest.pop() as never, fill(target, ...(rest as number[]))),
    getRandomValues: fill,
    webcrypto: globals['crypto'],
    createHmac: hmacMaker(),
  };
  // These answer from a thread of Node's own: not in an order that a run could repeat.
  for (const name of ['pbkdf2', 'scrypt', 'hkdf', 'generateKey', 'generateKeyPair', 'generatePrime', 'checkPrime'])
    own[name] = refused(host, `crypto.${name} (use ${name}Sync)`);
  // These draw from a source that no seed rules.
  const drawing = ['generateKeySync', 'generateKeyPairSync', 'generatePrimeSync', 'createDiffieHellman', 'createECDH', 'publicEncrypt'];
  for (const name of drawing) own[name] = refused(host, `crypto.${name} (its randomness cannot be repeated)`);
  own['subtle'] = (globals['crypto'] as { subtle: unknown }).subtle;
  return facade(crypto, own);
}

/** `createHmac` that prepares each key once: signing uses few keys, and preparing one costs five times what the digest does. */
function hmacMaker(): typeof crypto.createHmac {
  const keptKeys = 64;
  const prepared = new Map<string, crypto.KeyObject>();
  return (algorithm, key, options) => {
    if (typeof key !== 'string' && !Buffer.isBuffer(key)) return crypto.createHmac(algorithm, key, options);
    const bytes = typeof key === 'string' ? Buffer.from(key, (options?.encoding as BufferEncoding | undefined) ?? 'utf8') : key;
    const name = bytes.toString('latin1');
    let known = prepared.get(name);
    if (known === undefined) {
      known = crypto.createSecretKey(bytes);
      if (prepared.size >= keptKeys) prepared.clear();
      prepared.set(name, known);
    }
    return crypto.createHmac(algorithm, known, options);
  };
}

function createOs(host: SandboxHost): object {
  return withRefusals(host, 'os', os, {
    EOL: '\n',
    constants: os.constants,
    devNull: os.devNull,
    arch: () => 'arm64',
    availableParallelism: () => 2,
    cpus: () => [],
    endianness: () => 'LE',
    freemem: () => 64e6,
    homedir: () => '/root',
    hostname: () => 'localhost',
    loadavg: () => [0, 0, 0],
    machine: () => 'aarch64',
    networkInterfaces: () => ({}),
    platform: () => 'linux',
    release: () => '5.10.0',
    tmpdir: () => '/tmp',
    totalmem: () => 128e6,
    type: () => 'Linux',
    uptime: () => host.clock.now() / 1000,
    version: () => '#1 SMP',
  });
}

/** Compression answers on the next tick instead of from a thread. */
function createZlib(host: SandboxHost): object {
  const own: Record<string, unknown> = {};
  for (const name of ['deflate', 'deflateRaw', 'gzip', 'gunzip', 'inflate', 'inflateRaw', 'unzip', 'brotliCompress', 'brotliDecompress']) {
    const compress = (zlib as unknown as Record<string, (data: unknown, options?: unknown) => unknown>)[`${name}Sync`]!;
    own[name] = (data: unknown, ...rest: unknown[]) => {
      const done = rest.pop() as (error: unknown, value?: unknown) => void;
      process.nextTick(() => {
        try {
          done(null, compress(data, rest[0]));
        } catch (error) {
          done(error);
        }
      });
    };
  }
  for (const name of Object.keys(zlib).filter((key) => key.startsWith('create'))) own[name] = refused(host, `zlib.${name}`);
  return facade(zlib, own);
}
