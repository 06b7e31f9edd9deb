import { type Cell, MISSING, WRONG_TYPE } from '../types';
import { after, BACKSLASH, BLANK, COMMA, endOfEscape, literal, NOTHING, NumberBytes, QUOTE } from './bytes';
import { jsonCell } from './cells';
import { Interned } from './intern';
import { namesOf } from './path';
import type { Side, SideFeature } from './sides';

/** What is wanted of an object. */
interface Wanted {
  children: Child[];
  /** Index of the child that comes next if keys stand in the order of the line before. */
  next: number;
}

interface Child {
  name: Uint8Array;
  features: SideFeature[];
  inner: Wanted | undefined;
  /** Number of the body in which it was met last: a key that comes twice is for the plain reader. */
  metIn: number;
}

const TRUE = literal('true');
const FALSE = literal('false');
const NULL = literal('null');
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const DEEPEST = 30;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COLON = 0x3a;

/** Reads a JSON body in the bytes of a JSON string, where each quote is escaped. Gives -1 for whatever it does not know. */
export class JsonScanner {
  private readonly wanted: Wanted | undefined;
  private readonly digits = new NumberBytes();
  private readonly categories = new Interned((text) => jsonCell(text, 'categorical') as string);
  private bodies = 0;
  private hasEscapes = false;

  constructor(
    private readonly side: Side,
    private readonly cells: Cell[],
  ) {
    this.wanted = wantedOf(side.features);
  }

  /** Index of the quote that ends the body. */
  scan(bytes: Buffer, start: number): number {
    if (this.wanted === undefined || bytes[start] !== OPEN_OBJECT) return NOTHING;
    this.bodies += 1;
    const { features } = this.side;
    for (let index = 0; index < features.length; index += 1) this.cells[(features[index] as SideFeature).cell] = MISSING;
    let end = this.object(bytes, start, this.wanted, 0);
    // Servers end their answers with a line end.
    if (end >= 0 && bytes[end] === BACKSLASH && bytes[end + 1] === 0x6e) end += 2;
    return end >= 0 && bytes[end] === QUOTE ? end : NOTHING;
  }

  /** From the brace to the index after the closing one. */
  private object(bytes: Buffer, start: number, wanted: Wanted | undefined, depth: number): number {
    let at = blanks(bytes, start + 1);
    if (bytes[at] === CLOSE_OBJECT) return at + 1;
    if (depth > DEEPEST) return NOTHING;
    for (;;) {
      if (bytes[at] !== BACKSLASH || bytes[at + 1] !== QUOTE) return NOTHING;
      const nameStart = at + 2;
      const nameEnd = this.endOfText(bytes, nameStart);
      if (nameEnd < 0 || this.hasEscapes) return NOTHING;
      at = blanks(bytes, nameEnd + 2);
      if (bytes[at] !== COLON) return NOTHING;
      const child = wanted === undefined ? undefined : childOf(wanted, bytes, nameStart, nameEnd - nameStart);
      if (child !== undefined) {
        if (child.metIn === this.bodies) return NOTHING;
        child.metIn = this.bodies;
      }
      at = this.value(bytes, blanks(bytes, at + 1), child, depth);
      if (at < 0) return NOTHING;
      at = blanks(bytes, at);
      if (bytes[at] === CLOSE_OBJECT) return at + 1;
      if (bytes[at] !== COMMA) return NOTHING;
      at = blanks(bytes, at + 1);
    }
  }

  private value(bytes: Buffer, at: number, child: Child | undefined, depth: number): number {
    switch (bytes[at]) {
      case BACKSLASH:
        return this.text(bytes, at, child);
      case OPEN_OBJECT:
        if (child !== undefined) this.put(child, WRONG_TYPE);
        return this.object(bytes, at, child?.inner, depth + 1);
      case OPEN_ARRAY:
        if (child !== undefined) this.put(child, WRONG_TYPE);
        return this.array(bytes, at, depth + 1);
      case 0x74:
        return this.word(bytes, at, TRUE, true, child);
      case 0x66:
        return this.word(bytes, at, FALSE, false, child);
      case 0x6e:
        return this.word(bytes, at, NULL, null, child);
      default:
        return this.number(bytes, at, child);
    }
  }

  private array(bytes: Buffer, start: number, depth: number): number {
    let at = blanks(bytes, start + 1);
    if (bytes[at] === CLOSE_ARRAY) return at + 1;
    if (depth > DEEPEST) return NOTHING;
    for (;;) {
      at = this.value(bytes, at, undefined, depth);
      if (at < 0) return NOTHING;
      at = blanks(bytes, at);
      if (bytes[at] === CLOSE_ARRAY) return at + 1;
      if (bytes[at] !== COMMA) return NOTHING;
      at = blanks(bytes, at + 1);
    }
  }

  private word(bytes: Buffer, at: number, expected: Uint8Array, value: boolean | null, child: Child | undefined): number {
    if (child !== undefined) this.put(child, value);
    return after(bytes, at, expected);
  }

