/**
 * What AWS would bill for endpoints, recorded from the simulator's own state changes and from nothing else: a witness against which the
 * product's own cost metric is checked. It imports nothing of core/ or lambdas/.
 *
 * Instances: SageMaker's price list charges hosting per instance and hour ("Hosting:ml.…", operation RunInstance), by the second. "When it
 * receives the request, SageMaker creates the endpoint, launches the resources (ML compute instances), and deploys the model(s) on them"
 * (API reference, CreateEndpoint): an instance is billed from its launch until its termination, also while its model is being downloaded,
 * while its container starts, and while it bakes; an instance that never came (no capacity) is not billed. The documentation does not say
 * which second it is. Here an instance exists exactly as long as DescribeEndpoint counts it in a CurrentInstanceCount ("the number of
 * instances associated with the variant"), in ProductionVariants, ShadowProductionVariants or PendingDeploymentSummary:
 * - the old fleet of an update until the new one has taken over and the termination wait is over ("SageMaker terminates the blue fleet");
 *   the new fleet from its launch until it took over, or until the rollback is over; a rolling update's fleets batch by batch;
 * - of instance pools, the type that was provisioned;
 * - until DeleteEndpoint is called: instances of an endpoint that is Deleting are gone.
 *
 * Serverless: the milliseconds for which containers answered, by the memory of the endpoint; not the time for which a container started
 * (CloudWatch: ModelSetupTime). Provisioned concurrency is charged by the second that it is enabled, used or not.
 *
 * Not metered: storage volumes, data processed in and out, S3, jobs.
 */
import type { Clock } from '../../cloud/types';
import type { EndpointRecord, VariantDefinition } from './state';

/** Instances of one type that worked for one variant of one config. */
export interface MeteredInstances {
  endpointName: string;
  variantName: string;
  endpointConfigName: string;
  instanceType: string;
  instanceSeconds: number;
}

export interface MeteredServerless {
  endpointName: string;
  variantName: string;
  endpointConfigName: string;
  memoryMebibytes: number;
  invocations: number;
  invocationMillis: number;
  /** Seconds × provisioned concurrency. */
  provisionedSeconds: number;
}

/** Of the time to look at; open ends where left out. Invocations are counted by whole minutes. */
export interface MeterWindow {
  fromMillis?: number;
  untilMillis?: number;
}

interface Interval {
  fromMillis: number;
  untilMillis: number;
  count: number;
}

/** One meter: a count that changes from time to time. */
class Counter {
  private readonly closed: Interval[] = [];
  private count = 0;
  private sinceMillis = 0;

  set(count: number, now: number): void {
    if (count === this.count) return;
    if (this.count > 0 && now > this.sinceMillis) this.closed.push({ fromMillis: this.sinceMillis, untilMillis: now, count: this.count });
    this.count = count;
    this.sinceMillis = now;
  }

  seconds(now: number, { fromMillis = Number.NEGATIVE_INFINITY, untilMillis = now }: MeterWindow): number {
    const open: Interval = { fromMillis: this.sinceMillis, untilMillis: now, count: this.count };
    let sum = 0;
    for (const interval of [...this.closed, open]) {
      const millis = Math.min(interval.untilMillis, untilMillis) - Math.max(interval.fromMillis, fromMillis);
      if (millis > 0) sum += millis * interval.count;
    }
    return sum / 1000;
  }
}

interface Key {
  endpointName: string;
  variantName: string;
  endpointConfigName: string;
  /** Type of instances, or `serverless <memory>`. */
  what: string;
  /** Serverless alone. */
  memoryMebibytes?: number;
}

interface Meters {
  key: Key;
  counter: Counter;
  /** By minute of their end. */
  served: Map<number, { invocations: number; millis: number }>;
}

type Counts = Map<string, { key: Key; count: number }>;

const MINUTE = 60_000;
const SERVERLESS = 'serverless';

const nameOf = ({ endpointName, variantName, endpointConfigName, what }: Key): string =>
  [endpointName, variantName, endpointConfigName, what].join('|');

function keyOf(endpointName: string, endpointConfigName: string, { variantName, instanceType, serverless }: VariantDefinition): Key {
  const names = { endpointName, variantName, endpointConfigName };
  return serverless === undefined
    ? { ...names, what: instanceType }
    : { ...names, what: `${SERVERLESS} ${serverless.memoryMebibytes}`, memoryMebibytes: serverless.memoryMebibytes };
}

function add(counts: Counts, key: Key, count: number): void {
  const name = nameOf(key);
  const known = counts.get(name);
  if (known === undefined) counts.set(name, { key, count });
  else known.count += count;
}

