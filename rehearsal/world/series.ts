import { ARMS, counterAttribute, counterName, ERROR_RATE_KPI, type Arm, type CounterField, type KpiPolicy } from '../../core/contracts';
import { armWeights } from '../../core/assignment';
import { VALUE_STEPS } from '../../core/verdict/value-scale';
import type { History } from './history';
import type { RehearsalJob } from './job';

const BUCKET_MINUTES = 30;
const MINUTE_MILLIS = 60_000;

/** Units (`n`) and those of them with the outcome (`x`; amounts: their sum), from one moment of exposure on. */
interface Bucket {
  t: number;
  n: number;
  x: number;
}

export interface KpiSeries {
  name: string;
  better: 'lower' | 'higher';
  target?: number;
  /** An amount or a number of something: x / n is its mean, not a share. */
  mean?: true;
  /** Per half hour of exposure. */
  byArm: Record<Arm, Bucket[]>;
}

export interface EvidenceSeries {
  name: string;
  points: { t: number; log10: number }[];
}

/** What the report draws, beside the result. */
export interface ReportSeries {
  share: { t: number; baseline: number; stable: number; candidate: number }[];
  kpis: KpiSeries[];
  /** For rolling back. First what is held against the threshold, then each KPI and the error rate. */
  evidence: EvidenceSeries[];
  log10Threshold: number;
}

/** The weighted mean over the KPIs and the error rate, which decides. */
export const COMBINED_EVIDENCE = 'all KPIs together';

/** Reads a metric of the laptop cloud's CloudWatch. */
export interface MetricReader {
  metric(namespace: string, name: string, dimensions: Record<string, string>): { t: number; max: number }[];
}

/** Its name among the verdict's metrics. */
const COMBINED = 'combined';
const DEFAULT_LOG10_THRESHOLD = Math.log10(1 / 0.05);

export function reportSeries(history: History, job: Pick<RehearsalJob, 'kpis' | 'useCase'>, metrics: MetricReader): ReportSeries {
  const seconds = (atMillis: number): number => Math.round((atMillis - history.startMillis) / 1000);
  const minutes = minuteItems(history);
  const policies = policiesOf(history);
  const measured = (name: string, kpi: string): { t: number; log10: number }[] =>
    metrics
      .metric('Sluice', name, { UseCase: job.useCase, Kpi: kpi })
      .map(({ t, max }) => ({ t: seconds(t), log10: max }))
      .filter(({ t }) => t >= 0);
  return {
    share: shares(history, seconds),
    kpis: job.kpis.map(({ name, better, target }) => ({
      name,
      better,
      ...(target === undefined ? {} : { target }),
      ...((policies.get(name) ?? []).some((policy) => isMean(policy)) ? { mean: true as const } : {}),
      byArm: Object.fromEntries(
        ARMS.map((arm) => [arm, bucketed(minutes, (item) => countsOf(item, name, policies.get(name) ?? [], arm), seconds)]),
      ) as KpiSeries['byArm'],
    })),
    evidence: [
      { name: COMBINED_EVIDENCE, points: measured('Log10Evidence', COMBINED) },
      ...[...job.kpis.map(({ name }) => name), ERROR_RATE_KPI].map((name) => ({ name, points: measured('Log10Evidence', name) })),
    ],
    log10Threshold: measured('Log10Threshold', COMBINED).at(-1)?.log10 ?? DEFAULT_LOG10_THRESHOLD,
  };
}

/** A step line: each share lasts until the next change. */
function shares(history: History, seconds: (atMillis: number) => number): ReportSeries['share'] {
  const changes = history.control.map(({ atMillis, record }) => ({ t: seconds(atMillis), ...armWeights(record) }));
  const before = changes.filter(({ t }) => t <= 0).at(-1);
  const series = [...(before === undefined ? [] : [{ ...before, t: 0 }]), ...changes.filter(({ t }) => t > 0)];
  const last = series.at(-1);
  return last === undefined ? [] : [...series, { ...last, t: seconds(history.endMillis) }];
}

function minuteItems(history: History): { atMillis: number; item: Record<string, unknown> }[] {
  const items: { atMillis: number; item: Record<string, unknown> }[] = [];
  for (const [key, item] of history.ledger) {
    const minute = /^counters#.*\|minute#(.+)$/.exec(key)?.[1];
    if (minute !== undefined) items.push({ atMillis: Date.parse(`${minute}:00Z`), item });
  }
  return items;
}

/** Every way in which a KPI of a name was counted: a deploy may bring another threshold or cap. */
function policiesOf({ releases }: History): Map<string, KpiPolicy[]> {
  const byName = new Map<string, Map<string, KpiPolicy>>();
  for (const policy of releases.flatMap(({ spec }) => spec.kpis)) {
    const counters = byName.get(policy.name) ?? new Map<string, KpiPolicy>();
    byName.set(policy.name, counters.set(counterName(policy), policy));
  }
  return new Map([...byName].map(([name, counters]) => [name, [...counters.values()]]));
}

const isMean = ({ type }: KpiPolicy): boolean => type === 'mean' || type === 'count';

/** What one minute's item says of a KPI and an arm. */
function countsOf(item: Record<string, unknown>, name: string, policies: KpiPolicy[], arm: Arm): Pick<Bucket, 'n' | 'x'> {
  const counts = { n: 0, x: 0 };
  for (const policy of policies.length === 0 ? [undefined] : policies) {
    const of = (field: CounterField): number =>
      Number(item[counterAttribute(policy === undefined ? name : counterName(policy), arm, field)] ?? 0);
    const amounts = policy !== undefined && isMean(policy);
    counts.n += amounts && policy.unobserved !== 'zero' ? of('x') : of('n');
    counts.x += amounts ? (of('s') * (policy.cap ?? 0)) / VALUE_STEPS : of('x');
  }
  return counts;
}

function bucketed(
  minutes: { atMillis: number; item: Record<string, unknown> }[],
  count: (item: Record<string, unknown>) => Pick<Bucket, 'n' | 'x'>,
  seconds: (atMillis: number) => number,
): Bucket[] {
  const buckets = new Map<number, Bucket>();
  const bucketMillis = BUCKET_MINUTES * MINUTE_MILLIS;
  for (const { atMillis, item } of minutes) {
    const { n, x } = count(item);
    // Units and outcomes of a minute are counted in different shards.
    if (n === 0 && x === 0) continue;
    const start = Math.floor(atMillis / bucketMillis) * bucketMillis;
    const bucket = buckets.get(start) ?? { t: seconds(start), n: 0, x: 0 };
    bucket.n += n;
    bucket.x += x;
    buckets.set(start, bucket);
  }
  return [...buckets.values()].sort((left, right) => left.t - right.t);
}
