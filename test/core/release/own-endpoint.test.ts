import type { ControlRecord, ReleaseSpec } from '../../../core/contracts';
import type { ServingSpec } from '../../../core/contracts/serving';
import { planCleanUp } from '../../../core/release/clean-up';
import {
  commitDark,
  endWarm,
  promote,
  releaseLock,
  returnToWarm,
  rollBack,
  takeLock,
  type Transition,
} from '../../../core/release/control';
import { courseOf } from '../../../core/release/course';
import { planRelease, type Surroundings } from '../../../core/release/plan';
import { targetOf } from '../../../core/release/target';

const ROLLOUT = { strategy: 'canary', steps: [{ weight: 0.1, bakeMinutes: 10 }], holdout: 0.02 };
const specOf = (serving: ServingSpec, rollout: object = ROLLOUT): ReleaseSpec =>
  ({
    useCase: 'toy',
    model: { image: 'repo:1', environment: {} },
    serving,
    behaviour: {},
    rollout,
    approvals: {},
  }) as unknown as ReleaseSpec;

const SERVERLESS: ServingSpec = {
  mode: 'serverless',
  minInstances: 0,
  maxInstances: 0,
  serverless: { memoryMib: 2048, maxConcurrency: 5 },
};
const REAL_TIME: ServingSpec = { mode: 'real-time', instanceType: 'ml.m5.large', minInstances: 1, maxInstances: 1 };
const COMPONENT: ServingSpec = {
  mode: 'inference-components',
  instanceType: 'ml.g5.xlarge',
  minInstances: 0,
  maxInstances: 2,
  startupTimeoutSeconds: 600,
  networkIsolation: true,
  component: { memoryMib: 4096, accelerators: 1, minCopies: 0, maxCopies: 2 },
};
const ASYNC: ServingSpec = {
  mode: 'async',
  instanceType: 'ml.g5.xlarge',
  minInstances: 0,
  maxInstances: 2,
  async: { concurrentPerInstance: 3 },
};

