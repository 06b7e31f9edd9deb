import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';

/** Where modules may come from. */
export interface ModuleRoots {
  /** The function's own code, `/var/task` on Lambda. */
  task: string;
  /** Unpacked layers, `/opt` on Lambda; the first wins. */
  layers: readonly string[];
  /** Folders from which the packages that Lambda's runtime brings along are looked for upwards. */
  project: readonly string[];
  /** Version of the AWS SDK that the runtime brings along. */
  sdk: SdkVersion;
}

/** Runtimes up to nodejs16.x bring the SDK of version 2 along, later ones that of version 3. */
export type SdkVersion = 2 | 3;

/** Whether a module is asked for by `require` or by `import`: packages may have a file for each. */
export type ModuleKind = 'require' | 'import';

interface PackageJson {
  name?: string;
  main?: string;
  type?: string;
  exports?: unknown;
  imports?: Record<string, unknown>;
}

const packages = new Map<string, PackageJson | undefined>();
const EXTENSIONS = ['.js', '.json', '.node', '.cjs', '.mjs'];

const isFile = (file: string): boolean => existsSync(file) && statSync(file).isFile();

function packageAt(directory: string): PackageJson | undefined {
  const file = path.join(directory, 'package.json');
  if (packages.has(file)) return packages.get(file);
  const found = isFile(file) ? (JSON.parse(readFileSync(file, 'utf8')) as PackageJson) : undefined;
  // What is not there may be written yet; what is there stays as it is.
  if (found !== undefined) packages.set(file, found);
  return found;
}

/** A file, a file with an extension that Node adds, or a folder's main file. */
function fileAt(target: string): string | undefined {
  if (isFile(target)) return target;
  const extended = EXTENSIONS.map((extension) => `${target}${extension}`).find(isFile);
  if (extended !== undefined) return extended;
  if (!existsSync(target)) return undefined;
  const main = packageAt(target)?.main;
  const byMain = main === undefined ? undefined : fileAt(path.join(target, main));
  return byMain ?? ['index.js', 'index.json', 'index.cjs', 'index.mjs'].map((name) => path.join(target, name)).find(isFile);
}

const conditionsOf = (kind: ModuleKind): readonly string[] => ['node', kind, 'module-sync', 'default'];

