import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { scenarioSchema } from '../../../rehearsal/world/scenario-schema';
import type { RehearsalResult } from '../../../rehearsal/world/result';
import { run, toyJob } from '../toy';

const TOY = path.join(__dirname, 'use-case');

/** A release of this model, after one that was promoted; `changes` lie over the scenario. */
export async function released(model: string, changes: Record<string, unknown> = {}, seed = 1): Promise<RehearsalResult> {
  const scenario = scenarioSchema.parse({
    title: 'test',
    duration: '3h',
    traffic: { perMinute: 4, source: 'traffic.mjs' },
    given: { stable: 'promoted' },
    arms: { stable: { model: 'models/parity.mjs' }, candidate: { model: `models/${model}.mjs` } },
    outcomes: 'outcomes.mjs',
    judge: 'judge.mjs',
    actions: [{ at: '1m', do: 'deploy', release: 'candidate' }],
    ...changes,
  });
  return run(await toyJob({ name: 'test', file: 'test.yaml', scenario }, seed, TOY));
}

export const unheld = (result: RehearsalResult) => result.invariants.filter(({ held }) => !held);

export const goldenGate = () => ({
  name: 'labels',
  goldenSet: { data: 'golden.jsonl', scorer: { exactMatch: { field: 'label' } }, atLeast: 0.9 },
});

/** Gates of the charter, by name. */
export function charterGates(...names: string[]): object[] {
  const { gates } = parse(readFileSync(path.join(TOY, 'usecase.yaml'), 'utf8')) as { gates: { name: string }[] };
  return gates.filter(({ name }) => names.includes(name));
}
