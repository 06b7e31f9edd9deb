import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { Assemblies } from '../../../bin/rehearsal/assemblies';
import { jobOf } from '../../../bin/rehearsal/job';
import { simulate } from '../../../bin/rehearsal/simulation';
import { synthesize } from '../../../bin/synthesize';
import { readCharter } from '../../../bin/use-case';
import { checkActions } from '../../../rehearsal/world/action-keys';
import { checkFaults } from '../../../rehearsal/world/check-faults';
import type { RehearsalJob } from '../../../rehearsal/world/job';
import type { RehearsalResult } from '../../../rehearsal/world/result';
import { scenarioSchema } from '../../../rehearsal/world/scenario-schema';
import type { TimelineEntry } from '../../../rehearsal/world/timeline';
import type { CapacityRecording } from './capacity-worker';

export type { CapacityRecording };

const ROOT = path.resolve(__dirname, '../../..');
const USE_CASE = path.join(__dirname, 'use-case');

const COMMON = {
  title: 'test',
  duration: '3h',
  traffic: { perMinute: 1, source: 'traffic.mjs' },
  given: { stable: 'promoted' },
  arms: { stable: { model: 'models/stable.mjs' }, good: { model: 'models/good.mjs' } },
  outcomes: 'outcomes.mjs',
};

export interface Story {
  /** Laid over the charter at every deploy of the scenario. */
  charter?: Record<string, unknown>;
  [part: string]: unknown;
}

let worker: string | undefined;

/** The simulation thread, built from the sources as they are. */
function workerFile(): string {
  if (worker !== undefined) return worker;
  worker = path.join(mkdtempSync(path.join(tmpdir(), 'sluice-capacity-')), 'worker.js');
  buildSync({
    entryPoints: [path.join(__dirname, 'capacity-worker.ts')],
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
const assemblies = new Assemblies(USE_CASE, undefined, mkdtempSync(path.join(tmpdir(), 'sluice-capacity-')), synthesize);

export async function prepare({ charter, ...parts }: Story): Promise<RehearsalJob> {
  const given: Record<string, unknown> = { ...COMMON, ...parts };
  const actions = ((given['actions'] ?? []) as Record<string, unknown>[]).map((action) =>
    action['do'] === 'deploy' && charter !== undefined ? { change: charter, ...action } : action,
  );
  const named = { name: 'test', file: 'test.yaml', scenario: scenarioSchema.parse({ ...given, actions }) };
  checkActions(named);
  checkFaults(named);
  const { result } = readCharter(USE_CASE);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return jobOf(USE_CASE, result.charter, named, 1, await assemblies.of(named));
}

export const perform = async (job: RehearsalJob): Promise<CapacityRecording> =>
  (await simulate(job, () => undefined, workerFile())) as CapacityRecording;

export const play = async (story: Story): Promise<CapacityRecording> => perform(await prepare(story));

/** What did not go as it should: expectations and invariants, in words. */
export const wrong = ({ result: { expectations, invariants } }: { result: RehearsalResult }): string[] => [
  ...expectations.filter(({ held }) => !held).map(({ text, seen }) => `${text}; seen: ${seen}`),
  ...invariants.filter(({ held }) => !held).map(({ name, violations }) => `${name}: ${violations?.join('; ')}`),
];

export const deploy = (release = 'stable', at = '1m', more: Record<string, unknown> = {}): Record<string, unknown> => ({
  at,
  do: 'deploy',
  release,
  ...more,
});

const minuteOf = ({ t }: TimelineEntry): number => Math.floor(t / 60);

/** Minutes at which something happened. */
export const minutesOf = ({ result }: CapacityRecording, source: string, event: string): number[] =>
  result.timeline.filter((entry) => entry.source === source && entry.event === event).map(minuteOf);

/** What became of the endpoint: `[minute, status]`. */
export const endpointOf = ({ result }: CapacityRecording): [number, string][] =>
  result.timeline
    .filter(({ event }) => event === 'endpoint-status')
    .map((entry) => [minuteOf(entry), String(entry.detail['status'])] as [number, string]);

/** Changes of instance counts by Application Auto Scaling: `[minute, from, to]`. */
export const scalings = ({ result }: CapacityRecording): [number, number, number][] =>
  result.timeline
    .filter(({ source, event }) => source === 'application-autoscaling' && event === 'scaled')
    .map((entry) => [minuteOf(entry), Number(entry.detail['from']), Number(entry.detail['to'])]);

export const told = ({ mails }: CapacityRecording, words: RegExp): number[] =>
  mails.filter(({ subject }) => words.test(subject)).map(({ minute }) => minute);
