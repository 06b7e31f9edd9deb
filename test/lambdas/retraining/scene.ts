import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { SFNClient } from '@aws-sdk/client-sfn';
import { type ControlRecord, type DriftPolicy, ledgerKeys, type Notification, type RefusalRecord } from '../../../core/contracts';
import { BUILT_IN_PRICES } from '../../../core/prices';
import type { RetrainingSettings, RetrainingState, StoredRetraining } from '../../../core/retraining';
import { ask } from '../../../lambdas/retraining/ask';
import type { WorkflowAction } from '../../../lambdas/retraining/event';
import type { AskParts, WorkflowParts } from '../../../lambdas/retraining/parts';
import { act } from '../../../lambdas/retraining/workflow';
import { FakeS3 } from '../drift/world';
import { type FakeLedger, fakeClient, fakeLedger, named, type Sent, SPEC } from '../support';

export const NOW = Date.parse('2026-03-10T09:00:00Z');
export const LIVE_SINCE = '2026-03-01T00:00:00.000Z';
export const MINUTE = 60_000;
export const STABLE = 'r3-aaaaaaaa';
export const CAPTURES = 'captures';
export const DRIFT = 'drift';
export const OWNER = 'arn:aws:sts::111122223333:assumed-role/MlLead/ada';
/** Requests of the last hours. */
export const COUNT = 500;
export const MACHINE = 'arn:aws:states:eu-west-1:111122223333:stateMachine:retraining';
const ENDPOINT = 'delay-abc123-endpoint';

export const SETTINGS: RetrainingSettings = {
  on: { drift: true, kpi: false, schedule: 'rate(30 days)' },
  coolDownMinutes: 7 * 1440,
  mostRunsPerMonth: 3,
  monthlyBudget: 50,
  data: { sinceDays: 7, minimumRows: 100, evaluationShare: 0.4 },
  training: { kind: 'job', maxRuntimeMinutes: 60, instanceType: 'ml.m5.xlarge', instanceCount: 1 },
  evaluation: { metric: 'mae', notWorseBy: 0.02, instanceType: 'ml.m5.large' },
  group: 'delay',
  inference: { image: 'serve:1', environment: { MODE: 'fast' }, contentType: 'application/json' },
};

export const POLICY: DriftPolicy = {
  features: [
    { name: 'hour', side: 'input', path: 'hour', kind: 'numeric' },
    { name: 'delay', side: 'output', path: 'delay', kind: 'numeric' },
  ],
  baseline: { kind: 'first-days', days: 7 },
  rhythm: 'none',
  windowsHours: [24],
  falseAlarmsPerYear: 1,
  minimumRows: 10,
  joint: false,
  truth: { prediction: 'delay', kind: 'regression', windowMinutes: 60, minimumLabels: 10 },
  kpiMovement: false,
  brokenShareAbove: 0.01,
  owner: 'quality',
};

const CONTROL: ControlRecord = {
  version: 5,
  mode: 'live',
  endpointName: ENDPOINT,
  stable: { releaseId: STABLE, variantName: 'a', modelName: 'm', endpointConfigName: 'c' },
  candidateWeight: 0,
  holdout: 0.02,
  changedAt: LIVE_SINCE,
  changedBy: 'workflow',
  reason: 'promoted',
};

export interface Scene extends FakeLedger {
  s3: FakeS3;
  sfn: Sent[];
  sagemaker: Sent[];
  told: Notification[];
  counted: Record<string, number>;
  clock: { millis: number };
  /** Execution name → status; what is started runs. */
  executions: Map<string, string>;
  asking: AskParts;
  working: WorkflowParts;
  notifying: { problem?: Error };
  act(action: WorkflowAction): Promise<Record<string, unknown>>;
  begin(more?: Partial<Parameters<typeof ask>[1]>): ReturnType<typeof ask>;
  run(id?: string): StoredRetraining;
  state(): RetrainingState | undefined;
  control(change: Partial<ControlRecord>): Promise<void>;
  refusals(): RefusalRecord[];
  /** Captured requests, one a minute up to now, and the truth of them. */
  traffic(given: Traffic): void;
}

export interface Traffic {
  count: number;
  variant?: string;
  endMillis?: number;
  prefix?: string;
  truth?: (index: number) => string | undefined;
  answer?: (index: number) => unknown;
}

