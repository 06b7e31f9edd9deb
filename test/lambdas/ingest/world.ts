import { type FakeLedger, fakeLedger, KPIS, START } from '../support';
import type { SQSEvent } from 'aws-lambda';
import {
  type Arm,
  type ControlRecord,
  type DecisionObserved,
  type KpiPolicy,
  ledgerKeys,
  type RejectedEvent,
} from '../../../core/contracts';
import { type Keyring, makeDecisionId, unitKeyOf } from '../../../core/decision-id';
import { unpackRejected } from '../../../core/observation';
import { ArmsReader } from '../../../lambdas/ingest/arms';
import { ingest } from '../../../lambdas/ingest/ingest';
import type { Published } from '../../../lambdas/ingest/tally';
import type { TruthFiles } from '../../../lambdas/ingest/truths';

export const keyring = { current: 'k1', k1: 'a-secret-of-enough-characters' } as Keyring;
export const USE_CASE = 'support-triage';
export const RELEASE = 'r1-aaaaaaaa';
export const MINUTE = 60_000;

const valued = {
  better: 'lower',
  role: 'guard',
  unit: 'case',
  margin: 0.2,
  weight: 1,
  windowMinutes: 60,
  delayDependsOnArm: true,
} as const;

/** One KPI of every type, and one that is attributed by variant. */
export const ALL_KPIS: KpiPolicy[] = [
  ...KPIS,
  { ...valued, name: 'handling-minutes', type: 'mean', cap: 120, typical: { mean: 20, standardDeviation: 15 } },
  { ...valued, name: 'contacts', type: 'count', cap: 10, typical: { mean: 1, standardDeviation: 1 }, unobserved: 'zero' },
  { ...valued, name: 'slow-answers', type: 'latency', aboveMillis: 800 },
  { ...valued, name: 'chat-score', type: 'binary', better: 'higher', attribution: 'variant' },
];

export interface DecisionOptions {
  unit?: string;
  arm?: Arm;
  releaseId?: string;
  atMillis?: number;
  failed?: boolean;
  latencyMillis?: number;
  firstByteMillis?: number;
  nonce?: string;
}

export function decision({
  unit = 'u1',
  arm = 'candidate',
  releaseId = RELEASE,
  atMillis = START,
  failed = false,
  latencyMillis = 40,
  firstByteMillis,
  nonce = unit,
}: DecisionOptions = {}): DecisionObserved {
  const unitKey = unitKeyOf(keyring, USE_CASE, unit);
  return {
    kind: 'decision',
    decisionId: makeDecisionId({ keyring, arm, releaseId, exposureMillis: atMillis, unitKey, nonce }),
    useCase: USE_CASE,
    releaseId,
    arm,
    servedRelease: releaseId,
    fallback: failed,
    failed,
    unitKey,
    decidedAt: new Date(atMillis).toISOString(),
    latencyMillis,
    ...(firstByteMillis === undefined ? {} : { firstByteMillis }),
    controlVersion: 3,
    requestHash: 'aa',
    responseHash: 'bb',
  };
}

/** A KPI event as a producer writes it. */
export function kpiEvent(of: DecisionObserved, value: unknown = true, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    schema: 'sluice.kpi/v1',
    useCase: USE_CASE,
    eventId: `e-${of.decisionId}`,
    kpi: 'missed-spam',
    decisionId: of.decisionId,
    value,
    observedAt: of.decidedAt,
    ...more,
  };
}

let envelopes = 0;

/** As EventBridge delivers it: each time in another envelope. */
export function enveloped(detail: unknown): object {
  envelopes += 1;
  return { version: '0', id: `envelope-${envelopes}`, 'detail-type': 'KpiObserved', detail };
}

export const kpi = (of: DecisionObserved, value: unknown = true, more: Record<string, unknown> = {}): object =>
  enveloped(kpiEvent(of, value, more));

let messages = 0;

export function batch(bodies: unknown[], sentMillis = START): SQSEvent {
  const records = bodies.map((body) => {
    messages += 1;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return { messageId: `m${messages}`, body: text, attributes: { SentTimestamp: String(sentMillis) } };
  });
  return { Records: records } as unknown as SQSEvent;
}

export interface World {
  fake: FakeLedger;
  run(event: SQSEvent): ReturnType<typeof ingest>;
  /** Of all lines with these dimensions. */
  metric(name: string, dimensions?: Record<string, string>): number;
  rejected(): RejectedEvent[];
}

export interface WorldOptions {
  shards?: number;
  kpis?: KpiPolicy[];
  fake?: FakeLedger;
  now?: () => number;
  truths?: TruthFiles;
}

export function setUp({ shards = 1, kpis = KPIS, fake = fakeLedger(), now = () => START, truths }: WorldOptions = {}): World {
  const published: Published[] = [];
  const arms = new ArmsReader(async () => (await fake.ledger.batchGet<ControlRecord>([ledgerKeys.control()]))[0]);
  return {
    fake,
    run: (event) =>
      ingest(
        {
          useCase: USE_CASE,
          kpis,
          retentionDays: 30,
          counterShards: shards,
          ledger: fake.ledger,
          arms,
          ...(truths === undefined ? {} : { truths }),
          now,
          keyring: async () => keyring,
          publish: (line) => published.push(line),
        },
        event,
      ),
    metric: (name, dimensions = {}) =>
      published
        .filter((line) => Object.entries(dimensions).every(([key, value]) => line.dimensions[key] === value))
        .reduce((sum, { values }) => sum + (values[name] ?? 0), 0),
    rejected: () => unpackRejected(fake.items('rejected#') as unknown as { sk: string }[]),
  };
}

/** All counters of a release by attribute, shards and minutes added up; with `byMinute` each minute by itself. Zeros are left out. */
export function totals(fake: FakeLedger, { releaseId = RELEASE, byMinute = false } = {}): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const item of fake.items(`counters#${releaseId}#`).filter(({ sk }) => String(sk).startsWith('minute#'))) {
    for (const [attribute, value] of Object.entries(item).filter(([name]) => name.includes('|'))) {
      const name = byMinute ? `${String(item['sk'])} ${attribute}` : attribute;
      sums[name] = (sums[name] ?? 0) + Number(value);
    }
  }
  return Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0));
}
