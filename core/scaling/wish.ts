import type { ScalingSpec, ServingMode, WeeklyWindow } from '../contracts/serving';

/** What is scaled: the instances of a variant, or the copies of an inference component. */
export type ScaledResource = { kind: 'variant'; endpointName: string; variantName: string } | { kind: 'component'; componentName: string };

/** Instances of a variant, or copies of a component. */
export interface CapacityBounds {
  min: number;
  max: number;
}

/** A time of the week with bounds of its own, which begin `warmUpMinutes` ahead of it. */
export interface ScheduledBounds {
  name: string;
  window: WeeklyWindow;
  bounds: CapacityBounds;
  warmUpMinutes: number;
}

/** How a resource is to be scaled. */
export interface ScalingWish {
  resource: ScaledResource;
  mode: ServingMode;
  /** Whenever no schedule says otherwise. */
  bounds: CapacityBounds;
  /** Of several that hold at a time the last one counts. All in one time zone. */
  schedules: ScheduledBounds[];
  /** Missing: only bounds, schedules, and the way back from zero. */
  tracking?: TargetTracking;
  /** While a release is under way: bounds only widen, and nothing is taken away. */
  protected?: boolean;
}

export interface TargetTracking extends Pick<ScalingSpec, 'metric' | 'targetValue' | 'scaleOutCooldownSeconds' | 'scaleInCooldownSeconds'> {
  /** Default: false. */
  scaleInDisabled?: boolean;
}

/** Schedules of a `ScalingSpec`: their charter has no warm-up of their own. */
export const schedulesOf = (spec: ScalingSpec): ScheduledBounds[] =>
  spec.schedules.map(({ name, window, minInstances, maxInstances }) => ({
    name,
    window,
    bounds: { min: minInstances, max: maxInstances },
    warmUpMinutes: 0,
  }));