export async function scene(settings: Partial<RetrainingSettings> = {}): Promise<Scene> {
  const fake = fakeLedger();
  const s3 = new FakeS3();
  const clock = { millis: NOW };
  const executions = new Map<string, string>();
  const sfn = fakeClient<SFNClient>({
    StartExecution: ({ name }) => {
      if (executions.has(String(name))) throw named('ExecutionAlreadyExists');
      executions.set(String(name), 'RUNNING');
      return { executionArn: `${MACHINE.replace('stateMachine', 'execution')}:${String(name)}` };
    },
    DescribeExecution: ({ executionArn }) => {
      const status = executions.get(String(executionArn).split(':').at(-1) ?? '');
      if (status === undefined) throw named('ExecutionDoesNotExist');
      return { status };
    },
  });
  const sagemaker = fakeClient<SageMakerClient>();
  const told: Notification[] = [];
  const counted: Record<string, number> = {};
  const notifying: { problem?: Error } = {};
  const common = {
    useCase: 'flight-delay',
    ledger: fake.ledger,
    sagemaker: sagemaker.client,
    settings: { ...SETTINGS, ...settings },
    now: () => clock.millis,
    measure: (counts: Record<string, number>) => {
      for (const [name, count] of Object.entries(counts)) counted[name] = (counted[name] ?? 0) + count;
    },
    notify: async (notification: Notification) => {
      if (notifying.problem !== undefined) throw notifying.problem;
      told.push(notification);
    },
  };
  const asking: AskParts = {
    ...common,
    sfn: sfn.client,
    prices: BUILT_IN_PRICES,
    region: 'eu-west-1',
    machineArn: MACHINE,
    owners: { quality: ['arn:aws:iam::111122223333:role/MlLead'] },
  };
  const working: WorkflowParts = {
    ...common,
    s3: s3.client,
    prefix: 'delay-abc123',
    roleArn: 'arn:aws:iam::111122223333:role/jobs',
    captureBucket: CAPTURES,
    driftBucket: DRIFT,
    driftPolicyUri: 's3://assets/policy.json',
    tags: { team: 'ops' },
  };
  s3.put('assets', 'policy.json', JSON.stringify(POLICY));
  await fake.ledger.put(ledgerKeys.control(), CONTROL);
  const release = {
    id: STABLE,
    sequence: 3,
    hash: 'h',
    status: 'promoted',
    requestedBy: 'deploy',
    requestedAt: LIVE_SINCE,
    liveSince: LIVE_SINCE,
  };
  const spec = {
    ...SPEC,
    model: { modelPackageArn: 'arn:aws:sagemaker:eu-west-1:111122223333:model-package/delay/4', environment: { A: '1' } },
  };
  await fake.ledger.put(ledgerKeys.release(STABLE), { ...release, spec });
  let asked = 0;
  return {
    ...fake,
    s3,
    sfn: sfn.sent,
    sagemaker: sagemaker.sent,
    told,
    counted,
    clock,
    executions,
    asking,
    working,
    notifying,
    act: async (action) => (await act(working, action)) as Record<string, unknown>,
    begin: (more = {}) => {
      asked += 1;
      return ask(asking, {
        requestId: `asked-${asked}`,
        trigger: 'drift',
        reason: 'hour drifts',
        requestedBy: 'drift',
        at: new Date(clock.millis).toISOString(),
        ...more,
      });
    },
    run: (id = 't1') => {
      const run = fake.item<StoredRetraining>(ledgerKeys.retrainingRun(id));
      if (run === undefined) throw new Error(`no run ${id}`);
      return run;
    },
    state: () => fake.item<RetrainingState>(ledgerKeys.retraining()),
    control: async (change) => void (await fake.ledger.put(ledgerKeys.control(), { ...CONTROL, ...change })),
    refusals: () => fake.items('refusals') as unknown as RefusalRecord[],
    traffic: (given) => putTraffic(s3, given),
  };
}

/** A run under way, with traffic of the last hours. */
export async function begun(given: Partial<Traffic> = {}, settings: object = {}): Promise<Scene> {
  const the = await scene(settings);
  the.traffic({ count: COUNT, ...given });
  await the.begin();
  return the;
}

export const lines = (the: Scene, key: string): Record<string, unknown>[] =>
  the.s3
    .text(DRIFT, key)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

export const select = (the: Scene): Promise<Record<string, unknown>> => the.act({ action: 'select', runId: 't1' });

/** Stable is 10 minutes wrong, always; of truth half the hour. */
function putTraffic(
  s3: FakeS3,
  {
    count,
    variant = 'a',
    endMillis = NOW,
    prefix = 'd',
    truth = (index) => String(index % 24),
    answer = (index) => ({ delay: (index % 24) + 10 }),
  }: Traffic,
): void {
  const files = new Map<string, string[]>();
  const truths = new Map<string, string[]>();
  const add = (into: Map<string, string[]>, key: string, line: object): void =>
    void into.set(key, [...(into.get(key) ?? []), JSON.stringify(line)]);
  for (let index = 0; index < count; index += 1) {
    const at = endMillis - (count - index) * MINUTE;
    const id = `${prefix}${index}`;
    const folder = new Date(at).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
    const side = (mode: string, data: unknown) => ({
      observedContentType: 'application/json',
      mode,
      data: JSON.stringify(data),
      encoding: 'JSON',
    });
    add(files, `serving-captures/${ENDPOINT}/${variant}/${folder}/x.jsonl`, {
      captureData: { endpointInput: side('INPUT', { hour: index % 24 }), endpointOutput: side('OUTPUT', answer(index)) },
      eventMetadata: { eventId: `e-${id}`, inferenceId: id, inferenceTime: new Date(at).toISOString() },
      eventVersion: '0',
    });
    const known = truth(index);
    if (known === undefined) continue;
    add(truths, `truth/${folder}/${prefix}.jsonl`, {
      groundTruthData: { data: known, encoding: 'CSV' },
      eventMetadata: { eventId: id },
      eventVersion: '0',
      revision: 0,
      observedAt: new Date(at).toISOString(),
    });
  }
  for (const [key, lines] of files) s3.put(CAPTURES, key, `${lines.join('\n')}\n`);
  for (const [key, lines] of truths) s3.put(DRIFT, key, `${lines.join('\n')}\n`);
}
