import { createHash } from 'node:crypto';
import type { ReleaseSpec } from './contracts';

/** JSON with sorted keys and without `undefined` members: equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return write(value, '$');
}

export function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** One hash over the whole behaviour. The policy that a release is judged by is no part of it. */
export function releaseHash(spec: Pick<ReleaseSpec, 'model' | 'serving' | 'behaviour'>): string {
  return sha256Hex(canonicalJson({ model: spec.model, serving: spec.serving, behaviour: spec.behaviour }));
}

/** A number in [0, 1) that depends on nothing but the text: the first 52 bits of its SHA-256. */
export function unitInterval(text: string): number {
  return Number.parseInt(sha256Hex(text).slice(0, 13), 16) / 2 ** 52;
}

function write(value: unknown, path: string): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') {
    return JSON.stringify(value);
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) {
      throw new Error(`${path} is ${value}: only finite numbers can be hashed`);
    }
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) {
    // As JSON.stringify does: a hole or `undefined` inside an array is null.
    return `[${value.map((item, index) => write(item ?? null, `${path}[${index}]`)).join(',')}]`;
  }
  if (typeof value === 'object' && isPlain(value)) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${write(member, `${path}.${key}`)}`);
    return `{${members.join(',')}}`;
  }
  throw new Error(`${path} is ${describe(value)}: only JSON values can be hashed (string, number, boolean, null, array, object)`);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function describe(value: unknown): string {
  return typeof value === 'object' ? `a ${value?.constructor.name ?? 'object'}` : `of type ${typeof value}`;
}
