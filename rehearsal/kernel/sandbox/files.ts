import fs from 'node:fs';
import path from 'node:path';
import type { SandboxHost } from './host';

type Reader = (file: string, options?: unknown) => unknown;

/** Reading from the asset works; other files do not exist; writing is refused by name. */
export function createFileSystem(host: SandboxHost): { fs: Record<string, unknown>; promises: Record<string, unknown> } {
  const sync: Record<string, Reader> = {
    readFileSync: (file, options) => fs.readFileSync(insideAsset(host, file, 'open'), options as never),
    statSync: (file) => fs.statSync(insideAsset(host, file, 'stat')),
    readdirSync: (file, options) => fs.readdirSync(insideAsset(host, file, 'scandir'), options as never),
    accessSync: (file) => fs.accessSync(insideAsset(host, file, 'access')),
    realpathSync: (file) => insideAsset(host, file, 'realpath'),
  };
  const promises: Record<string, unknown> = {};
  const callbacks: Record<string, unknown> = {};
  for (const [nameSync, read] of Object.entries(sync)) {
    const name = nameSync.slice(0, -'Sync'.length);
    promises[name] = async (file: string, options?: unknown) => read(file, options);
    callbacks[name] = (file: string, ...rest: unknown[]) => {
      const done = rest.pop() as (error: unknown, value?: unknown) => void;
      process.nextTick(() => {
        try {
          done(null, read(file, rest[0]));
        } catch (error) {
          done(error);
        }
      });
    };
  }
  const existsSync = (file: string) => {
    try {
      return fs.existsSync(insideAsset(host, file, 'access'));
    } catch {
      // As fs does: what cannot be reached does not exist.
      return false;
    }
  };
  const allowed = { ...sync, ...callbacks, existsSync, constants: fs.constants };
  const allPromises = withRefusals(host, 'fs/promises', fs.promises, promises);
  return { fs: withRefusals(host, 'fs', fs, { ...allowed, promises: allPromises }), promises: allPromises };
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

function insideAsset(host: SandboxHost, file: unknown, call: string): string {
  const name = file instanceof URL ? file.pathname : String(file);
  const resolved = path.resolve(host.assetDirectory, name);
  if (resolved === host.assetDirectory || resolved.startsWith(`${host.assetDirectory}${path.sep}`)) return resolved;
  throw Object.assign(new Error(`ENOENT: no such file or directory, ${call} '${name}'`), {
    code: 'ENOENT',
    errno: -2,
    syscall: call,
    path: name,
  });
}