/** What a conditional target of `exports` or `imports` comes to. */
function targetOf(target: unknown, kind: ModuleKind, star: string): string | undefined {
  if (typeof target === 'string') return target.replaceAll('*', star);
  if (Array.isArray(target)) return target.map((one) => targetOf(one, kind, star)).find((found) => found !== undefined);
  if (typeof target !== 'object' || target === null) return undefined;
  for (const [condition, inner] of Object.entries(target)) {
    if (!conditionsOf(kind).includes(condition)) continue;
    const found = targetOf(inner, kind, star);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The entry of a mapping that fits, exact ones first, then the pattern with the longest text before its star. */
function entryOf(mapping: Record<string, unknown>, key: string, kind: ModuleKind): string | undefined {
  if (key in mapping && !key.includes('*')) return targetOf(mapping[key], kind, '');
  const patterns = Object.keys(mapping)
    .filter((pattern) => pattern.includes('*'))
    .sort((left, right) => right.indexOf('*') - left.indexOf('*'));
  for (const pattern of patterns) {
    const [before = '', after = ''] = pattern.split('*');
    if (!key.startsWith(before) || !key.endsWith(after) || key.length < pattern.length) continue;
    return targetOf(mapping[pattern], kind, key.slice(before.length, key.length - after.length));
  }
  return undefined;
}

function inPackage(directory: string, subpath: string, kind: ModuleKind): string | undefined {
  const { exports } = packageAt(directory) ?? {};
  if (exports === undefined || exports === null) return fileAt(path.join(directory, subpath));
  const isMapping = typeof exports === 'object' && !Array.isArray(exports) && Object.keys(exports).every((key) => key.startsWith('.'));
  const mapping = (isMapping ? exports : { '.': exports }) as Record<string, unknown>;
  const target = entryOf(mapping, subpath === '' ? '.' : `./${subpath}`, kind);
  return target === undefined ? undefined : fileAt(path.join(directory, target));
}

const within = (root: string, file: string): boolean => file === root || file.startsWith(`${root}${path.sep}`);

function* upwards(directory: string, last: string): Generator<string> {
  for (let at = directory; ; at = path.dirname(at)) {
    yield at;
    if (at === last || at === path.dirname(at)) return;
  }
}

/** Packages that Lambda's Node runtime brings along. */
const isRuntimePackage = (specifier: string, sdk: SdkVersion): boolean =>
  sdk === 2 ? /^aws-sdk(\/|$)/.test(specifier) : /^(@aws-sdk|@smithy|@aws-crypto|@aws)\//.test(specifier);

/** Finds modules as Node does, but never outside of the function's code, its layers and what Lambda's runtime brings along. */
export class ModuleResolver {
  private readonly found = new Map<string, string | undefined>();
  private readonly roots: ModuleRoots;

  constructor(roots: ModuleRoots) {
    const real = (directory: string): string => (existsSync(directory) ? realpathSync(directory) : directory);
    this.roots = { task: real(roots.task), layers: roots.layers.map(real), project: roots.project.map(real), sdk: roots.sdk };
  }

  get task(): string {
    return this.roots.task;
  }

  /** Whether code of the function or of a layer, rather than of Lambda's runtime, lies here. */
  isOwn(directory: string): boolean {
    return this.rootOf(directory) !== undefined;
  }

  isProvided(specifier: string): boolean {
    return isRuntimePackage(specifier, this.roots.sdk);
  }

  resolve(specifier: string, directory: string, kind: ModuleKind): string | undefined {
    const key = `${kind} ${directory} ${specifier}`;
    if (this.found.has(key)) return this.found.get(key);
    const found = this.find(specifier, directory, kind);
    if (found !== undefined) this.found.set(key, found);
    return found;
  }

  /** Whether the nearest package.json says that `.js` files are ES modules. */
  isModuleScope(directory: string): boolean {
    for (const at of upwards(directory, this.rootOf(directory) ?? path.parse(directory).root)) {
      const found = packageAt(at);
      if (found !== undefined) return found.type === 'module';
    }
    return false;
  }

  private rootOf(directory: string): string | undefined {
    return [this.roots.task, ...this.roots.layers].find((root) => within(root, directory));
  }

  private find(specifier: string, directory: string, kind: ModuleKind): string | undefined {
    const root = this.rootOf(directory);
    const last = root ?? path.parse(directory).root;
    const found = this.locate(specifier, directory, last, kind);
    if (found === undefined) return undefined;
    const real = realpathSync(found);
    return root === undefined || this.rootOf(real) !== undefined || this.isProvided(specifier) ? real : undefined;
  }

  private locate(specifier: string, directory: string, last: string, kind: ModuleKind): string | undefined {
    if (specifier.startsWith('.') || path.isAbsolute(specifier)) return fileAt(path.resolve(directory, specifier));
    const owner = [...upwards(directory, last)].find((at) => packageAt(at) !== undefined);
    const scope = owner === undefined ? undefined : packageAt(owner);
    if (specifier.startsWith('#')) {
      const target = entryOf(scope?.imports ?? {}, specifier, kind);
      if (owner === undefined || target === undefined) return undefined;
      return target.startsWith('.') ? fileAt(path.join(owner, target)) : this.locate(target, owner, last, kind);
    }
    const [, name = specifier, subpath = ''] = /^((?:@[^/]+\/)?[^/]+)(?:\/(.*))?$/.exec(specifier) ?? [];
    if (owner !== undefined && scope?.name === name && scope.exports !== undefined) return inPackage(owner, subpath, kind);
    for (const modules of this.modulesFor(directory, last, specifier)) {
      const found = existsSync(path.join(modules, name)) ? inPackage(path.join(modules, name), subpath, kind) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Folders of packages: upwards, then those of the layers, then those of the project for what Lambda's runtime brings along. */
  private *modulesFor(directory: string, last: string, specifier: string): Generator<string> {
    for (const at of upwards(directory, last)) yield path.join(at, 'node_modules');
    for (const layer of this.roots.layers) {
      const nodejs = path.join(layer, 'nodejs');
      yield path.join(nodejs, 'node_modules');
      for (const version of [24, 22, 20, 18, 16, 14]) yield path.join(nodejs, `node${version}`, 'node_modules');
    }
    if (!this.isProvided(specifier)) return;
    for (const project of this.roots.project)
      for (const at of upwards(project, path.parse(project).root)) yield path.join(at, 'node_modules');
  }
}
