const SLOTS = 1 << 12;
const LONGEST = 64;

interface Entry {
  hash: number;
  bytes: Uint8Array;
  text: string;
}

/** Texts by their bytes: values that repeat are not decoded again. Holds a few thousand. */
export class Interned {
  private readonly slots = new Array<Entry | undefined>(SLOTS).fill(undefined);

  /** `made` turns the decoded text into what is kept. */
  constructor(private readonly made: (text: string) => string) {}

  get(bytes: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length > LONGEST) return this.made(bytes.toString('utf8', start, end));
    let hash = length;
    for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    const known = this.slots[slot];
    if (known?.hash === hash && isSame(known.bytes, bytes, start, length)) return known.text;
    const text = this.made(bytes.toString('utf8', start, end));
    this.slots[slot] = { hash, bytes: Uint8Array.from(bytes.subarray(start, end)), text };
    return text;
  }
}

function isSame(known: Uint8Array, bytes: Uint8Array, start: number, length: number): boolean {
  if (known.length !== length) return false;
  for (let at = 0; at < length; at += 1) if (known[at] !== bytes[start + at]) return false;
  return true;
}
