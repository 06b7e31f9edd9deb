import { fakeClient, named, type Sent, START } from './support';
import type { CapacityMemory, CapacityPolicy, SeenCapacity } from '../../core/capacity';
import { USUAL_HOURS } from '../../core/capacity';
import { ledgerKeys, type Notification } from '../../core/contracts';
import type { CapacityParts } from '../../lambdas/capacity/parts';
import { lookAfterCapacity } from '../../lambdas/capacity/run';
import { promoteAndFinish, type World, world } from './release-world';
import { fakeResponseUrl } from './response-url';

export const MINUTE = 60_000;
export const at = (minutes: number): string => new Date(START + minutes * MINUTE).toISOString();
export const IDLE = { availability: { idle: { afterMinutes: 60, action: 'off', wake: 'on-traffic' } } } as const;
export const OWNER = 'arn:aws:iam::111122223333:role/Lead';

export interface Scene {
  the: World;
  stable: string;
  parts: CapacityParts;
  /** What Application Auto Scaling and CloudWatch were asked. */
  asked: Sent[];
  endpoint: { seen: SeenCapacity; done: string[]; failsToBegin?: string };
  traffic: { lastMinute?: number; invokedMinute?: number; reads: [number, number][] };
  told: Notification[];
  measured: object[];
  look(stirred?: boolean): ReturnType<typeof lookAfterCapacity>;
  memory(): CapacityMemory | undefined;
}

/** A stable release, and the capacity handler over the same ledger. */
export async function scene(policy: Partial<CapacityPolicy>, answers: Parameters<typeof fakeClient>[0] = {}): Promise<Scene> {
  fakeResponseUrl();
  const the = world();
  await the.deploy();
  const stable = String(the.started.at(-1)?.name);
  await the.step({ action: 'register', releaseId: stable, executionArn: 'arn:x' });
  await the.step({ action: 'dark', releaseId: stable });
  await promoteAndFinish(the, stable);
  const scaling = fakeClient<never>({ PutScalingPolicy: () => ({ PolicyARN: 'arn:policy' }), ...answers });
  const endpoint: Scene['endpoint'] = { seen: 'gone', done: [] };
  const traffic: Scene['traffic'] = { reads: [] };
  const told: Notification[] = [];
  const measured: object[] = [];
  const parts: CapacityParts = {
    useCase: 'support-triage',
    prefix: 'triage-abc123',
    tags: { team: 'x' },
    policy: { availability: {}, offHours: USUAL_HOURS, bounds: { min: 1, max: 1 }, ...policy },
    ledger: the.ledger,
    sfn: fakeClient<never>().client,
    scaling: { scaling: scaling.client, cloudWatch: scaling.client },
    endpoints: {
      look: async () => endpoint.seen,
      create: async ({ EndpointConfigName }) => {
        if (endpoint.failsToBegin !== undefined) throw named('ResourceLimitExceeded', endpoint.failsToBegin);
        endpoint.done.push(`create ${EndpointConfigName}`);
      },
      delete: async (name) => void endpoint.done.push(`delete ${name}`),
      setInstances: async (_, variant, instances) => void endpoint.done.push(`${variant} to ${instances}`),
    },
    lastRequest: async (_, fromMillis, toMillis) => {
      traffic.reads.push([(fromMillis - START) / MINUTE, (toMillis - START) / MINUTE]);
      const last = traffic.lastMinute === undefined ? undefined : START + traffic.lastMinute * MINUTE;
      return last !== undefined && last >= fromMillis && last <= toMillis ? last : undefined;
    },
    lastInvocation: async (endpointName, variantName) => {
      if (traffic.invokedMinute === undefined) return undefined;
      endpoint.done.push(`count of ${endpointName} ${variantName}`);
      return START + traffic.invokedMinute * MINUTE;
    },
    notify: async (notification) => void told.push(notification),
    measure: (values) => void measured.push(values),
    now: () => the.clock.millis,
  };
  return {
    the,
    stable,
    parts,
    asked: scaling.sent,
    endpoint,
    traffic,
    told,
    measured,
    look: (stirred = false) => lookAfterCapacity(parts, stirred),
    memory: () => the.item<CapacityMemory>(ledgerKeys.capacity()),
  };
}

export const after = (the: World, minutes: number): void => void (the.clock.millis = START + minutes * MINUTE);
