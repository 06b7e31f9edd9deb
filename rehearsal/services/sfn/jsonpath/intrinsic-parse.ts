import { parsePath, PathSyntaxError, type Path } from './path';

export type Argument =
  | { kind: 'path'; path: Path }
  | { kind: 'literal'; value: string | number | boolean | null; raw?: string }
  | { kind: 'call'; call: IntrinsicCall };

export interface IntrinsicCall {
  /** Without `States.`. */
  name: string;
  args: readonly Argument[];
  text: string;
}

const INTRINSICS: Record<string, { least: number; most: number }> = {
  Format: { least: 1, most: Number.POSITIVE_INFINITY },
  StringToJson: { least: 1, most: 1 },
  JsonToString: { least: 1, most: 1 },
  Array: { least: 0, most: Number.POSITIVE_INFINITY },
  ArrayPartition: { least: 2, most: 2 },
  ArrayContains: { least: 2, most: 2 },
  ArrayRange: { least: 3, most: 3 },
  ArrayGetItem: { least: 2, most: 2 },
  ArrayLength: { least: 1, most: 1 },
  ArrayUnique: { least: 1, most: 1 },
  Base64Encode: { least: 1, most: 1 },
  Base64Decode: { least: 1, most: 1 },
  Hash: { least: 2, most: 2 },
  JsonMerge: { least: 3, most: 3 },
  MathRandom: { least: 2, most: 3 },
  MathAdd: { least: 2, most: 2 },
  StringSplit: { least: 2, most: 2 },
  UUID: { least: 0, most: 0 },
};

export function isIntrinsic(text: string): boolean {
  return text.startsWith('States.');
}

const known = new Map<string, IntrinsicCall>();

/** Parsed once, whatever machine uses it. */
export function parseIntrinsic(text: string): IntrinsicCall {
  let call = known.get(text);
  if (call === undefined) {
    const reader = new Reader(text);
    call = reader.call();
    reader.end();
    known.set(text, call);
  }
  return call;
}

const LITERALS: Record<string, boolean | null> = { true: true, false: false, null: null };

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  call(): IntrinsicCall {
    const start = this.at;
    const name = this.take(/States\.([A-Za-z0-9]+)\s*\(/y)?.[1];
    if (name === undefined) throw this.wrong('is no call of an intrinsic function');
    const arity = INTRINSICS[name];
    if (arity === undefined)
      throw this.wrong(`calls States.${name}, which is no intrinsic function; there are ${Object.keys(INTRINSICS).join(', ')}`);
    const args = this.args();
    if (args.length < arity.least || args.length > arity.most) throw this.wrong(`gives States.${name} ${args.length} arguments`);
    return { name, args, text: this.text.slice(start, this.at) };
  }

  end(): void {
    this.space();
    if (this.at < this.text.length) throw this.wrong(`goes on behind its end with '${this.text.slice(this.at)}'`);
  }

  private args(): Argument[] {
    const args: Argument[] = [];
    this.space();
    if (this.take(/\)/y) !== undefined) return args;
    for (;;) {
      args.push(this.argument());
      this.space();
      if (this.take(/\)/y) !== undefined) return args;
      if (this.take(/,/y) === undefined) throw this.wrong(`needs , or ) at position ${this.at}`);
      this.space();
    }
  }

  private argument(): Argument {
    const letter = this.text.charAt(this.at);
    if (letter === "'") return this.string();
    if (letter === '$') return { kind: 'path', path: parsePath(this.pathText()) };
    if (this.text.startsWith('States.', this.at)) return { kind: 'call', call: this.call() };
    const number = this.take(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y)?.[0];
    if (number !== undefined) return { kind: 'literal', value: Number(number) };
    const word = this.take(/true|false|null/y)?.[0];
    if (word !== undefined) return { kind: 'literal', value: LITERALS[word] ?? null };
    throw this.wrong(`has an argument at position ${this.at} that is no path, text in single quotes, number, true, false, null or call`);
  }

  /** `\'`, `\\`, `\{` and `\}` stand for the character itself; there are no other escapes. */
  private string(): Argument {
    const raw = this.take(/'((?:[^'\\]|\\[\s\S])*)'/y)?.[1];
    if (raw === undefined) throw this.wrong("has a text without its closing '");
    const escape = /\\./gs;
    for (const [found] of raw.matchAll(escape))
      if (!/^\\['\\{}]$/.test(found)) throw this.wrong(`has the escape ${found}; there are \\', \\\\, \\{ and \\}`);
    return { kind: 'literal', raw, value: raw.replace(/\\(['\\{}])/g, '$1') };
  }

  /** Up to the comma or bracket that ends the argument; those inside brackets and quotes belong to the path. */
  private pathText(): string {
    const start = this.at;
    let depth = 0;
    let quote = '';
    for (; this.at < this.text.length; this.at++) {
      const letter = this.text.charAt(this.at);
      if (quote !== '') quote = letter === quote ? '' : quote;
      else if (depth > 0 && (letter === "'" || letter === '"')) quote = letter;
      else if (letter === '[' || letter === '(') depth++;
      else if (letter === ']' || (letter === ')' && depth > 0)) depth--;
      else if (depth === 0 && (letter === ',' || letter === ')')) break;
    }
    return this.text.slice(start, this.at).trim();
  }

  private space(): void {
    this.take(/\s+/y);
  }

  private take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match === null) return undefined;
    this.at = pattern.lastIndex;
    return match;
  }

  private wrong(what: string): PathSyntaxError {
    return new PathSyntaxError(`'${this.text}' ${what}`);
  }
}
