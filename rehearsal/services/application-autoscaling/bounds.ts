import type { Cloud } from '../../cloud/types';
import type { Activities } from './activities';
import { capacityOf } from './scalable';
import type { ScalableTarget } from './targets';

/** A count outside of new bounds is moved a little later. */
const ENFORCED_AFTER_MILLIS = 2000;

export const bounded = ({ minCapacity, maxCapacity }: ScalableTarget, count: number): number =>
  Math.min(maxCapacity, Math.max(minCapacity, count));

/** Moves counts into bounds that were changed: at once, or as soon as SageMaker takes changes again. */
export class Bounds {
  private readonly pending = new Set<ScalableTarget>();

  constructor(
    private readonly cloud: Cloud,
    private readonly activities: Activities,
    private readonly isRegistered: (target: ScalableTarget) => boolean,
  ) {}

  enforce(target: ScalableTarget): void {
    this.pending.add(target);
    this.later(ENFORCED_AFTER_MILLIS);
  }

  /** SageMaker moved: it may take changes again. */
  retry(): void {
    if (this.pending.size > 0) this.later(0);
  }

  private later(delayMillis: number): void {
    this.cloud.clock.after(delayMillis, () => {
      for (const target of this.pending) this.attempt(target);
    });
  }

  private attempt(target: ScalableTarget): void {
    const capacity = capacityOf(this.cloud, target.thing);
    if (!this.isRegistered(target) || capacity === undefined) {
      this.pending.delete(target);
      return;
    }
    if (!capacity.ready) return;
    this.pending.delete(target);
    const to = bounded(target, capacity.count);
    if (to === capacity.count) return;
    this.activities.scale(target, to, `${to > capacity.count ? 'minimum' : 'maximum'} capacity was set to ${to}`);
  }
}