const AROUND: Surroundings = {
  useCase: 'toy',
  prefix: 'p',
  modelRoleArn: 'arn:aws:iam::111122223333:role/model',
  tags: {},
  vpcConfig: { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
  asyncBucket: 'requests-bucket',
  kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/k',
};

const change = { at: '2026-03-02T10:00:00.000Z', by: 'workflow', reason: 'test' };
const after = (control: ControlRecord, ...steps: ((control: ControlRecord) => Transition)[]): ControlRecord =>
  steps.reduce((current, step) => {
    const result = step(current);
    if (!result.ok) throw new Error(result.reason);
    return result.next;
  }, control);

const NONE: ControlRecord = { version: 1, mode: 'baseline', candidateWeight: 0, holdout: 0, changedAt: '', changedBy: '', reason: '' };
const R1 = { releaseId: 'r1-a', variantName: 'a', modelName: 'p-r1-a', endpointConfigName: 'p-r1-a-live' };
/** A serverless release answers. */
const LIVE: ControlRecord = {
  ...NONE,
  mode: 'live',
  endpointName: 'p-r1-a',
  endpointConfigName: 'p-r1-a-live',
  stable: { ...R1, endpointName: 'p-r1-a', mode: 'serverless' },
};
/** A real-time release answers. */
const SHARED: ControlRecord = { ...NONE, mode: 'live', endpointName: 'p-endpoint', endpointConfigName: 'p-r1-a-live', stable: R1 };

const planned = (serving: ServingSpec, control: ControlRecord, rollout?: object) =>
  planRelease({ id: 'r2-b', spec: specOf(serving, rollout) }, control, undefined, AROUND);

describe('a release that cannot share an endpoint', () => {
  test('is built beside stable as a first release is', () => {
    expect(planned(SERVERLESS, LIVE)).toMatchObject({
      first: false,
      own: true,
      endpointName: 'p-r2-b',
      darkConfigName: 'p-r2-b-live',
      endpoint: { EndpointName: 'p-r2-b', EndpointConfigName: 'p-r2-b-live' },
      candidate: { endpointName: 'p-r2-b', mode: 'serverless', variantName: 'b' },
      obsoleteEndpoints: ['p-r1-a'],
      obsoleteConfigs: ['p-r1-a-live'],
      obsoleteModels: ['p-r1-a'],
    });
    expect(planned(SERVERLESS, LIVE)).not.toHaveProperty('restoreEndpoint');
  });

  test('has no volumes to encrypt and no instances where it is serverless', () => {
    expect(planned(SERVERLESS, LIVE).createDarkConfig).toEqual({
      EndpointConfigName: 'p-r2-b-live',
      ProductionVariants: [
        { VariantName: 'b', ModelName: 'p-r2-b', ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5 }, InitialVariantWeight: 1 },
      ],
      Tags: expect.anything() as unknown,
    });
  });

  test('puts what it answers into the bucket of the stack where it is asynchronous', () => {
    const { createDarkConfig } = planned(ASYNC, NONE);
    expect(createDarkConfig).toMatchObject({
      ProductionVariants: [{ InitialInstanceCount: 1 }],
      AsyncInferenceConfig: {
        ClientConfig: { MaxConcurrentInvocationsPerInstance: 3 },
        OutputConfig: { S3OutputPath: 's3://requests-bucket/answers/r2-b', S3FailurePath: 's3://requests-bucket/failures/r2-b' },
      },
    });
    expect(() => planRelease({ id: 'r2-b', spec: specOf(ASYNC) }, NONE, undefined, { ...AROUND, asyncBucket: undefined })).toThrow(
      /deploy it with serving.mode async/,
    );
  });

  test('is copied onto the endpoint where it is a component, which brings network and isolation', () => {
    const plan = planned(COMPONENT, NONE);
    expect(plan.createModel).not.toHaveProperty('VpcConfig');
    expect(plan.createDarkConfig).toMatchObject({
      ProductionVariants: [
        { InitialInstanceCount: 1, ManagedInstanceScaling: { Status: 'ENABLED', MinInstanceCount: 0, MaxInstanceCount: 2 } },
      ],
      ExecutionRoleArn: AROUND.modelRoleArn,
      VpcConfig: AROUND.vpcConfig,
      EnableNetworkIsolation: true,
    });
    expect(plan.createDarkConfig.ProductionVariants[0]).not.toHaveProperty('ModelName');
    expect(plan.createComponent).toMatchObject({
      InferenceComponentName: 'p-r2-b',
      EndpointName: 'p-r2-b',
      Specification: {
        ModelName: 'p-r2-b',
        ComputeResourceRequirements: { MinMemoryRequiredInMb: 4096, NumberOfAcceleratorDevicesRequired: 1 },
        StartupParameters: { ContainerStartupHealthCheckTimeoutInSeconds: 600 },
      },
      RuntimeConfig: { CopyCount: 1 },
    });
  });

  test('takes traffic to its endpoint with the promotion, and gives it back within the window', () => {
    const { candidate } = planned(SERVERLESS, LIVE);
    const dark = { candidate, endpointName: 'p-r2-b', endpointConfigName: 'p-r2-b-live', holdout: 0 };
    const inTheDark = after(
      LIVE,
      (control) => takeLock(control, 'r2-b', change),
      (control) => commitDark(control, dark, change),
    );
    expect(inTheDark).toMatchObject({ endpointName: 'p-r1-a', endpointConfigName: 'p-r1-a-live' });
    expect(after(inTheDark, (control) => rollBack(control, 'r2-b', change))).toMatchObject({
      endpointName: 'p-r1-a',
      endpointConfigName: 'p-r1-a-live',
    });
    const stable = after(inTheDark, (control) => promote(control, 'r2-b', change, 60));
    expect(stable).toMatchObject({
      endpointName: 'p-r2-b',
      endpointConfigName: 'p-r2-b-live',
      warm: { release: { endpointName: 'p-r1-a' } },
    });
    const settled = after(
      stable,
      (control) => endWarm({ ...control, lockedBy: undefined }, 'r2-b', change),
      (control) => releaseLock(control, 'r2-b', undefined, change),
    );
    expect(settled).toMatchObject({ endpointName: 'p-r2-b', endpointConfigName: 'p-r2-b-live' });
    expect(after(stable, (control) => returnToWarm(control, change))).toMatchObject({
      endpointName: 'p-r1-a',
      endpointConfigName: 'p-r1-a-live',
      stable: { releaseId: 'r1-a' },
    });
  });
});