  private number(bytes: Buffer, at: number, child: Child | undefined): number {
    const { digits } = this;
    let value = digits.read(bytes, at);
    let { end } = digits;
    const next = bytes[end];
    if (value - value !== 0 || next === 0x65 || next === 0x45) {
      // Exponents, and more digits than fit.
      end = endOfNumber(bytes, at);
      const text = bytes.toString('latin1', at, end);
      if (!NUMBER.test(text)) return NOTHING;
      value = Number(text);
    } else if (!digits.isJson) return NOTHING;
    if (child !== undefined) {
      const { features } = child;
      for (let index = 0; index < features.length; index += 1) {
        const { cell, kind } = features[index] as SideFeature;
        this.cells[cell] = jsonCell(value, kind);
      }
    }
    return end;
  }

  private text(bytes: Buffer, at: number, child: Child | undefined): number {
    if (bytes[at + 1] !== QUOTE) return NOTHING;
    const start = at + 2;
    const end = this.endOfText(bytes, start);
    if (end < 0) return NOTHING;
    if (child === undefined) return end + 2;
    const { features } = child;
    for (let index = 0; index < features.length; index += 1) {
      const { cell, kind } = features[index] as SideFeature;
      this.cells[cell] = this.textCell(bytes, start, end, kind);
    }
    return end + 2;
  }

  private textCell(bytes: Buffer, start: number, end: number, kind: SideFeature['kind']): Cell {
    if (start === end) return MISSING;
    if (kind === 'numeric') return WRONG_TYPE;
    if (this.hasEscapes) return jsonCell(JSON.parse(`"${JSON.parse(`"${bytes.toString('utf8', start, end)}"`) as string}"`), kind);
    return kind === 'categorical' ? this.categories.get(bytes, start, end) : bytes.toString('utf8', start, end);
  }

  /** Index of the backslash before the quote that ends a text; sets whether it has escapes of its own. */
  private endOfText(bytes: Uint8Array, start: number): number {
    this.hasEscapes = false;
    for (let at = start; ; at += 1) {
      const byte = bytes[at];
      if (byte === undefined || byte < BLANK || byte === QUOTE) return NOTHING;
      if (byte !== BACKSLASH) continue;
      if (bytes[at + 1] === QUOTE) return at;
      if (bytes[at + 1] !== BACKSLASH) return NOTHING;
      this.hasEscapes = true;
      at = endOfInnerEscape(bytes, at + 2);
      if (at < 0) return NOTHING;
    }
  }

  private put({ features }: Child, value: unknown): void {
    for (let index = 0; index < features.length; index += 1) {
      const { cell, kind } = features[index] as SideFeature;
      this.cells[cell] = jsonCell(value, kind);
    }
  }
}

/** After the escaped backslash: a sign, or a quote or backslash that is itself escaped. */
function endOfInnerEscape(bytes: Uint8Array, at: number): number {
  if (bytes[at] === BACKSLASH) return bytes[at + 1] === QUOTE || bytes[at + 1] === BACKSLASH ? at + 1 : NOTHING;
  return bytes[at] === QUOTE ? NOTHING : endOfEscape(bytes, at);
}

function blanks(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] === BLANK) at += 1;
  return at;
}

/** The signs that a number may have. */
function endOfNumber(bytes: Uint8Array, start: number): number {
  for (let at = start; ; at += 1) {
    const byte = bytes[at];
    const isPart =
      byte !== undefined &&
      ((byte >= 0x30 && byte <= 0x39) || byte === 0x2d || byte === 0x2b || byte === 0x2e || byte === 0x65 || byte === 0x45);
    if (!isPart) return at;
  }
}

function childOf(wanted: Wanted, bytes: Uint8Array, start: number, length: number): Child | undefined {
  const { children, next } = wanted;
  for (let step = 0; step < children.length; step += 1) {
    const index = next + step < children.length ? next + step : next + step - children.length;
    const child = children[index] as Child;
    if (child.name.length !== length || after(bytes, start, child.name) < 0) continue;
    wanted.next = index + 1 < children.length ? index + 1 : 0;
    return child;
  }
  return undefined;
}

/** Undefined: a path does not lead through objects alone. */
function wantedOf(features: SideFeature[]): Wanted | undefined {
  const root: Wanted = { children: [], next: 0 };
  for (const feature of features) {
    const names = namesOf(feature.path);
    if (names === undefined) return undefined;
    let wanted = root;
    for (const [depth, name] of names.entries()) {
      const bytes = literal(name);
      let child = wanted.children.find((known) => known.name.length === bytes.length && after(known.name, 0, bytes) >= 0);
      if (child === undefined) wanted.children.push((child = { name: bytes, features: [], inner: undefined, metIn: 0 }));
      if (depth === names.length - 1) child.features.push(feature);
      else wanted = child.inner ??= { children: [], next: 0 };
    }
  }
  return root;
}
