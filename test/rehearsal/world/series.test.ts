import { counterName, type ControlRecord, type KpiPolicy } from '../../../core/contracts';
import type { History } from '../../../rehearsal/world/history';
import { COMBINED_EVIDENCE, type MetricReader, reportSeries } from '../../../rehearsal/world/series';

const START = Date.parse('2026-03-02T09:00:00Z');
const MINUTE = 60_000;

const control = (candidateWeight: number, atMillis: number): History['control'][number] => ({
  atMillis,
  record: { mode: 'live', stable: {}, candidate: {}, candidateWeight, holdout: 0.02 } as ControlRecord,
});

const history = (ledger: Record<string, Record<string, unknown>>, kpis: Partial<KpiPolicy>[] = []): History =>
  ({
    startMillis: START,
    endMillis: START + 120 * MINUTE,
    control: [control(0, START - 5 * MINUTE), control(0.05, START + 10 * MINUTE)],
    ledger: new Map(Object.entries(ledger)),
    releases: [{ spec: { kpis } }],
  }) as unknown as History;

const job = { useCase: 'triage', kpis: [{ name: 'missed-spam', better: 'lower' as const, target: 0.02 }] };
const silent: MetricReader = { metric: () => [] };

test('outcomes count in minutes and shards in which no unit came', () => {
  const { kpis } = reportSeries(
    history({
      'counters#r2#0|minute#2026-03-02T09:05': { 'missed-spam|candidate|n': 2 },
      'counters#r2#1|minute#2026-03-02T09:05': { 'missed-spam|candidate|x': 1 },
      'counters#r2#0|minute#2026-03-02T09:31': { 'missed-spam|candidate|n': 3, 'missed-spam|stable|n': 4 },
      'counters#r2#0|minute#2026-03-02T09:32': { 'missed-spam|candidate|x': 2 },
      'counters#r2#0|hour#2026-03-02T09': { changes: 9 },
    }),
    job,
    silent,
  );
  expect(kpis).toEqual([
    {
      name: 'missed-spam',
      better: 'lower',
      target: 0.02,
      byArm: {
        baseline: [],
        stable: [{ t: 1800, n: 4, x: 0 }],
        candidate: [
          { t: 0, n: 2, x: 1 },
          { t: 1800, n: 3, x: 2 },
        ],
      },
    },
  ]);
});

test('amounts have means in their own unit, over the observed units or over all; a latency has its own counter', () => {
  const amount = { better: 'lower', cap: 20, typical: { mean: 4, standardDeviation: 3 } } as const;
  const cost = { name: 'cost', type: 'mean', ...amount } as KpiPolicy;
  const touches = { name: 'touches', type: 'count', unobserved: 'zero', ...amount } as KpiPolicy;
  const slow = { name: 'slow', type: 'latency', better: 'lower', aboveMillis: 800 } as KpiPolicy;
  const counted = (policy: KpiPolicy, counts: Record<string, number>) =>
    Object.fromEntries(Object.entries(counts).map(([field, value]) => [`${counterName(policy)}|candidate|${field}`, value]));
  const item = {
    ...counted(cost, { n: 10, x: 4, s: 10_000 }),
    ...counted(touches, { n: 10, x: 4, s: 5_000 }),
    ...counted(slow, { n: 10, x: 3 }),
  };
  const { kpis } = reportSeries(
    history({ 'counters#r2#0|minute#2026-03-02T09:05': item }, [cost, touches, slow]),
    { useCase: 'triage', kpis: [cost, touches, slow].map(({ name, better }) => ({ name, better })) },
    silent,
  );
  expect(kpis.map(({ name, mean, byArm }) => [name, mean, byArm.candidate])).toEqual([
    ['cost', true, [{ t: 0, n: 4, x: 20 }]],
    ['touches', true, [{ t: 0, n: 10, x: 10 }]],
    ['slow', undefined, [{ t: 0, n: 10, x: 3 }]],
  ]);
});

test('evidence is that which decides, then each KPI and the error rate', () => {
  const published: Record<string, { t: number; max: number }[]> = {
    'Log10Evidence combined': [
      { t: START - MINUTE, max: 9 },
      { t: START + MINUTE, max: 1.5 },
    ],
    'Log10Evidence missed-spam': [{ t: START + MINUTE, max: 1.8 }],
    'Log10Evidence error-rate': [{ t: START + MINUTE, max: -0.2 }],
    'Log10Threshold combined': [{ t: START + MINUTE, max: 1.6 }],
  };
  const metrics: MetricReader = {
    metric: (namespace, name, { UseCase, Kpi }) =>
      namespace === 'Sluice' && UseCase === 'triage' ? (published[`${name} ${Kpi}`] ?? []) : [],
  };
  const { evidence, log10Threshold } = reportSeries(history({}), job, metrics);
  expect(evidence).toEqual([
    { name: COMBINED_EVIDENCE, points: [{ t: 60, log10: 1.5 }] },
    { name: 'missed-spam', points: [{ t: 60, log10: 1.8 }] },
    { name: 'error-rate', points: [{ t: 60, log10: -0.2 }] },
  ]);
  expect(log10Threshold).toBe(1.6);
});

test('without a verdict there is no evidence, and the threshold is that of alpha 5 %', () => {
  const { evidence, log10Threshold } = reportSeries(history({}), job, silent);
  expect(evidence.map(({ points }) => points)).toEqual([[], [], []]);
  expect(log10Threshold).toBeCloseTo(Math.log10(20));
});

test('shares are steps from the start to the end', () => {
  const { share } = reportSeries(history({}), job, silent);
  expect(share.map(({ t, candidate }) => [t, candidate])).toEqual([
    [0, 0],
    [600, 0.05],
    [7200, 0.05],
  ]);
});
