import path from 'node:path';
import { scenarioSchema } from '../../../rehearsal/world/scenario-schema';
import type { RehearsalJob } from '../../../rehearsal/world/job';
import { toyJob } from '../toy';

const KPI_TOY = path.join(__dirname, 'use-case');

/** A canary of the use case with every type of KPI, with parts of the scenario written otherwise. */
export function kpiJob(changes: Record<string, unknown> = {}, seed = 1): Promise<RehearsalJob> {
  const scenario = scenarioSchema.parse({
    title: 'test',
    duration: '3h',
    traffic: { perMinute: 10, source: 'traffic.mjs' },
    given: { stable: 'promoted' },
    arms: { stable: { model: 'models/stable.mjs' }, candidate: { model: 'models/same.mjs' } },
    outcomes: 'outcomes.mjs',
    people: [{ role: 'quality', after: '1m', decision: 'approve' }],
    actions: [{ at: '1m', do: 'deploy', release: 'candidate' }],
    ...changes,
  });
  return toyJob({ name: 'test', file: 'test.yaml', scenario }, seed, KPI_TOY);
}

/** The candidate runs this model; further keys describe its container. */
export const candidate = (model: string, container: Record<string, unknown> = {}) => ({
  stable: { model: 'models/stable.mjs' },
  candidate: { model: `models/${model}.mjs`, ...container },
});

/** The deploy brings a changed charter. */
export const deploys = (change: Record<string, unknown>) => [{ at: '1m', do: 'deploy', release: 'candidate', change }];

export const unheld = (result: { invariants: { name: string; held: boolean; violations?: string[] }[] }) =>
  result.invariants.filter(({ held }) => !held);

const KPIS = [
  { name: 'mistakes', type: 'binary', better: 'lower', unit: 'case', role: 'goal', margin: 0.5, window: '30m' },
  { name: 'slow', type: 'latency', better: 'lower', unit: 'case', role: 'guard', margin: 0.5, above: 80 },
  {
    name: 'cost',
    type: 'mean',
    better: 'lower',
    unit: 'case',
    role: 'guard',
    margin: 0.4,
    window: '30m',
    cap: 20,
    typical: { mean: 4, deviation: 2.8 },
  },
  {
    name: 'touches',
    type: 'count',
    better: 'lower',
    unit: 'case',
    role: 'guard',
    margin: 0.4,
    window: '30m',
    cap: 12,
    typical: { mean: 2, deviation: 1.5 },
  },
];

/** The charter's KPIs, one of them with further keys: a list in a change replaces the whole list. */
export const kpisWith = (name: string, keys: Record<string, unknown>) => KPIS.map((kpi) => (kpi.name === name ? { ...kpi, ...keys } : kpi));