describe('a change of the serving mode', () => {
  test('leads to an endpoint of its own, and back to the one with the lasting name', () => {
    expect(planned(SERVERLESS, SHARED)).toMatchObject({ own: true, endpointName: 'p-r2-b', obsoleteEndpoints: ['p-endpoint'] });
    const back = planned(REAL_TIME, LIVE);
    expect(back).toMatchObject({ own: true, endpointName: 'p-endpoint', obsoleteEndpoints: ['p-r1-a'] });
    expect(back.candidate).not.toHaveProperty('mode');
  });

  test('keeps where the release before stands, which the control record alone said', () => {
    const { candidate } = planned(SERVERLESS, SHARED);
    const stable = after(
      SHARED,
      (control) => takeLock(control, 'r2-b', change),
      (control) => commitDark(control, { candidate, endpointName: 'p-r2-b', endpointConfigName: 'p-r2-b-live', holdout: 0 }, change),
      (control) => promote(control, 'r2-b', change, 60),
    );
    expect(stable.warm?.release).toMatchObject({ releaseId: 'r1-a', endpointName: 'p-endpoint' });
  });

  test.each<[string, ControlRecord, object, RegExp]>([
    ['an adopted endpoint', { ...SHARED, endpointAdopted: true }, ROLLOUT, /use case of its own/],
    ['a shadow', SHARED, { ...ROLLOUT, shadow: { bakeMinutes: 10 } }, /shadow needs stable's endpoint/],
    ['blue-green', SHARED, { ...ROLLOUT, strategy: 'blue-green', steps: [] }, /blue-green needs stable's endpoint/],
    ['an open rollback window', { ...SHARED, endpointConfigName: 'p-r1-a-dark' }, ROLLOUT, /ask for this release once more/],
  ])('is refused with %s', (_what, control, rollout, why) => {
    expect(() => planned(SERVERLESS, control, rollout)).toThrow(why);
  });
});

test('the course of such a release describes nothing of stable', () => {
  expect(courseOf({ id: 'r2-b', spec: specOf(SERVERLESS) }, LIVE, 'p')).toMatchObject({ first: false, own: true, endpointName: 'p-r2-b' });
  expect(courseOf({ id: 'r2-b', spec: specOf(REAL_TIME) }, SHARED, 'p')).toMatchObject({ own: false, endpointName: 'p-endpoint' });
});

describe('a clean-up', () => {
  const record = { id: 'r2-b', spec: specOf(COMPONENT) };

  test('of a release that was lost on its way deletes its component and its endpoint', () => {
    const plan = planCleanUp(record, { ...LIVE, lockedBy: 'r2-b' }, 'p').plan;
    expect(plan).toMatchObject({
      own: true,
      endpointName: 'p-r2-b',
      componentName: 'p-r2-b',
      darkConfigName: 'p-r2-b-live',
      modelName: 'p-r2-b',
    });
    expect(plan).not.toHaveProperty('restoreEndpoint');
  });

  test('of a promotion that was lost deletes what it left behind', () => {
    const leftBehind = {
      obsoleteEndpoints: ['p-r1-a'],
      obsoleteConfigs: ['p-r1-a-live'],
      obsoleteModels: ['p-r1-a'],
      obsoleteComponents: [],
    };
    const control = { ...LIVE, endpointName: 'p-r2-b', stable: { ...R1, releaseId: 'r2-b', endpointName: 'p-r2-b' }, lockedBy: 'r2-b' };
    expect(planCleanUp({ ...record, leftBehind }, control, 'p')).toMatchObject({ promoted: true, plan: { own: true, ...leftBehind } });
  });
});

test.each([
  [{ variantName: 'a' }, { TargetVariant: 'a' }],
  [{ variantName: 'a', mode: 'serverless' as const }, {}],
  [{ variantName: 'a', mode: 'async' as const }, {}],
  [{ variantName: 'a', mode: 'inference-components' as const, componentName: 'p-r2-b' }, { InferenceComponentName: 'p-r2-b' }],
])('%j is asked with %j', (release, target) => {
  expect(targetOf(release)).toEqual(target);
});
