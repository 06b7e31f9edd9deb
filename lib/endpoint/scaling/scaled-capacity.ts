import type { CapacitySchedule } from './capacity-schedule';
import type { ScalingTarget } from './scaling-target';

/** How much capacity there is. */
export interface ScaledCapacityProps {
  /** Fewest instances, or copies, whenever no schedule says otherwise. 0 only for asynchronous endpoints and inference components. */
  readonly minCapacity: number;

  /** Most instances, or copies, whenever no schedule says otherwise. */
  readonly maxCapacity: number;

  /**
   * What capacity follows between the two.
   *
   * @default - nothing: only schedules change it, and the first request after a time at zero
   */
  readonly target?: ScalingTarget;

  /**
   * Parts of the week with other bounds. Of several that hold at a time the last one counts.
   *
   * @default - none
   */
  readonly schedules?: CapacitySchedule[];
}

/** Which variant is scaled, and how. */
export interface VariantScalingProps extends ScaledCapacityProps {
  /**
   * Name of the variant.
   *
   * @default - the only variant
   */
  readonly variantName?: string;
}

/** Which inference component is scaled, and how. */
export interface ComponentScalingProps extends ScaledCapacityProps {
  /**
   * Name of the component.
   *
   * @default - the only component
   */
  readonly componentName?: string;
}
