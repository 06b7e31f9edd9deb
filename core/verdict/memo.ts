/** Three counts below this make one exact integer. */
const KEY_BASE = 2 ** 17;
/** More than the minutes of a week. */
const ENTRIES_PER_GENERATION = 12_000;

/**
 * Remembers what was computed for three counts. Two generations: when the young one is full it becomes the old one, so what is asked
 * for again and again stays, and memory stays bounded.
 */
export class CountsMemo<T> {
  private young = new Map<number, T>();
  private old = new Map<number, T>();

  constructor(private readonly compute: (nC: number, nB: number, s: number) => T) {}

  of(nC: number, nB: number, s: number): T {
    // Beyond the base two strata could share a key.
    if (nC >= KEY_BASE || nB >= KEY_BASE || s >= KEY_BASE) return this.compute(nC, nB, s);
    const key = (nC * KEY_BASE + nB) * KEY_BASE + s;
    const known = this.young.get(key);
    if (known !== undefined) return known;
    const value = this.old.get(key) ?? this.compute(nC, nB, s);
    if (this.young.size >= ENTRIES_PER_GENERATION) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(key, value);
    return value;
  }
}
