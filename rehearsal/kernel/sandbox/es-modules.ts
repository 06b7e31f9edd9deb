import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import vm from 'node:vm';

/** What ES modules need of their sandbox. */
export interface EsModuleHost {
  globals: Readonly<Record<string, unknown>>;
  /** The file that a specifier stands for; undefined: a module of Node's own. */
  locate(specifier: string, directory: string): string | undefined;
  isEsModule(file: string): boolean;
  /** Exports of a CommonJS or JSON file, or of a module of Node's own. */
  require(specifierOrFile: string): unknown;
  unsupported(what: string): Error;
}

const GLOBALS = 'sandbox:globals';
const cachedData = new Map<string, { source: string; names: readonly string[]; data: Buffer }>();

/** ES modules of one sandbox. They see its globals as bindings that each of them imports. */
export class EsModules {
  private readonly modules = new Map<string, vm.Module>();

  constructor(private readonly host: EsModuleHost) {}

  /** The namespace of a module, or of a CommonJS one as `import()` shows it. */
  async import(specifier: string, directory: string): Promise<Record<string, unknown>> {
    const name = specifier.startsWith('file:') ? fileURLToPath(specifier) : specifier;
    const file = path.isAbsolute(name) ? name : this.host.locate(name, directory);
    if (file === undefined || !this.host.isEsModule(file)) return namespaceOf(this.host.require(file ?? name));
    if (typeof (vm as Partial<typeof vm>).SourceTextModule !== 'function')
      throw this.host.unsupported('ES modules, for which Node must run with --experimental-vm-modules');
    const module = this.moduleOf(file);
    if (module.status === 'unlinked') await module.link((asked, from) => this.linked(asked, from.identifier));
    if (module.status === 'linked' || module.status === 'evaluating') await module.evaluate();
    if (module.status === 'errored') throw module.error;
    return module.namespace as Record<string, unknown>;
  }

  private linked(specifier: string, from: string): vm.Module {
    if (specifier === GLOBALS) return this.synthetic(GLOBALS, () => this.host.globals);
    const name = specifier.startsWith('file:') ? fileURLToPath(specifier) : specifier;
    const file = this.host.locate(name, path.dirname(from));
    if (file === undefined) return this.synthetic(name, () => namespaceOf(this.host.require(name)));
    return this.host.isEsModule(file) ? this.moduleOf(file) : this.synthetic(file, () => namespaceOf(this.host.require(file)));
  }

  private synthetic(identifier: string, values: () => Readonly<Record<string, unknown>>): vm.Module {
    const known = this.modules.get(identifier);
    if (known !== undefined) return known;
    const given = values();
    const module = new vm.SyntheticModule(
      Object.keys(given),
      () => {
        for (const [name, value] of Object.entries(given)) module.setExport(name, value);
      },
      { identifier },
    );
    this.modules.set(identifier, module);
    return module;
  }

  private moduleOf(file: string): vm.Module {
    const known = this.modules.get(file);
    if (known !== undefined) return known;
    const made = this.compile(file);
    this.modules.set(file, made);
    return made;
  }

  private compile(file: string): vm.SourceTextModule {
    const source = readFileSync(file, 'utf8').replace(/^#!.*/, '');
    const before = cachedData.get(file);
    let names = before?.source === source ? before.names : Object.keys(this.host.globals);
    for (;;) {
      try {
        return this.compileWith(file, source, names);
      } catch (error) {
        // The module has a name of its own for what is a global elsewhere.
        const [, taken] = /Identifier '(\w+)' has already been declared/.exec((error as Error).message) ?? [];
        if (taken === undefined || !names.includes(taken)) throw error;
        names = names.filter((name) => name !== taken);
      }
    }
  }

  private compileWith(file: string, source: string, names: readonly string[]): vm.SourceTextModule {
    const before = cachedData.get(file);
    const isKnown = before?.source === source && before.names === names;
    const module = new vm.SourceTextModule(`import { ${names.join(', ')} } from '${GLOBALS}';${source}`, {
      identifier: file,
      ...(isKnown ? { cachedData: before.data } : {}),
      initializeImportMeta: (meta) => {
        Object.assign(meta, {
          url: pathToFileURL(file).href,
          filename: file,
          dirname: path.dirname(file),
          resolve: (specifier: string) => {
            const found = this.host.locate(specifier, path.dirname(file));
            return found === undefined ? `node:${specifier.replace(/^node:/, '')}` : pathToFileURL(found).href;
          },
        });
      },
      importModuleDynamically: ((specifier: string) => this.dynamic(specifier, file)) as never,
    });
    if (!isKnown) cachedData.set(file, { source, names, data: (module as unknown as { createCachedData(): Buffer }).createCachedData() });
    return module;
  }

  private async dynamic(specifier: string, from: string): Promise<vm.Module | Record<string, unknown>> {
    await this.import(specifier, path.dirname(from));
    const module = this.linked(specifier, from);
    if (module.status === 'unlinked') await module.link((asked, referrer) => this.linked(asked, referrer.identifier));
    if (module.status === 'linked') await module.evaluate();
    return module;
  }
}

/** CommonJS as `import` shows it: each member by its name, and all of it as default. */
function namespaceOf(exports: unknown): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  // Inherited ones count: modules of Node's own are laid over the real ones.
  if ((typeof exports === 'object' && exports !== null) || typeof exports === 'function')
    for (const name in exports) if (/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name)) members[name] = (exports as Record<string, unknown>)[name];
  return { ...members, default: exports };
}
