export const SERVING_MODES = ['real-time', 'serverless', 'async', 'inference-components'] as const;
export type ServingMode = (typeof SERVING_MODES)[number];

/** How a release is served: part of its hash. What a release of before did not have stays away, so that its hash stays. */
export interface ServingSpec {
  mode: ServingMode;
  /** Missing where the mode is serverless; of instance pools: the first one. */
  instanceType?: string;
  /** At most five, the first is tried first; missing: `instanceType` alone. */
  instancePools?: string[];
  /** Of the candidate's variant. 0 only where the mode is async or inference-components; serverless: 0 and 0. */
  minInstances: number;
  maxInstances: number;
  volumeGib?: number;
  downloadTimeoutSeconds?: number;
  startupTimeoutSeconds?: number;
  provisionTimeoutSeconds?: number;
  routing?: RoutingStrategy;
  serverless?: ServerlessSpec;
  async?: AsyncSpec;
  component?: ComponentSpec;
  networkIsolation?: boolean;
  capture?: CaptureSpec;
}

export type RoutingStrategy = 'least-outstanding' | 'random' | 'prefix-aware';

export interface ServerlessSpec {
  memoryMib: number;
  maxConcurrency: number;
  provisionedConcurrency?: number;
}

export interface AsyncSpec {
  concurrentPerInstance?: number;
}

/** What one copy of the model takes of its instance. */
export interface ComponentSpec {
  memoryMib: number;
  cpus?: number;
  accelerators?: number;
  minCopies: number;
  maxCopies: number;
}

export interface CaptureSpec {
  /** Share of requests, above 0, at most 1. */
  samplingShare: number;
  jsonContentTypes: string[];
  csvContentTypes: string[];
}

/** How many instances (or copies) run while the endpoint is in service. Policy: no part of a release's hash. */
export interface ScalingSpec {
  /** `invocations`: a minute and instance; `concurrency`: at once and instance (or copy); `backlog`: of an asynchronous endpoint, and instance. */
  metric: 'invocations' | 'concurrency' | 'backlog';
  targetValue: number;
  scaleOutCooldownSeconds: number;
  scaleInCooldownSeconds: number;
  schedules: CapacitySchedule[];
}

/** A time of the week with other bounds. */
export interface CapacitySchedule {
  name: string;
  window: WeeklyWindow;
  minInstances: number;
  maxInstances: number;
}

/** Days of the week and a time of day, in a time zone. */
export interface WeeklyWindow {
  /** 1: Monday … 7: Sunday. */
  days: number[];
  /** Minutes since midnight; `toMinute` is not part of it, and is greater than `fromMinute`. At most 1440. */
  fromMinute: number;
  toMinute: number;
  /** IANA name, such as Europe/Dublin. */
  timeZone: string;
}

/** When an endpoint may be off, or small. Policy: no part of a release's hash. */
export interface AvailabilityPolicy {
  /** Outside of it the endpoint is off (`off`: parked, the baseline answers) or as small as it can be (`min`). */
  officeHours?: { window: WeeklyWindow; outside: 'off' | 'min'; warmUpMinutes: number };
  /** Without a request for so long: owners are told, or told and the endpoint is parked. */
  idle?: { afterMinutes: number; action: 'notify' | 'off'; wake: 'on-traffic' | 'by-hand' };
  /** So long after its release became stable the endpoint is parked for good: an experiment that was forgotten. */
  timeToLiveMinutes?: number;
}
