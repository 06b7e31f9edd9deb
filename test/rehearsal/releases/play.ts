import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Assemblies } from '../../../bin/rehearsal/assemblies';
import { jobOf } from '../../../bin/rehearsal/job';
import { simulate } from '../../../bin/rehearsal/simulation';
import { synthesize } from '../../../bin/synthesize';
import { readCharter } from '../../../bin/use-case';
import { checkFaults } from '../../../rehearsal/world/check-faults';
import { checkActions } from '../../../rehearsal/world/action-keys';
import type { RehearsalJob } from '../../../rehearsal/world/job';
import type { RehearsalResult } from '../../../rehearsal/world/result';
import { scenarioSchema } from '../../../rehearsal/world/scenario-schema';

/** The simulation thread as it is built: users' modules are real ES modules there. */
const WORKER = path.resolve(__dirname, '../../../dist/bin/rehearsal-worker.js');
const USE_CASE = path.join(__dirname, 'use-case');

const STRANGER = 'arn:aws:iam::123456789012:role/Stranger';

/** What stands in every scenario, unless it says otherwise. */
const COMMON = {
  title: 'test',
  duration: '3h',
  traffic: { perMinute: 8, source: 'traffic.mjs' },
  given: { stable: 'promoted' },
  arms: {
    stable: { model: 'models/stable.mjs' },
    good: { model: 'models/good.mjs' },
    bad: { model: 'models/bad.mjs' },
    failing: { model: 'models/failing.mjs' },
  },
  outcomes: 'outcomes.mjs',
  people: [{ role: 'quality', after: '5m', decision: 'approve', comment: 'looks fine' }],
};

interface Story {
  /** Laid over the charter at every deploy of the scenario. */
  charter?: Record<string, unknown>;
  seed?: number;
  [part: string]: unknown;
}

/** One synthesis for each charter of a test file. */
const assemblies = new Assemblies(USE_CASE, undefined, mkdtempSync(path.join(tmpdir(), 'sluice-releases-')), synthesize);

/** The job of a scenario of the small use case. */
async function prepare({ charter: change, seed = 1, ...parts }: Story): Promise<RehearsalJob> {
  const given: Record<string, unknown> = { ...COMMON, ...parts };
  const actions = ((given['actions'] ?? []) as Record<string, unknown>[]).map((action) =>
    action['do'] === 'deploy' && change !== undefined ? { change, ...action } : action,
  );
  const named = { name: 'test', file: 'test.yaml', scenario: scenarioSchema.parse({ ...given, actions }) };
  checkActions(named);
  checkFaults(named);
  const { result } = readCharter(USE_CASE);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return jobOf(USE_CASE, result.charter, named, seed, await assemblies.of(named));
}

async function perform(job: RehearsalJob): Promise<RehearsalResult> {
  return (await simulate(job, () => undefined, WORKER)).result;
}

const play = async (story: Story): Promise<RehearsalResult> => perform(await prepare(story));

/** What did not go as it should: expectations and invariants, in words. */
const wrong = ({ expectations, invariants }: RehearsalResult): string[] => [
  ...expectations.filter(({ held }) => !held).map(({ text, seen }) => `${text}; seen: ${seen}`),
  ...invariants.filter(({ held }) => !held).map(({ name, violations }) => `${name}: ${violations?.join('; ')}`),
];

const deploy = (release: string, at = '1m', more: Record<string, unknown> = {}): Record<string, unknown> => ({
  at,
  do: 'deploy',
  release,
  ...more,
});

export { deploy, perform, play, prepare, STRANGER, wrong };
