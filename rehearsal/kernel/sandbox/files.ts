import fs from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { SandboxHost } from './host';
import { TemporaryFiles } from './temporary-files';

type Call = (...parameters: unknown[]) => unknown;

/** Where Lambda unpacks a function's code. */
const TASK_ROOT = /^\/var\/task(?=\/|$)/;

/** Calls that look at files of the asset, where `/tmp` has one of the same name. */
const READS = ['readFileSync', 'statSync', 'lstatSync', 'readdirSync', 'accessSync', 'realpathSync'] as const;
/** Calls that only `/tmp` takes. */
const WRITES = ['writeFileSync', 'appendFileSync', 'mkdirSync', 'mkdtempSync', 'unlinkSync', 'rmdirSync', 'rmSync', 'renameSync'] as const;
const words: Partial<Record<string, string>> = {
  readFileSync: 'open',
  readdirSync: 'scandir',
  writeFileSync: 'open',
  appendFileSync: 'open',
};

/** As on Lambda, where code and layers cannot be written. */
const readOnly = (call: string, file: unknown): Error =>
  Object.assign(new Error(`EROFS: read-only file system, ${call} '${String(file)}'`), {
    code: 'EROFS',
    errno: -30,
    syscall: call,
    path: String(file),
  });

/** Files of the asset can be read, those in `/tmp` written as well; others do not exist, and nothing is written elsewhere. */
export function createFileSystem(host: SandboxHost): { fs: Record<string, unknown>; promises: Record<string, unknown> } {
  const temporary = new TemporaryFiles(() => host.clock.now(), [host.assetDirectory, ...(host.layers ?? [])]);
  const sync: Record<string, Call> = {};
  for (const name of READS) sync[name] = readsOf(host, temporary, name);
  for (const name of WRITES) sync[name] = writesOf(temporary, name);
  sync['copyFileSync'] = (from, to) => {
    const target = temporary.at(to);
    if (target === undefined) throw readOnly('copyfile', to);
    temporary.copyIn(target, sync['readFileSync']!(from) as Uint8Array);
  };
  const promises: Record<string, unknown> = {};
  const callbacks: Record<string, unknown> = {};
  for (const [nameSync, call] of Object.entries(sync)) {
    const name = nameSync.slice(0, -'Sync'.length);
    promises[name] = async (...parameters: unknown[]) => call(...parameters);
    callbacks[name] = withCallback(call);
  }
  const existsSync = (file: unknown): boolean => {
    const own = temporary.at(file);
    return own === undefined ? existsInAsset(host, file) : temporary.exists(own);
  };
  const streams = {
    createReadStream: (file: unknown, options?: never) => {
      const own = temporary.at(file);
      return own === undefined
        ? Readable.from([sync['readFileSync']!(file)], { objectMode: false })
        : temporary.createReadStream(own, options);
    },
    createWriteStream: (file: unknown, options?: never) => {
      const own = temporary.at(file);
      if (own === undefined) throw readOnly('open', file);
      return temporary.createWriteStream(own, options);
    },
  };
  const allowed = { ...sync, ...callbacks, ...streams, existsSync, constants: fs.constants };
  const allPromises = withRefusals(host, 'fs/promises', fs.promises, { ...promises, constants: fs.constants });
  return { fs: withRefusals(host, 'fs', fs, { ...allowed, promises: allPromises }), promises: allPromises };
}

function readsOf(host: SandboxHost, temporary: TemporaryFiles, name: (typeof READS)[number]): Call {
  const call = words[name] ?? name.replace('Sync', '');
  const own = (name === 'lstatSync' ? 'statSync' : name) as 'statSync';
  return (file, options) => {
    const inTemporary = temporary.at(file);
    if (inTemporary !== undefined) return temporary[own](inTemporary, options as never);
    const inside = insideAsset(host, file, call);
    return name === 'realpathSync' ? inside : (fs[name] as Call)(inside, options);
  };
}

function writesOf(temporary: TemporaryFiles, name: (typeof WRITES)[number]): Call {
  return (file, ...rest) => {
    const own = temporary.at(file);
    const second = name === 'renameSync' ? temporary.at(rest[0]) : '';
    if (own === undefined || second === undefined)
      throw readOnly(words[name] ?? name.replace('Sync', ''), own === undefined ? file : rest[0]);
    // mkdtemp's prefix may end with a slash, which `at` leaves out.
    const target = name === 'mkdtempSync' && String(file).endsWith('/') ? `${own}/` : own;
    return (temporary[name] as Call).call(temporary, target, ...(name === 'renameSync' ? [second] : rest));
  };
}

const withCallback =
  (call: Call) =>
  (...parameters: unknown[]): void => {
    const done = parameters.pop() as (error: unknown, value?: unknown) => void;
    process.nextTick(() => {
      let value: unknown;
      try {
        value = call(...parameters);
      } catch (error) {
        done(error);
        return;
      }
      done(null, value);
    });
  };

function existsInAsset(host: SandboxHost, file: unknown): boolean {
  try {
    return fs.existsSync(insideAsset(host, file, 'access'));
  } catch {
    // As fs does: what cannot be reached does not exist.
    return false;
  }
}

/** The module's functions all refuse, but for the ones given. */
export function withRefusals(host: SandboxHost, moduleName: string, real: object, given: Record<string, unknown>): Record<string, unknown> {
  const facade: Record<string, unknown> = {};
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(real))) {
    if (name === 'default' || typeof descriptor.value !== 'function') continue;
    facade[name] = function refused(): never {
      throw host.unsupported(`${moduleName}.${name}`);
    };
  }
  return Object.assign(facade, given);
}

/** The asset's folder and, as `/opt`, those of the layers. */
function insideAsset(host: SandboxHost, file: unknown, call: string): string {
  const name = file instanceof URL ? file.pathname : String(file);
  const resolved = path.resolve(host.assetDirectory, name.replace(TASK_ROOT, host.assetDirectory));
  const isInside = (root: string): boolean => resolved === root || resolved.startsWith(`${root}${path.sep}`);
  if (isInside(host.assetDirectory) || (host.layers ?? []).some(isInside)) return resolved;
  if (resolved.startsWith('/opt/'))
    for (const layer of host.layers ?? []) {
      const inLayer = path.join(layer, resolved.slice('/opt/'.length));
      if (fs.existsSync(inLayer)) return inLayer;
    }
  throw Object.assign(new Error(`ENOENT: no such file or directory, ${call} '${name}'`), {
    code: 'ENOENT',
    errno: -2,
    syscall: call,
    path: name,
  });
}
