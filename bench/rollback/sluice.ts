import path from 'node:path';
import { Assemblies } from '../../bin/rehearsal/assemblies';
import { jobOf } from '../../bin/rehearsal/job';
import { synthesize } from '../../bin/synthesize';
import { readCharter } from '../../bin/use-case';
import type { NamedScenario, RehearsalJob } from '../../rehearsal';
import type { History } from '../../rehearsal/world/history';
import type { RehearsalResult } from '../../rehearsal/world/result';
import { rehearse } from '../../rehearsal/world/run';
import { scenarioSchema } from '../../rehearsal/world/scenario-schema';

/** What came of one rollback, in seconds. */
export interface SluiceRun {
  scenario: string;
  seed: number;
  /** From the trouble's first sign (alarm, look, request) to the write; undefined where the trouble has no such moment. */
  signToCommit: number | undefined;
  /** From the write to the last start of a candidate's answer after it; 0: none began. */
  commitToLastAnswer: number;
  answersAfterCommit: number;
  /** From the write to the endpoint running stable's own config. */
  commitToRestored: number | undefined;
  /** The workflow gave up: everything is taken down. */
  killed: boolean;
  /** Invariants that did not hold. */
  broken: string[];
}

const CASE = path.resolve('bench/rollback/use-case');
const PER_MINUTE = 60;

const deploy = (release: string) => ({ at: '1m', do: 'deploy', release });
const NO_VERDICT = { at: '1m', service: 'lambda', function: 'Verdict/Handler', error: 'crash' };
const FAILING = { stable: { model: 'models/stable.mjs' }, candidate: { model: 'models/stable.mjs', errorRate: 1 } };
const WORSE = { stable: { model: 'models/stable.mjs' }, candidate: { model: 'models/worse.mjs' } };

/** Each ends with a rollback; the candidate has its first share after about six minutes. */
export const SCENARIOS: Record<string, object> = {
  alarm: { arms: FAILING, faults: [NO_VERDICT] },
  'alarm, its event rule disabled': { arms: FAILING, faults: [NO_VERDICT, { at: '1m', rule: 'Rollback/AlarmRule', state: 'disabled' }] },
  'alarm, its actions muted': { arms: FAILING, faults: [NO_VERDICT, { at: '1m', alarm: 'mute' }] },
  'alarm, UpdateEndpoint throttled for 20 min': {
    arms: FAILING,
    faults: [NO_VERDICT, { at: '3m', service: 'sagemaker', operation: 'UpdateEndpoint', error: 'ThrottlingException', for: '27m' }],
  },
  'alarm, endpoint refuses changes for 5 min and more': {
    arms: FAILING,
    faults: [NO_VERDICT, { at: '3m', service: 'sagemaker', operation: 'UpdateEndpoint', error: 'ValidationException', for: '15m' }],
  },
  'errors, alarm or verdict': { arms: FAILING },
  'verdict on a KPI': { arms: WORSE },
  'verdict dead: heartbeat': { arms: WORSE, faults: [NO_VERDICT] },
  operator: { arms: WORSE, actions: [deploy('candidate'), { at: '12m', do: 'rollback', reason: 'complaints' }] },
  'operator, within the rollback window': {
    arms: WORSE,
    actions: [
      { ...deploy('candidate'), change: { rollout: { strategy: 'all-at-once', steps: undefined, keepWarm: '1h' } } },
      { at: '20m', do: 'rollback', reason: 'complaints' },
    ],
  },
  'operator: kill switch': { arms: WORSE, actions: [deploy('candidate'), { at: '12m', do: 'kill', reason: 'complaints' }] },
};

