/** So many new keys are put into their places one by one; more are sorted in together. */
const FEW = 64;

/** UTF-16 units above the surrogates come before them in UTF-8. */
const rank = (unit: number): number => (unit < 0xd800 ? unit : unit <= 0xdfff ? unit + 0x2000 : unit - 0x800);

/** The order of UTF-8 bytes, in which S3 lists. */
export function compareKeys(left: string, right: string): number {
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index += 1) {
    const one = left.charCodeAt(index);
    const other = right.charCodeAt(index);
    if (one !== other) return rank(one) - rank(other);
  }
  return left.length - right.length;
}

/** The first place whose key does not come before this one. */
export function firstFrom(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(keys[middle]!, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Keys in S3's order. New ones are put in their places when somebody asks. */
export class SortedKeys {
  private sorted: readonly string[] = [];
  private fresh: string[] = [];

  add(key: string): void {
    this.fresh.push(key);
  }

  remove(key: string): void {
    const keys = this.all();
    this.sorted = keys.toSpliced(firstFrom(keys, key), 1);
  }

  /** Whoever goes through them may add and remove others meanwhile: what was given out stays as it is. */
  all(): readonly string[] {
    const { fresh } = this;
    if (fresh.length === 0) return this.sorted;
    this.fresh = [];
    const keys = fresh.length > FEW ? [...this.sorted, ...fresh].sort(compareKeys) : [...this.sorted];
    if (fresh.length <= FEW) for (const key of fresh) keys.splice(firstFrom(keys, key), 0, key);
    this.sorted = keys;
    return keys;
  }
}
