/** Neighbouring buckets differ by 1 %: so exact is a quantile. */
const GROWTH = Math.log(1.01);

/** Distribution of values from 0, in memory that does not grow with their number. */
export class ValueProfile {
  private readonly buckets = new Map<number, { count: number; sum: number; squares: number; largest: number }>();
  count = 0;

  add(value: number): void {
    const bucket = value <= 0 ? Number.NEGATIVE_INFINITY : Math.ceil(Math.log(value) / GROWTH);
    const known = this.buckets.get(bucket);
    this.count += 1;
    if (known === undefined) {
      this.buckets.set(bucket, { count: 1, sum: value, squares: value * value, largest: value });
      return;
    }
    known.count += 1;
    known.sum += value;
    known.squares += value * value;
    known.largest = Math.max(known.largest, value);
  }

  /** The value that a share `q` of all do not exceed, at most 1 % too large. */
  quantile(q: number): number {
    let missing = Math.ceil(q * this.count);
    for (const [, { count, largest }] of this.inOrder()) {
      missing -= count;
      if (missing <= 0) return largest;
    }
    return 0;
  }

  /** Mean and deviation of the values, those above the cap counted as the cap. */
  winsorised(cap: number): { mean: number; standardDeviation: number } {
    let sum = 0;
    let squares = 0;
    for (const [, bucket] of this.inOrder()) {
      const above = bucket.sum / bucket.count > cap;
      sum += above ? bucket.count * cap : bucket.sum;
      squares += above ? bucket.count * cap * cap : bucket.squares;
    }
    const mean = sum / this.count;
    return { mean, standardDeviation: Math.sqrt(Math.max(0, squares / this.count - mean * mean)) };
  }

  private inOrder(): [number, { count: number; sum: number; squares: number; largest: number }][] {
    return [...this.buckets].sort(([left], [right]) => left - right);
  }
}

/** Rounded up to so many significant digits: a cap, a window. */
export function roundUp(value: number, digits: number): number {
  if (value <= 0) return 0;
  const unit = 10 ** (Math.floor(Math.log10(value)) - digits + 1);
  return Number((Math.ceil(value / unit - 1e-9) * unit).toPrecision(digits + 1));
}

export const rounded = (value: number, digits: number): number => Number(value.toPrecision(digits));
