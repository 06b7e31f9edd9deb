import type { CapacityMemory, CapacityPolicy, Situation } from '../../../core/capacity';
import { USUAL_HOURS } from '../../../core/capacity';
import type { ControlRecord } from '../../../core/contracts';
import { firstControl } from '../../../core/release/control';

/** A Monday. */
export const START = Date.parse('2026-03-02T09:00:00Z');
export const MINUTE = 60_000;
export const at = (minutes: number): string => new Date(START + minutes * MINUTE).toISOString();

export const STABLE = { releaseId: 'r1-00000001', variantName: 'a', modelName: 'm1', endpointConfigName: 'c1' };

export const LIVE: ControlRecord = {
  ...firstControl(0, { at: at(-600), by: 'x', reason: 'x' }),
  mode: 'live',
  endpointName: 'triage-endpoint',
  endpointConfigName: 'c1',
  stable: STABLE,
};

export const POLICY: CapacityPolicy = { availability: {}, offHours: USUAL_HOURS, bounds: { min: 1, max: 1 } };

export const MEMORY: CapacityMemory = {
  version: 1,
  stable: { releaseId: STABLE.releaseId, mode: 'real-time', bounds: { min: 1, max: 4 }, liveSince: at(-600) },
};

export const TRACKING = { metric: 'invocations', targetValue: 20, scaleOutCooldownSeconds: 60, scaleInCooldownSeconds: 600 } as const;

interface Changes {
  control?: Partial<ControlRecord>;
  policy?: Partial<CapacityPolicy>;
  memory?: Partial<CapacityMemory>;
}

export const situation = ({ control, policy, memory, ...rest }: Changes & Partial<Omit<Situation, keyof Changes>> = {}): Situation => ({
  control: { ...LIVE, ...control },
  policy: { ...POLICY, ...policy },
  memory: { ...MEMORY, ...memory },
  nowMillis: START,
  ...rest,
});

export const parked = (
  reason: 'idle' | 'office-hours' | 'time-to-live' | 'cost' | 'operator',
  sinceMinutes = -60,
  wakesOnTraffic = false,
) => ({ mode: 'parked', parked: { since: at(sinceMinutes), by: 'capacity', reason, wakesOnTraffic } }) as const;

export const order = (action: 'block-releases' | 'scale-in' | 'off-hours', until = at(600)) => ({
  orders: [{ action, since: at(-5), until, reason: 'too much' }],
});