/** What exists for an endpoint at this moment. */
function countsOf(endpoint: EndpointRecord): Counts {
  const counts: Counts = new Map();
  const { name, configName, pending } = endpoint;
  for (const variant of [...endpoint.variants, ...(endpoint.shadow === undefined ? [] : [endpoint.shadow])])
    if (variant.hosts !== undefined)
      for (const { instanceType } of variant.hosts.running) add(counts, keyOf(name, configName, { ...variant, instanceType }), 1);
    else add(counts, keyOf(name, configName, variant), variant.serverless?.provisionedConcurrency ?? variant.launchedCount);
  if (pending === undefined || pending.resizes === true) return counts;
  for (const variant of [...pending.variants, ...(pending.shadow === undefined ? [] : [pending.shadow])])
    if (variant.serverless === undefined) add(counts, keyOf(name, pending.configName, variant), launchedOf(pending.launchedShare, variant));
  return counts;
}

/** Instances of a fleet on its way that have been launched: whole ones, of each variant. */
export const launchedOf = (share: number, { instanceCount }: VariantDefinition): number =>
  Math.min(instanceCount, Math.ceil(instanceCount * share));

export class Meter {
  private readonly meters = new Map<string, Meters>();
  private readonly ofEndpoint = new Map<string, Set<Meters>>();
  private readonly ofVariant = new WeakMap<VariantDefinition, Meters>();

  constructor(private readonly clock: Clock) {}

  /** Called whenever instances of an endpoint came or went. */
  observe(endpoint: EndpointRecord): void {
    const now = this.clock.now();
    const counts = countsOf(endpoint);
    for (const [name, { key, count }] of counts) this.of(name, key).counter.set(count, now);
    for (const meters of this.ofEndpoint.get(endpoint.name) ?? []) if (!counts.has(nameOf(meters.key))) meters.counter.set(0, now);
  }

  /** Called for every request that a serverless container answered. */
  served(endpoint: EndpointRecord, variant: VariantDefinition, millis: number): void {
    const minute = Math.floor(this.clock.now() / MINUTE);
    const { served } = this.ofVariant.get(variant) ?? this.meet(endpoint, variant);
    const sum = served.get(minute);
    if (sum === undefined) served.set(minute, { invocations: 1, millis });
    else {
      sum.invocations += 1;
      sum.millis += millis;
    }
  }

  metered(endpointName?: string, window: MeterWindow = {}): MeteredInstances[] {
    return this.list(endpointName)
      .filter(({ key }) => key.memoryMebibytes === undefined)
      .map(({ key: { what, ...names }, counter }) => ({
        ...names,
        instanceType: what,
        instanceSeconds: counter.seconds(this.clock.now(), window),
      }))
      .filter(({ instanceSeconds }) => instanceSeconds > 0);
  }

  meteredServerless(endpointName?: string, window: MeterWindow = {}): MeteredServerless[] {
    const { fromMillis = Number.NEGATIVE_INFINITY, untilMillis = Number.POSITIVE_INFINITY } = window;
    return this.list(endpointName).flatMap(({ key, counter, served }) => {
      if (key.memoryMebibytes === undefined) return [];
      const { endpointName: name, variantName, endpointConfigName, memoryMebibytes } = key;
      const seen = [...served].filter(([minute]) => minute * MINUTE >= fromMillis && minute * MINUTE < untilMillis).map(([, sum]) => sum);
      return {
        endpointName: name,
        variantName,
        endpointConfigName,
        memoryMebibytes,
        invocations: seen.reduce((sum, { invocations }) => sum + invocations, 0),
        invocationMillis: seen.reduce((sum, { millis }) => sum + millis, 0),
        provisionedSeconds: counter.seconds(this.clock.now(), window),
      };
    });
  }

  private meet(endpoint: EndpointRecord, variant: VariantDefinition): Meters {
    const key = keyOf(endpoint.name, endpoint.configName, variant);
    const meters = this.of(nameOf(key), key);
    this.ofVariant.set(variant, meters);
    return meters;
  }

  private list(endpointName: string | undefined): Meters[] {
    return endpointName === undefined ? [...this.meters.values()] : [...(this.ofEndpoint.get(endpointName) ?? [])];
  }

  private of(name: string, key: Key): Meters {
    const known = this.meters.get(name);
    if (known !== undefined) return known;
    const created: Meters = { key, counter: new Counter(), served: new Map() };
    this.meters.set(name, created);
    const siblings = this.ofEndpoint.get(key.endpointName) ?? new Set<Meters>();
    this.ofEndpoint.set(key.endpointName, siblings.add(created));
    return created;
  }
}
