import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { createGlobals, globalNames } from './globals';
import type { SandboxHost } from './host';
import { createBuiltins } from './modules';
import { createProcess, LineStream } from './process';
import { SandboxTimers } from './timers';

type Compiled = (...parameters: unknown[]) => void;

const moduleNames = ['exports', 'require', 'module', '__filename', '__dirname'];
const compiledFiles = new Map<string, { source: string; run: Compiled }>();

/** One environment in which a handler bundle runs: module state of its own, virtual time, seeded randomness, no way out but `transport`. */
export class Sandbox {
  private readonly timers: SandboxTimers;
  private readonly globals: Record<string, unknown>;
  private readonly builtin: (name: string) => unknown;
  private readonly loaded = new Map<string, { exports: unknown }>();
  private readonly streams: { stdout: LineStream; stderr: LineStream };
  private readonly root: string;

  constructor(private readonly host: SandboxHost) {
    this.root = realpathSync(host.assetDirectory);
    const print = (line: string) => host.print(line);
    this.streams = { stdout: new LineStream(1, print), stderr: new LineStream(2, print) };
    this.timers = new SandboxTimers(host);
    const process = createProcess(host, this.timers, this.streams);
    this.globals = createGlobals(host, this.timers, process, this.streams);
    this.builtin = createBuiltins(host, this.timers, this.globals);
  }

  /** The environment as the code sees it; what it writes to it stays. */
  get env(): NodeJS.ProcessEnv {
    return (this.globals['process'] as NodeJS.Process).env;
  }

  /** Exports of a file of the asset, e.g. `index` or `./baseline.js`. */
  load(file: string): Record<string, unknown> {
    return this.require(file.startsWith('.') ? file : `./${file}`, this.root) as Record<string, unknown>;
  }

  freeze(): void {
    this.streams.stdout.flush();
    this.streams.stderr.flush();
    this.timers.freeze();
  }

  thaw(): void {
    this.timers.thaw();
  }

  dispose(): void {
    this.timers.dispose();
  }

  private require(specifier: string, directory: string): unknown {
    if (specifier.startsWith('.') || path.isAbsolute(specifier))
      return this.loadFile(this.resolve(path.resolve(directory, specifier), specifier));
    return this.builtin(specifier);
  }

  private resolve(target: string, specifier: string): string {
    const candidates = [target, `${target}.js`, `${target}.cjs`, `${target}.json`, path.join(target, 'index.js')];
    const found = candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile());
    if (found === undefined || !found.startsWith(`${this.root}${path.sep}`)) {
      throw Object.assign(new Error(`Cannot find module '${specifier}' in the asset of ${this.host.name}`), { code: 'MODULE_NOT_FOUND' });
    }
    return found;
  }

  private loadFile(file: string): unknown {
    const before = this.loaded.get(file);
    if (before !== undefined) return before.exports;
    const module: { exports: unknown } = { exports: {} };
    this.loaded.set(file, module);
    if (file.endsWith('.json')) {
      module.exports = JSON.parse(readFileSync(file, 'utf8')) as unknown;
      return module.exports;
    }
    const directory = path.dirname(file);
    const require = Object.assign((specifier: string) => this.require(specifier, directory), {
      resolve: (specifier: string) => this.resolve(path.resolve(directory, specifier), specifier),
      cache: {},
      main: undefined,
    });
    try {
      compile(file)(module.exports, require, module, file, directory, ...globalNames.map((name) => this.globals[name]));
    } catch (error) {
      this.loaded.delete(file);
      throw error;
    }
    return module.exports;
  }
}

/** Each file is compiled once; every environment runs the same compiled code with globals of its own. */
function compile(file: string): Compiled {
  const source = readFileSync(file, 'utf8').replace(/^#!.*/, '');
  const known = compiledFiles.get(file);
  if (known?.source === source) return known.run;
  const run = vm.compileFunction(source, [...moduleNames, ...globalNames], { filename: file }) as Compiled;
  compiledFiles.set(file, { source, run });
  return run;
}
