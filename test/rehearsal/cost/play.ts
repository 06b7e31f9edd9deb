import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { Assemblies } from '../../../bin/rehearsal/assemblies';
import { jobOf } from '../../../bin/rehearsal/job';
import { simulate } from '../../../bin/rehearsal/simulation';
import { synthesize } from '../../../bin/synthesize';
import { readCharter } from '../../../bin/use-case';
import type { CostState } from '../../../core/cost';
import { checkActions } from '../../../rehearsal/world/action-keys';
import type { RehearsalJob } from '../../../rehearsal/world/job';
import type { RehearsalResult } from '../../../rehearsal/world/result';
import { scenarioSchema } from '../../../rehearsal/world/scenario-schema';
import type { CostRecording } from './cost-worker';

export type { CostRecording };

const ROOT = path.resolve(__dirname, '../../..');
const USE_CASE = path.join(__dirname, 'use-case');

const COMMON = {
  title: 'test',
  start: '2026-03-10T09:00:00Z',
  duration: '2h',
  traffic: { perMinute: 1, source: 'traffic.mjs' },
  given: { stable: 'promoted' },
  arms: { stable: { model: 'models/stable.mjs' }, good: { model: 'models/good.mjs' } },
  outcomes: 'outcomes.mjs',
};

export interface Story {
  /** Laid over the charter at every deploy, also before the scenario. */
  charter?: Record<string, unknown>;
  [part: string]: unknown;
}

let worker: string | undefined;

/** The simulation thread, built from the sources as they are. */
function workerFile(): string {
  if (worker !== undefined) return worker;
  worker = path.join(mkdtempSync(path.join(tmpdir(), 'sluice-cost-')), 'worker.js');
  buildSync({
    entryPoints: [path.join(__dirname, 'cost-worker.ts')],
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    mainFields: ['module', 'main'],
    logLevel: 'warning',
    outfile: worker,
  });
  return worker;
}

/** One synthesis for each charter of a test file. */
const assemblies = new Assemblies(USE_CASE, undefined, mkdtempSync(path.join(tmpdir(), 'sluice-cost-')), synthesize);

export async function prepare({ charter, ...parts }: Story): Promise<RehearsalJob> {
  const given: Record<string, unknown> = { ...COMMON, ...parts };
  const arms = given['arms'] as Record<string, Record<string, unknown>>;
  const actions = ((given['actions'] ?? []) as Record<string, unknown>[]).map((action) =>
    action['do'] === 'deploy' && charter !== undefined ? { ...action, change: { ...charter, ...(action['change'] as object) } } : action,
  );
  const named = { name: 'test', file: 'test.yaml', scenario: scenarioSchema.parse({ ...given, arms, actions }) };
  checkActions(named);
  const { result } = readCharter(USE_CASE);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return jobOf(USE_CASE, result.charter, named, 1, await assemblies.of(named));
}

export const perform = async (job: RehearsalJob): Promise<CostRecording> =>
  (await simulate(job, () => undefined, workerFile())) as CostRecording;

export const play = async (story: Story): Promise<CostRecording> => perform(await prepare(story));

export const stateOf = ({ ledger }: CostRecording): CostState => JSON.parse(String(ledger['cost|cost']?.['state'])) as CostState;

/** What did not go as it should: expectations and invariants, in words. */
export const wrong = ({ expectations, invariants }: RehearsalResult): string[] => [
  ...expectations.filter(({ held }) => !held).map(({ text, seen }) => `${text}; seen: ${seen}`),
  ...invariants.filter(({ held }) => !held).map(({ name, violations }) => `${name}: ${violations?.join('; ')}`),
];
