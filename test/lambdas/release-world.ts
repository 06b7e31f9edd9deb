import { type FakeLedger, fakeClient, fakeLedger, type Sent, SPEC, START } from './support';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { type ControlRecord, ledgerKeys, type Notifier, type ReleaseSpec } from '../../core/contracts';
import type { PackageFacts } from '../../lambdas/release-request/packages';
import { handleRequest, type RequestParts } from '../../lambdas/release-request/request';
import { act } from '../../lambdas/release-step/act';
import { readAction } from '../../lambdas/release-step/action';
import type { StepParts } from '../../lambdas/release-step/parts';
import { RollbackController } from '../../lambdas/rollback/controller';
import type { StoredRelease } from '../../lambdas/shared/releases';
import type { TeardownRun } from '../../lambdas/shared/teardowns';
import { named } from './support';

export interface World extends FakeLedger {
  clock: { millis: number };
  sfn: Sent[];
  started: { name: string; input: object }[];
  told: string[];
  bundles: Map<string, string>;
  found: { endpoints: string[] };
  /** How the teardowns that were started stand. */
  teardown: { status: string };
  /** What the rollback handler asks of CloudWatch and SageMaker. */
  outside: { alarmBreaches: boolean | undefined; askedBack: number };
  /** What the model registry says; of any other package, that it is approved. */
  packages: Map<string, PackageFacts>;
  /** Of the handler that takes requests for releases. */
  requestParts: RequestParts;
  controller: RollbackController;
  step(action: object): Promise<Record<string, unknown>>;
  deploy(spec?: Partial<ReleaseSpec>, more?: Record<string, unknown>): Promise<void>;
  control(): ControlRecord;
  release(id: string): StoredRelease;
  /** The last one of the release, parsed, and as it was stored. */
  bundle(id: string): Record<string, unknown>;
  bundleText(id: string): string | undefined;
}

let requests = 0;

/** All handlers of a release over one ledger. */
export function world(options: { existingEndpoint?: string; sfnAnswers?: Record<string, () => unknown> } = {}): World {
  const fake = fakeLedger();
  const clock = { millis: START };
  const now = (): number => clock.millis;
  const sfn = fakeClient<never>(options.sfnAnswers);
  const started: World['started'] = [];
  const told: string[] = [];
  const bundles = new Map<string, string>();
  const textOf = (id: string): string | undefined => [...bundles].findLast(([key]) => key.endsWith(`-${id}.json`))?.[1];
  const found: World['found'] = { endpoints: [] };
  const notify: Notifier = async ({ subject }) => void told.push(subject);
  const startTeardown = async (name: string, input: object): Promise<void> => void started.push({ name, input });
  const startRelease = async (_: string, name: string, input: object): Promise<string> => {
    started.push({ name, input });
    return `arn:execution:${name}`;
  };
  const teardown = { status: 'SUCCEEDED' };
  const outside: World['outside'] = { alarmBreaches: undefined, askedBack: 0 };
  const teardownRuns = async (): Promise<TeardownRun[]> =>
    started
      .filter(({ name }) => /^(kill|delete)-/.test(name))
      .map(({ name }) => ({ name, status: teardown.status, startedAt: new Date(now()).toISOString() }));
  const s3 = fakeClient<never>({
    PutObject: ({ Key, Body, IfNoneMatch }) => {
      if (IfNoneMatch === '*' && bundles.has(String(Key))) throw named('PreconditionFailed');
      bundles.set(String(Key), String(Body));
    },
  });
  const sagemaker = fakeClient<never>({
    ListEndpoints: () => ({ Endpoints: found.endpoints.map((name) => ({ EndpointName: name, EndpointArn: `arn:${name}` })) }),
    ListTags: ({ ResourceArn }) => ({
      Tags: [{ Key: 'sluice:stack', Value: String(ResourceArn).includes('foreign') ? 'other' : 'triage-abc123' }],
    }),
  });
  const stepParts: StepParts = {
    ledger: fake.ledger,
    s3: s3.client,
    sagemaker: sagemaker.client,
    sfn: sfn.client,
    cloudwatch: undefined as never,
    scaling: undefined as never,
    evidenceBucket: 'evidence',
    surroundings: { useCase: 'support-triage', prefix: 'triage-abc123', modelRoleArn: 'arn:role', tags: {} },
    notify,
    now,
  };
  const packages: World['packages'] = new Map();
  const requestParts: RequestParts = {
    useCase: 'support-triage',
    ledger: fake.ledger,
    sfn: sfn.client,
    existingEndpoint: options.existingEndpoint,
    adopter: {
      describeEndpoint: async (name) => ({ EndpointName: name, EndpointConfigName: 'legacy-config', EndpointStatus: 'InService' }),
      describeConfig: async (name) => ({
        EndpointConfigName: name,
        ProductionVariants: [{ VariantName: 'AllTraffic', ModelName: 'legacy' }],
      }),
    },
    workflowArn: 'arn:machine',
    registry: { describe: async (packageArn) => packages.get(packageArn) ?? { approvalStatus: 'Approved' } },
    now,
    startRelease: async (id) => {
      started.push({ name: id, input: {} });
      return `arn:execution:${id}`;
    },
    startTeardown,
  };
  return {
    ...fake,
    clock,
    sfn: sfn.sent,
    started,
    told,
    bundles,
    found,
    teardown,
    outside,
    packages,
    requestParts,
    controller: new RollbackController({
      ledger: fake.ledger,
      sfn: sfn.client,
      now,
      notify,
      startRelease,
      useCase: 'support-triage',
      teardowns: { list: teardownRuns, start: startTeardown },
      alarms: { breachesSince: async () => outside.alarmBreaches },
      hasCapacity: true,
      askSageMakerBack: () => void (outside.askedBack += 1),
    }),
    step: async (action) => (await act(stepParts, readAction(action))) as Record<string, unknown>,
    deploy: async (spec = {}, more = {}) => {
      requests += 1;
      await handleRequest(requestParts, {
        RequestType: 'Update',
        RequestId: `request-${requests}`,
        ResponseURL: 'https://cloudformation.example/answer?signed=1',
        StackId: 'stack',
        LogicalResourceId: 'Desired',
        PhysicalResourceId: 'support-triage-desired-release',
        ResourceProperties: { ServiceToken: 'arn', Release: JSON.stringify({ ...SPEC, ...spec }) },
        ...more,
      } as unknown as CloudFormationCustomResourceEvent);
    },
    control: () => fake.item<ControlRecord>(ledgerKeys.control()) as ControlRecord,
    release: (id) => fake.item<StoredRelease>(ledgerKeys.release(id)) as StoredRelease,
    bundle: (id) => JSON.parse(textOf(id) ?? '{}') as Record<string, unknown>,
    bundleText: textOf,
  };
}

/** Takes the release of the last deploy as far as its first open step. Returns its id. */
export async function inCanary(the: World): Promise<string> {
  const releaseId = String(the.started.at(-1)?.name);
  await the.step({ action: 'register', releaseId, executionArn: `arn:execution:${releaseId}` });
  await the.step({ action: 'dark', releaseId });
  await the.step({ action: 'open-step', releaseId, index: 0, taskToken: `token-${releaseId}` });
  return releaseId;
}

/** Promotes and finishes. */
export async function promoteAndFinish(the: World, releaseId: string): Promise<void> {
  await the.step({ action: 'promote', releaseId, by: 'verdict', reason: 'good' });
  await the.step({ action: 'finish', releaseId, outcome: 'promoted', stage: 'promote', reason: 'good' });
}
