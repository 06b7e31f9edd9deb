// What a release of thirty days leaves in Step Functions: history events (25 000 are allowed) and state transitions (which are paid for).
// It waits behind another one, then for the end of a freeze, then for its approval; its canary takes two weeks, its rollback window five days.
//   node bench/run.mjs release-history [dollars for a million transitions] [date of that price]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Assemblies } from '../bin/rehearsal/assemblies';
import { jobOf } from '../bin/rehearsal/job';
import { simulate } from '../bin/rehearsal/simulation';
import { synthesize } from '../bin/synthesize';
import { readCharter } from '../bin/use-case';
import type { RehearsalResult } from '../rehearsal';
import { scenarioSchema } from '../rehearsal/world/scenario-schema';

const USE_CASE = path.resolve('test/rehearsal/releases/use-case');
const WORKER = path.resolve('dist/bin/rehearsal-worker.js');
const MOST_EVENTS = 1500;
/** Standard workflows, us-east-1. */
const PRICE = { dollars: '25', date: '2026-11-21' };
const HOURS_PER_DAY = 24;

const CHARTER = {
  gates: [{ name: 'legal', custom: { function: 'arn:aws:lambda:eu-west-1:123456789012:function:check' } }],
  approvals: { deadline: '10d', escalation: { after: '3d', roles: ['risk'] } },
  rollout: {
    strategy: 'canary',
    steps: [
      { weight: 0.1, bake: '7d' },
      { weight: 0.5, bake: '7d' },
    ],
    maxDuration: '20d',
    keepWarm: '5d',
    freezes: [{ reason: 'the season', from: '2026-03-04T00:00Z', to: '2026-03-06T09:00Z' }],
  },
};

const SCENARIO = {
  title: 'A release of thirty days',
  start: '2026-03-02T09:00:00Z',
  duration: '30d',
  traffic: { perMinute: 0.2, source: 'traffic.mjs' },
  given: { stable: 'promoted' },
  arms: {
    stable: { model: 'models/stable.mjs' },
    before: { model: 'models/bad.mjs' },
    good: { model: 'models/good.mjs' },
  },
  outcomes: 'outcomes.mjs',
  functions: { check: 'gates/fine.mjs' },
  people: [
    { role: 'quality', release: 'before', after: '2d', decision: 'reject', comment: 'not this one' },
    { role: 'risk', release: 'good', after: '6d', decision: 'approve', comment: 'in place of quality' },
  ],
  actions: [
    { at: '1m', do: 'deploy', release: 'before', change: CHARTER },
    { at: '1h', do: 'deploy', release: 'good', change: CHARTER },
  ],
};

async function rehearse(output: string): Promise<RehearsalResult> {
  const { result } = readCharter(USE_CASE);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const named = { name: 'thirty-days', file: 'thirty-days', scenario: scenarioSchema.parse(SCENARIO) };
  const assemblies = await new Assemblies(USE_CASE, undefined, output, synthesize).of(named);
  const job = jobOf(USE_CASE, result.charter, named, 1, assemblies);
  return (await simulate(job, ({ t, ofSeconds }) => progress(t, ofSeconds), WORKER)).result;
}

let told = 0;
function progress(t: number, ofSeconds: number): void {
  const tenths = Math.floor((10 * t) / ofSeconds);
  if (tenths > told) console.error(`day ${Math.round(t / 86_400)} of ${Math.round(ofSeconds / 86_400)}`);
  told = Math.max(told, tenths);
}

async function main(): Promise<void> {
  const [dollars = PRICE.dollars, date = PRICE.date] = process.argv.slice(2);
  const output = mkdtempSync(path.join(tmpdir(), 'sluice-release-history-'));
  try {
    report(await rehearse(output), Number(dollars), date);
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

function report({ releases, executions, invariants, timeline, drainedAtSeconds }: RehearsalResult, dollars: number, date: string): void {
  const release = releases.at(-1);
  if (release === undefined) throw new Error('nothing was released');
  const own = executions.find(({ name }) => name === release.id);
  if (own === undefined) throw new Error(`release ${release.id} has no execution`);
  const children = executions.filter(({ name, releaseId }) => name !== release.id && releaseId === release.id);
  const end = timeline.find(({ event, detail }) => event === 'succeeded' && detail['execution'] === release.id)?.t ?? drainedAtSeconds;
  const days = (end - release.startedAtSeconds) / 3600 / HOURS_PER_DAY;
  console.log(`${release.id}: ${release.outcome} (${release.stage}); its execution took ${days.toFixed(1)} days`);
  console.log(
    'execution                                  state machine                                  history events   transitions   dollars',
  );
  for (const { name, stateMachine, historyEvents, transitions } of [own, ...children])
    console.log(
      `${name.slice(0, 40).padEnd(42)} ${stateMachine.slice(0, 44).padEnd(46)} ${String(historyEvents).padStart(14)} ${String(transitions).padStart(13)} ${((transitions * dollars) / 1e6).toFixed(5).padStart(9)}`,
    );
  const transitions = [own, ...children].reduce((sum, one) => sum + one.transitions, 0);
  console.log(
    `Step Functions: ${transitions} transitions, $${((transitions * dollars) / 1e6).toFixed(4)} at $${dollars} a million (${date})`,
  );
  const broken = invariants.filter(({ held }) => !held).map(({ name, violations }) => `${name}: ${violations?.join('; ')}`);
  for (const words of broken) console.log(`VIOLATED ${words}`);
  console.log(`${own.historyEvents} history events: ${own.historyEvents < MOST_EVENTS ? 'below' : 'NOT below'} ${MOST_EVENTS}`);
  if (own.historyEvents >= MOST_EVENTS || broken.length > 0 || release.outcome !== 'promoted') process.exitCode = 1;
}

void main();
