import { existsSync, readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { compile, isEsModuleSyntax } from './compile';
import { EsModules } from './es-modules';
import { createGlobals, globalNames } from './globals';
import type { SandboxHost } from './host';
import { createBuiltins } from './modules';
import { createProcess, LineStream } from './process';
import { ModuleResolver, type ModuleKind } from './resolve';
import { SandboxTimers } from './timers';

/** Where Lambda unpacks a function's code. */
const TASK_ROOT = '/var/task';

const resolvers = new Map<string, ModuleResolver>();

/** Environments of the same code share what is known of its modules. */
function resolverOf({ assetDirectory, layers = [], project = [], sdk = 3 }: SandboxHost): ModuleResolver {
  const key = JSON.stringify([assetDirectory, layers, project, sdk]);
  const known = resolvers.get(key) ?? new ModuleResolver({ task: assetDirectory, layers, project, sdk });
  resolvers.set(key, known);
  return known;
}

/** One environment in which a handler bundle runs: module state of its own, virtual time, seeded randomness, no way out but `transport`. */
export class Sandbox {
  private readonly timers: SandboxTimers;
  private readonly globals: Record<string, unknown>;
  private readonly builtin: (name: string) => unknown;
  private readonly loaded = new Map<string, { exports: unknown }>();
  private readonly streams: { stdout: LineStream; stderr: LineStream };
  private readonly resolver: ModuleResolver;
  private readonly esModules: EsModules;

  constructor(private readonly host: SandboxHost) {
    this.resolver = resolverOf(host);
    const print = (line: string) => host.print(line);
    this.streams = { stdout: new LineStream(1, print), stderr: new LineStream(2, print) };
    this.timers = new SandboxTimers(host);
    const process = createProcess(host, this.timers, this.streams);
    this.globals = createGlobals(host, this.timers, process, this.streams);
    this.builtin = createBuiltins(host, this.timers, this.globals, (file) => this.requireFrom(path.dirname(this.realPath(file))));
    this.esModules = new EsModules({
      globals: this.globals,
      locate: (specifier, directory) => (isBuiltin(specifier) ? undefined : this.locate(specifier, directory, 'import')),
      isEsModule: (file) => this.isEsModule(file),
      require: (specifierOrFile) => (isBuiltin(specifierOrFile) ? this.builtin(specifierOrFile) : this.loadFile(specifierOrFile)),
      unsupported: (what) => host.unsupported(what),
    });
  }

  /** The environment as the code sees it; what it writes to it stays. */
  get env(): NodeJS.ProcessEnv {
    return (this.globals['process'] as NodeJS.Process).env;
  }

  /** Exports of a CommonJS file of the asset, e.g. `index` or `./baseline.js`. */
  load(file: string): Record<string, unknown> {
    return this.require(file.startsWith('.') ? file : `./${file}`, this.resolver.task) as Record<string, unknown>;
  }

  /** Exports of a handler's file, which may be an ES module. */
  loadHandler(name: string): Record<string, unknown> | Promise<Record<string, unknown>> {
    const target = path.join(this.resolver.task, name);
    const file = ['', '.js', '.mjs', '.cjs']
      .map((extension) => target + extension)
      .find((one) => existsSync(one) && statSync(one).isFile());
    return file !== undefined && this.isEsModule(file) ? this.esModules.import(file, this.resolver.task) : this.load(name);
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

  /** Whether a timer is set: the event loop of Node would wait for it. */
  get waits(): boolean {
    return this.timers.activeCount > 0;
  }

  private require(specifier: string, directory: string): unknown {
    return isBuiltin(specifier) ? this.builtin(specifier) : this.loadFile(this.locate(specifier, directory, 'require'));
  }

  private locate(asked: string, directory: string, kind: ModuleKind): string {
    // Code that names its own folder means the asset.
    const specifier = this.realPath(asked);
    const found = this.resolver.resolve(specifier, directory, kind);
    if (found !== undefined) return found;
    if (this.resolver.isProvided(specifier) && this.resolver.isOwn(directory)) {
      const name = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1);
      throw this.host.unsupported(
        `the package ${name.join('/')} that Lambda's runtime brings along, from the project around the assembly (npm i -D ${name.join('/')} there)`,
      );
    }
    throw Object.assign(new Error(`Cannot find module '${specifier}' in the asset of ${this.host.name}`), { code: 'MODULE_NOT_FOUND' });
  }

  /** Code sees its files where Lambda has them, and no folder of this machine. */
  private shownPath(file: string): string {
    const { task } = this.resolver;
    return file.startsWith(`${task}${path.sep}`) ? `${TASK_ROOT}${file.slice(task.length)}` : file;
  }

  private realPath(name: string): string {
    return name.startsWith(`${TASK_ROOT}/`) ? `${this.resolver.task}${name.slice(TASK_ROOT.length)}` : name;
  }

  private isEsModule(file: string): boolean {
    if (file.endsWith('.mjs')) return true;
    if (!file.endsWith('.js')) return false;
    return this.resolver.isModuleScope(path.dirname(file)) || isEsModuleSyntax(file);
  }

  private requireFrom(directory: string): NodeJS.Require {
    const require = Object.assign((specifier: string) => this.require(specifier, directory), {
      resolve: (specifier: string) => (isBuiltin(specifier) ? specifier : this.shownPath(this.locate(specifier, directory, 'require'))),
      cache: {},
      main: undefined,
    });
    return require as unknown as NodeJS.Require;
  }

  private loadFile(file: string): unknown {
    const before = this.loaded.get(file);
    if (before !== undefined) return before.exports;
    const directory = path.dirname(file);
    const require = this.requireFrom(directory);
    const shown = this.shownPath(file);
    const module = { exports: {} as unknown, id: shown, filename: shown, loaded: false, children: [], paths: [], parent: null, require };
    this.loaded.set(file, module);
    if (file.endsWith('.json')) {
      module.exports = JSON.parse(readFileSync(file, 'utf8')) as unknown;
      return module.exports;
    }
    if (file.endsWith('.node')) throw this.host.unsupported(`the native addon ${path.basename(file)}`);
    if (this.isEsModule(file)) throw this.host.unsupported(`require() of the ES module ${path.relative(this.resolver.task, file)}`);
    const dynamicImport = (specifier: string): Promise<unknown> => this.esModules.import(specifier, directory);
    try {
      const run = compile(file)(...globalNames.map((name) => this.globals[name]));
      Reflect.apply(run, module.exports, [module.exports, require, module, shown, path.dirname(shown), dynamicImport]);
    } catch (error) {
      this.loaded.delete(file);
      throw error;
    }
    module.loaded = true;
    return module.exports;
  }
}
