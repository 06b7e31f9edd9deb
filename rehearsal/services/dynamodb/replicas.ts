import type { Clock, Random } from '../../cloud/types';
import type { Place } from './keys';
import type { Item } from './values';

/** What an eventually consistent read may still see: the item as it was at most this long ago. */
const maxLagMillis = 1000;
/** One of three replicas is behind. */
const behindShare = 1 / 3;
/** An index is written after the table. */
export const indexBehindShare = 1 / 2;

interface Change {
  atMillis: number;
  place: Place;
  before: Item | undefined;
}

/** Items as they were, by partition and sort key; undefined: there was none. */
export type PastImages = ReadonlyMap<string, ReadonlyMap<string, Item | undefined>>;

/** The changes of the last second, and by how much the replica that answers lags behind them. */
export class Replicas {
  private changes: Change[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  note(place: Place, before: Item | undefined): void {
    const atMillis = this.clock.now();
    this.changes.push({ atMillis, place, before });
    // Now and then only: most tables are never read inconsistently, and then nobody looks.
    if (this.changes.length % 256 === 0) this.forgetOld(atMillis);
  }

  /** For one eventually consistent read: what the replica has not yet heard of; undefined when it is up to date. */
  unheard(share = behindShare): PastImages | undefined {
    const now = this.clock.now();
    this.forgetOld(now);
    if (this.changes.length === 0) return undefined;
    if (this.random.next() >= share) return undefined;
    // Mostly some milliseconds, seldom the whole second.
    return this.imagesAt(now - Math.ceil(maxLagMillis * this.random.next() ** 3));
  }

  private imagesAt(asOfMillis: number): PastImages | undefined {
    const images = new Map<string, Map<string, Item | undefined>>();
    // From the latest back: the oldest change that was not heard of holds what stood there.
    for (let index = this.changes.length - 1; index >= 0; index -= 1) {
      const { atMillis, place, before } = this.changes[index] as Change;
      if (atMillis <= asOfMillis) break;
      let partition = images.get(place.partition);
      if (partition === undefined) images.set(place.partition, (partition = new Map()));
      partition.set(place.sort, before);
    }
    return images.size === 0 ? undefined : images;
  }

  private forgetOld(now: number): void {
    const first = this.changes.findIndex(({ atMillis }) => atMillis > now - maxLagMillis);
    if (first !== 0) this.changes = first < 0 ? [] : this.changes.slice(first);
  }
}
