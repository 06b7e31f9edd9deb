import { Buffer } from 'node:buffer';
import path from 'node:path';
import { Readable, Writable } from 'node:stream';

const ROOT = '/tmp';
const FILE_MODE = 0o100644;
const FOLDER_MODE = 0o040755;

interface Entry {
  /** Undefined: a folder. */
  content: Buffer | undefined;
  changedAtMillis: number;
}

type Options =
  string | { encoding?: string | null; flag?: string; recursive?: boolean; force?: boolean; withFileTypes?: boolean } | null | undefined;

const optionsOf = (options: Options): Exclude<Options, string | null | undefined> =>
  typeof options === 'string' ? { encoding: options } : (options ?? {});

function failure(code: string, what: string, call: string, file: string): Error {
  const errno = { ENOENT: -2, EEXIST: -17, EISDIR: -21, ENOTDIR: -20, ENOTEMPTY: -39 }[code];
  return Object.assign(new Error(`${code}: ${what}, ${call} '${file}'`), { code, errno, syscall: call, path: file });
}

const bytesOf = (data: unknown, encoding: string | null | undefined): Buffer =>
  typeof data === 'string' ? Buffer.from(data, (encoding ?? 'utf8') as BufferEncoding) : Buffer.from(data as Uint8Array);

/** `/tmp` of one environment: what a handler writes there stays as long as the environment does. */
export class TemporaryFiles {
  private readonly entries = new Map<string, Entry>();
  private made = 0;

  constructor(
    private readonly nowMillis: () => number,
    /** Folders of this machine that hold code, and may well lie in its own `/tmp`. */
    private readonly codeFolders: readonly string[] = [],
  ) {
    this.entries.set(ROOT, { content: undefined, changedAtMillis: nowMillis() });
  }

  /** The path within `/tmp` that a name stands for; undefined: it lies elsewhere. */
  at(file: unknown): string | undefined {
    const name = path.posix.normalize(file instanceof URL ? file.pathname : String(file)).replace(/(.)\/$/, '$1');
    if (name !== ROOT && !name.startsWith(`${ROOT}/`)) return undefined;
    return this.codeFolders.some((folder) => name === folder || name.startsWith(`${folder}/`)) ? undefined : name;
  }

  exists(file: string): boolean {
    return this.entries.has(file);
  }

  readFileSync(file: string, options?: Options): Buffer | string {
    const content = this.contentOf(file, 'open');
    const { encoding } = optionsOf(options);
    return encoding === undefined || encoding === null ? Buffer.from(content) : content.toString(encoding as BufferEncoding);
  }

  writeFileSync(file: string, data: unknown, options?: Options): void {
    const { encoding, flag = 'w' } = optionsOf(options);
    const before = this.entries.get(file);
    if (before !== undefined && before.content === undefined) throw failure('EISDIR', 'illegal operation on a directory', 'open', file);
    if (before !== undefined && flag.includes('x')) throw failure('EEXIST', 'file already exists', 'open', file);
    this.needFolder(path.posix.dirname(file), 'open', file);
    const bytes = bytesOf(data, encoding);
    this.put(file, flag.startsWith('a') ? Buffer.concat([before?.content ?? Buffer.alloc(0), bytes]) : bytes);
  }

  appendFileSync(file: string, data: unknown, options?: Options): void {
    this.writeFileSync(file, data, { ...optionsOf(options), flag: 'a' });
  }

  copyIn(file: string, content: Uint8Array): void {
    this.writeFileSync(file, content);
  }

  mkdirSync(file: string, options?: Options): string | undefined {
    if (this.entries.has(file)) {
      if (optionsOf(options).recursive === true) return undefined;
      throw failure('EEXIST', 'file already exists', 'mkdir', file);
    }
    const parent = path.posix.dirname(file);
    if (optionsOf(options).recursive === true && parent !== file && !this.entries.has(parent)) this.mkdirSync(parent, options);
    this.needFolder(parent, 'mkdir', file);
    this.put(file, undefined);
    return file;
  }

  mkdtempSync(prefix: string): string {
    this.made += 1;
    const folder = `${prefix}${String(this.made).padStart(6, '0')}`;
    this.mkdirSync(folder);
    return folder;
  }

