import { hash32 } from '../drift/count/hash';
import type { Truth } from '../drift/look/truth';

/** How much more than is kept before the surplus goes. */
const SLACK = 1.25;

/** Keeps the ids with the smallest hashes: truth of a month in little memory, the same whatever the order in which it is read. */
export class SmallestTruths extends Map<string, Truth> {
  private largestHash = Number.POSITIVE_INFINITY;

  constructor(private readonly most: number) {
    super();
  }

  override set(id: string, truth: Truth): this {
    if (!this.has(id) && hash32(id) > this.largestHash) return this;
    super.set(id, truth);
    if (this.size > this.most * SLACK) this.trim();
    return this;
  }

  private trim(): void {
    const hashes = Float64Array.from(this.keys(), (id) => hash32(id)).sort();
    this.largestHash = hashes[this.most - 1] ?? Number.POSITIVE_INFINITY;
    for (const id of this.keys()) if (hash32(id) > this.largestHash) this.delete(id);
  }
}
