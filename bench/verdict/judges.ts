import type { Kpi } from './kpis';
import { MARGIN, policyOf } from './kpis';
import type { Judge } from './ours';
import { BinaryPromotion, BinaryRollback, ValuePromotion, ValueRollback } from './ours';
import { KayentaJudge } from './peers/kayenta';
import { OBrienFleming, PeekedZTest, PooledSequence } from './peers/pooled-tests';
import type { Score } from './peers/score';
import { ArgoAnalysis, CloudWatchAlarm, FlaggerChecks } from './peers/threshold-rules';
import { BinaryStream } from './binary-stream';
import { Random } from './random';
import type { Stream, StreamOptions } from './stream';
import type { Scenario } from './traffic';
import { plannedInformation } from './traffic';
import { ValueStream } from './value-stream';
import type { ValueWorld } from './value-table';
import { valueWorld } from './value-table';
import { VALUE_STEPS } from '../../core/verdict/value-scale';

/** Peers whose rule is "score above a limit". */
export const SCORED = ['cloudwatch', 'flagger', 'argo', 'z-test', 'obrien-fleming', 'pooled-sequence'] as const;
export type Scored = (typeof SCORED)[number];
export const KAYENTA = ['kayenta-5-95', 'kayenta-equal'] as const;

/** Rules whose limit is set so that 5 % of days without a change exceed it; the other two promise that by themselves. */
export const CALIBRATED: readonly Scored[] = ['cloudwatch', 'flagger', 'argo', 'z-test'];

const Z_ONE_SIDED = 1.6448536269514722;
/** Φ⁻¹(1 − 0.05/2): by the reflection principle 5 % for continuous looks. */
const Z_REFLECTED = 1.959963984540054;

/** What a KPI needs besides its description; made once per cell. */
export interface World {
  kpi: Kpi;
  values?: ValueWorld;
}

export function worldOf(kpi: Kpi): World {
  return kpi.type === 'value' ? { kpi, values: valueWorld(kpi) } : { kpi };
}

export function streamOf({ values }: World, label: string, repetition: number, options: StreamOptions): Stream {
  const random = new Random(label, repetition);
  return values === undefined ? new BinaryStream(random, options) : new ValueStream(random, options, values);
}

/** Where outcomes come late, the default policy holds: complete strata only. */
export function rollbackJudge({ kpi, values }: World, { late }: Scenario): Judge {
  return values === undefined ? new BinaryRollback(policyOf(kpi), !late) : new ValueRollback(values.scale, !late);
}

export function promotionJudge({ kpi, values }: World): Judge {
  return values === undefined ? new BinaryPromotion(policyOf(kpi)) : new ValuePromotion(values.policy, values.scale);
}

export function scoreOf(name: Scored, world: World, scenario: Scenario, perMinute: number): Score {
  const { kpi, values } = world;
  const binary = values === undefined;
  const sign = kpi.better === 'lower' ? 1 : -1;
  const badness = (level: number): number => sign * level;
  switch (name) {
    case 'cloudwatch':
      return new CloudWatchAlarm(badness);
    case 'flagger':
      return new FlaggerChecks(badness);
    case 'argo':
      return new ArgoAnalysis(badness);
    case 'z-test':
      return new PeekedZTest(kpi.better, binary);
    case 'obrien-fleming':
      return new OBrienFleming(kpi.better, binary, plannedInformation(scenario, perMinute));
    case 'pooled-sequence':
      return new PooledSequence(kpi.better, binary, MARGIN * (values?.table(1, 1).meanSteps ?? kpi.level));
  }
}

/** The limit as the tool comes, or as its method sets it. */
export function limitOf(name: Scored, { kpi, values }: World): number {
  if (name === 'z-test') return Z_ONE_SIDED;
  if (name === 'obrien-fleming') return Z_REFLECTED;
  if (name === 'pooled-sequence') return Math.log(20);
  const unit = values === undefined ? 1 : VALUE_STEPS / values.scale.cap;
  return (kpi.better === 'lower' ? 1 : -1) * kpi.alarmAt * unit;
}

export const kayentaJudges = ({ kpi }: World): KayentaJudge[] => [
  new KayentaJudge(kpi.better, 'control'),
  new KayentaJudge(kpi.better, 'equal'),
];