  readdirSync(folder: string, options?: Options): unknown[] {
    this.needFolder(folder, 'scandir', folder);
    const { withFileTypes, recursive } = optionsOf(options);
    const names = [...this.entries.keys()]
      .filter((file) => file.startsWith(`${folder}/`))
      .map((file) => file.slice(folder.length + 1))
      .filter((name) => recursive === true || !name.includes('/'))
      .sort();
    if (withFileTypes !== true) return names;
    return names.map((name) => ({
      name: path.posix.basename(name),
      parentPath: path.posix.dirname(path.posix.join(folder, name)),
      ...this.kindOf(path.posix.join(folder, name)),
    }));
  }

  statSync(file: string, options?: { throwIfNoEntry?: boolean }): object | undefined {
    const entry = this.entries.get(file);
    if (entry === undefined && options?.throwIfNoEntry === false) return undefined;
    const { content, changedAtMillis } = this.entryOf(file, 'stat');
    const times = ['atime', 'mtime', 'ctime', 'birthtime'].flatMap((name): [string, unknown][] => [
      [name, new Date(changedAtMillis)],
      [`${name}Ms`, changedAtMillis],
    ]);
    const size = content?.byteLength ?? 4096;
    return { size, mode: content === undefined ? FOLDER_MODE : FILE_MODE, ...Object.fromEntries(times), ...this.kindOf(file) };
  }

  accessSync(file: string): void {
    this.entryOf(file, 'access');
  }

  realpathSync(file: string): string {
    this.entryOf(file, 'realpath');
    return file;
  }

  unlinkSync(file: string): void {
    if (this.entryOf(file, 'unlink').content === undefined) throw failure('EISDIR', 'illegal operation on a directory', 'unlink', file);
    this.entries.delete(file);
  }

  rmdirSync(file: string): void {
    this.needFolder(file, 'rmdir', file);
    if (this.readdirSync(file).length > 0) throw failure('ENOTEMPTY', 'directory not empty', 'rmdir', file);
    this.entries.delete(file);
  }

  rmSync(file: string, options?: Options): void {
    const { recursive, force } = optionsOf(options);
    if (!this.entries.has(file) && force === true) return;
    if (this.entryOf(file, 'rm').content === undefined && recursive !== true) throw failure('EISDIR', 'Path is a directory', 'rm', file);
    for (const name of [...this.entries.keys()]) if (name === file || name.startsWith(`${file}/`)) this.entries.delete(name);
    if (file === ROOT) this.put(ROOT, undefined);
  }

  renameSync(from: string, to: string): void {
    this.entryOf(from, 'rename');
    this.needFolder(path.posix.dirname(to), 'rename', to);
    for (const [name, entry] of [...this.entries]) {
      if (name !== from && !name.startsWith(`${from}/`)) continue;
      this.entries.delete(name);
      this.entries.set(`${to}${name.slice(from.length)}`, entry);
    }
  }

  createReadStream(file: string, options?: Options): Readable {
    const stream = Readable.from([this.readFileSync(file)], { objectMode: false });
    const { encoding } = optionsOf(options);
    return encoding === undefined || encoding === null ? stream : stream.setEncoding(encoding as BufferEncoding);
  }

  createWriteStream(file: string, options?: { flags?: string }): Writable {
    if (options?.flags?.startsWith('a') !== true) this.writeFileSync(file, Buffer.alloc(0));
    const write = (chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void => {
      this.appendFileSync(file, chunk);
      done();
    };
    return Object.assign(new Writable({ write }), { path: file });
  }

  private put(file: string, content: Buffer | undefined): void {
    this.entries.set(file, { content, changedAtMillis: this.nowMillis() });
  }

  private entryOf(file: string, call: string): Entry {
    const entry = this.entries.get(file);
    if (entry === undefined) throw failure('ENOENT', 'no such file or directory', call, file);
    return entry;
  }

  private contentOf(file: string, call: string): Buffer {
    const { content } = this.entryOf(file, call);
    if (content === undefined) throw failure('EISDIR', 'illegal operation on a directory', 'read', file);
    return content;
  }

  private needFolder(folder: string, call: string, file: string): void {
    const entry = this.entries.get(folder);
    if (entry === undefined) throw failure('ENOENT', 'no such file or directory', call, file);
    if (entry.content !== undefined) throw failure('ENOTDIR', 'not a directory', call, file);
  }

  private kindOf(file: string): Record<string, () => boolean> {
    const isFolder = this.entries.get(file)?.content === undefined;
    return { isFile: () => !isFolder, isDirectory: () => isFolder, isSymbolicLink: () => false };
  }
}