/** Everything is synthesized first: the runs need nothing of the build any more. */
export async function prepareSluice(output: string): Promise<RehearsalJob[]> {
  const assemblies = new Assemblies(CASE, undefined, output, synthesize);
  const { result: charter } = readCharter(CASE);
  if (!charter.ok) throw new Error(JSON.stringify(charter.problems));
  const jobs: RehearsalJob[] = [];
  for (const [name, parts] of Object.entries(SCENARIOS)) {
    const scenario = scenarioSchema.parse({
      title: name,
      duration: '50m',
      traffic: { perMinute: PER_MINUTE, source: 'traffic.mjs' },
      given: { stable: 'promoted' },
      outcomes: 'outcomes.mjs',
      actions: [deploy('candidate')],
      ...parts,
    });
    const named: NamedScenario = { name, file: 'rollback.yaml', scenario };
    jobs.push(jobOf(CASE, charter.charter, named, 1, await assemblies.of(named)));
  }
  return jobs;
}

export async function runSluice(jobs: RehearsalJob[], seeds: number, told: (run: SluiceRun) => void): Promise<SluiceRun[]> {
  const runs: SluiceRun[] = [];
  for (const job of jobs) {
    for (let seed = 1; seed <= seeds; seed += 1) {
      const run = await one({ ...job, seed });
      told(run);
      runs.push(run);
    }
  }
  return runs;
}

async function one(job: RehearsalJob): Promise<SluiceRun> {
  let seen: History | undefined;
  const observer = { started: () => undefined, progressed: () => undefined, ended: (history: History) => void (seen = history) };
  const { result } = await rehearse(job, observer, () => performance.now() / 1000);
  if (seen === undefined) throw new Error(`${job.scenarioName}: nothing was seen`);
  return measure(job.scenarioName, job.seed, seen, result);
}

function measure(scenario: string, seed: number, history: History, { timeline, invariants }: RehearsalResult): SluiceRun {
  const { control, invocations, startMillis } = history;
  const index = control.findIndex(({ atMillis }, place) => atMillis >= startMillis && taken(control, place) !== undefined);
  const commit = control[index];
  const modelName = taken(control, index);
  if (commit === undefined || modelName === undefined) throw new Error(`${scenario}, seed ${seed}: nothing was rolled back`);
  const after = invocations.filter((one) => one.modelName === modelName && one.atMillis >= commit.atMillis);
  const at = (commit.atMillis - startMillis) / 1000;
  const sign = timeline.findLast(({ t, source, event, detail }) => t <= at + 1 && isSign(source, event, detail));
  const restored = timeline.find(
    ({ t, source, detail }) => t >= at && source === 'sagemaker' && isRestored(detail, commit.record.stable?.endpointConfigName),
  );
  return {
    scenario,
    seed,
    signToCommit: sign === undefined ? undefined : Math.max(0, at - sign.t),
    commitToLastAnswer: Math.max(0, ...after.map(({ atMillis }) => (atMillis - commit.atMillis) / 1000)),
    answersAfterCommit: after.length,
    commitToRestored: restored === undefined ? undefined : restored.t - at,
    killed: control.some(({ record }) => record.mode === 'killed'),
    broken: invariants.filter(({ held }) => !held).map(({ name }) => name),
  };
}

/** The model that this write takes traffic away from: a candidate's, or stable's within its rollback window. */
function taken(control: History['control'], place: number): string | undefined {
  const before = control[place - 1]?.record;
  const now = control[place]?.record;
  if (before === undefined || now === undefined) return undefined;
  if (before.warm !== undefined && now.stable?.releaseId === before.warm.release.releaseId) return before.stable?.modelName;
  const isPromoted = now.stable?.releaseId === before.candidate?.releaseId;
  return now.candidate === undefined && before.candidateWeight > 0 && !isPromoted ? before.candidate?.modelName : undefined;
}

function isSign(source: string, event: string, detail: Record<string, unknown>): boolean {
  return (
    (source === 'alarm' && event === 'state-changed' && detail['state'] === 'ALARM') ||
    (source === 'people' && event.startsWith('asks-for-'))
  );
}

function isRestored(detail: Record<string, unknown>, configName: string | undefined): boolean {
  return detail['status'] === 'InService' && detail['endpointConfigName'] === configName;
}
