import type { ControlRecord, GuardedPolicy, ReleaseSpec, ShadowPolicy } from '../../../core/contracts';
import { commitGuarded } from '../../../core/release/control';
import { askedAlarmName, deploymentConfig, guardAlarmNames, guardAlarms, isGuarded } from '../../../core/release/guarded';
import { planRelease, type Surroundings } from '../../../core/release/plan';
import type { DescribedConfig } from '../../../core/release/sagemaker';
import { guardedWaitMinutes } from '../../../core/release/strategy';

const CHANGE = { at: '2026-03-02T09:00:00.000Z', by: 'workflow', reason: 'r' };
const SHADOW: ShadowPolicy = { bakeMinutes: 60, samplingShare: 0.5, errorRateAbove: 0.02, minimumAnswers: 100 };
const GUARDED: GuardedPolicy = { routing: 'canary', stepShare: 0.1, waitMinutes: 10, terminationWaitMinutes: 5 };
const AROUND: Surroundings = { useCase: 'triage', prefix: 'triage-abc123', modelRoleArn: 'arn:role', tags: {}, captureBucket: 'captures' };

const deployed = (releaseId: string, variantName: string) => ({
  releaseId,
  variantName,
  modelName: `triage-abc123-${releaseId}`,
  endpointConfigName: `triage-abc123-${releaseId}-live`,
});
const control: ControlRecord = {
  version: 5,
  mode: 'live',
  endpointName: 'triage-abc123-endpoint',
  endpointConfigName: 'triage-abc123-r2-bbbbbbbb-dark',
  stable: deployed('r1-aaaaaaaa', 'a'),
  candidate: deployed('r2-bbbbbbbb', 'b'),
  candidateWeight: 0,
  holdout: 0.02,
  lockedBy: 'r2-bbbbbbbb',
  changedAt: '',
  changedBy: 'workflow',
  reason: '',
};
const running: DescribedConfig = {
  EndpointConfigName: 'triage-abc123-r1-aaaaaaaa-live',
  ProductionVariants: [
    {
      VariantName: 'a',
      ModelName: 'triage-abc123-r1-aaaaaaaa',
      InstanceType: 'ml.g5.xlarge',
      InitialInstanceCount: 4,
      InitialVariantWeight: 1,
    },
  ],
};

function planned(rollout: Partial<ReleaseSpec['rollout']>, current: Partial<DescribedConfig> = {}, around = AROUND) {
  const spec = {
    useCase: 'triage',
    model: { image: 'i', environment: {} },
    serving: { mode: 'real-time', instanceType: 'ml.g5.xlarge', minInstances: 1, maxInstances: 4 },
    behaviour: {},
    rollout: { strategy: 'canary', steps: [], ...rollout },
  } as unknown as ReleaseSpec;
  const before = { ...control, candidate: undefined, lockedBy: 'r2-bbbbbbbb' };
  return planRelease({ id: 'r2-bbbbbbbb', spec }, before, { ...running, ...current }, around);
}

describe('the plan of a shadow phase', () => {
  test('has one production and one shadow variant, in the ratio of the sampling', () => {
    const { shadow, shadowConfigName } = planned({ shadow: SHADOW });
    expect(shadowConfigName).toBe('triage-abc123-r2-bbbbbbbb-shadow');
    expect(shadow?.createConfig).toMatchObject({
      EndpointConfigName: shadowConfigName,
      ProductionVariants: [{ VariantName: 'a', InitialInstanceCount: 4, InitialVariantWeight: 1 }],
      // Half the requests of four instances need two.
      ShadowProductionVariants: [{ VariantName: 'b', InitialInstanceCount: 2, InitialVariantWeight: 0.5 }],
    });
    expect(shadow?.endpoint).toMatchObject({ EndpointName: 'triage-abc123-endpoint', EndpointConfigName: shadowConfigName });
  });

  test('captures answers in full, and no requests', () => {
    expect(planned({ shadow: SHADOW }).shadow?.createConfig.DataCaptureConfig).toEqual({
      EnableCapture: true,
      InitialSamplingPercentage: 100,
      DestinationS3Uri: 's3://captures/captures/r2-bbbbbbbb',
      CaptureOptions: [{ CaptureMode: 'Output' }],
      CaptureContentTypeHeader: { JsonContentTypes: ['application/json', 'application/jsonlines'], CsvContentTypes: ['text/csv'] },
    });
  });

  test('encrypts captures with the key of the use case', () => {
    const around = { ...AROUND, kmsKeyArn: 'arn:key' };
    expect(planned({ shadow: SHADOW }, {}, around).shadow?.createConfig.DataCaptureConfig.KmsKeyId).toBe('arn:key');
  });

  test('does not interrupt a capture of the owner', () => {
    const DataCaptureConfig = { EnableCapture: true, DestinationS3Uri: 's3://theirs/monitoring' };
    expect(() => planned({ shadow: SHADOW }, { DataCaptureConfig })).toThrow(/already captures data to s3:\/\/theirs\/monitoring/);
    expect(() => planned({ shadow: SHADOW }, { DataCaptureConfig: { ...DataCaptureConfig, EnableCapture: false } })).not.toThrow();
    expect(() => planned({}, { DataCaptureConfig })).not.toThrow();
  });

  test('needs a bucket', () => {
    expect(() => planned({ shadow: SHADOW }, {}, { ...AROUND, captureBucket: undefined })).toThrow(
      /no bucket for captures: deploy it with the strategy shadow/,
    );
  });

  test('is missing where none is asked for', () => {
    expect(planned({}).shadow).toBeUndefined();
    expect(planned({}).shadowConfigName).toBeUndefined();
  });
});

describe('the plan of a blue/green deployment', () => {
  const { createDarkConfig, createLiveConfig, liveEndpoint } = planned({ strategy: 'blue-green', guarded: GUARDED });

  test('names the variant of the new fleet like that of the old one', () => {
    expect(createDarkConfig.ProductionVariants.map(({ VariantName }) => VariantName)).toEqual(['a', 'b']);
    expect(createLiveConfig.ProductionVariants).toMatchObject([{ VariantName: 'a', ModelName: 'triage-abc123-r2-bbbbbbbb' }]);
  });

  test('is undone by alarms on the new fleet, and by whoever asks', () => {
    expect(liveEndpoint.DeploymentConfig?.AutoRollbackConfiguration.Alarms.map(({ AlarmName }) => AlarmName)).toEqual([
      'triage-abc123-guard-r2-bbbbbbbb-failures',
      'triage-abc123-guard-r2-bbbbbbbb-latency',
      'triage-abc123-guard-asked',
    ]);
  });

  test('a first release has no fleet to take over from', () => {
    const first = planRelease(
      {
        id: 'r1-aaaaaaaa',
        spec: {
          model: { image: 'i', environment: {} },
          serving: { instanceType: 'ml.g5.xlarge', minInstances: 1 },
          behaviour: {},
          rollout: { strategy: 'blue-green', steps: [], guarded: GUARDED, shadow: SHADOW },
        } as unknown as ReleaseSpec,
      },
      { ...control, stable: undefined, candidate: undefined },
      undefined,
      AROUND,
    );
    expect(first.liveEndpoint.DeploymentConfig).toBeUndefined();
    expect(first.shadow).toBeUndefined();
    expect(first.createLiveConfig.ProductionVariants).toMatchObject([{ VariantName: 'a' }]);
  });
});

describe("SageMaker's settings", () => {
  test.each<[GuardedPolicy, object, number]>([
    [GUARDED, { Type: 'CANARY', WaitIntervalInSeconds: 600, CanarySize: { Type: 'CAPACITY_PERCENT', Value: 10 } }, 135],
    [
      { ...GUARDED, routing: 'linear', stepShare: 0.25 },
      { Type: 'LINEAR', WaitIntervalInSeconds: 600, LinearStepSize: { Type: 'CAPACITY_PERCENT', Value: 25 } },
      155,
    ],
    [{ routing: 'all-at-once', waitMinutes: 0, terminationWaitMinutes: 5 }, { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 0 }, 125],
    // Eight hours are the longest that SageMaker takes.
    [
      { routing: 'linear', stepShare: 0.1, waitMinutes: 45, terminationWaitMinutes: 10 },
      { Type: 'LINEAR', WaitIntervalInSeconds: 2700, LinearStepSize: { Type: 'CAPACITY_PERCENT', Value: 10 } },
      480,
    ],
  ])('%j', (policy, routing, minutes) => {
    const { BlueGreenUpdatePolicy } = deploymentConfig(policy, ['x']);
    expect(BlueGreenUpdatePolicy.TrafficRoutingConfiguration).toEqual(routing);
    expect(BlueGreenUpdatePolicy.MaximumExecutionTimeoutInSeconds).toBe(minutes * 60);
    expect(BlueGreenUpdatePolicy.MaximumExecutionTimeoutInSeconds).toBeGreaterThan(guardedWaitMinutes(policy) * 60);
  });

  test('an odd step takes as many waits as steps but the last', () => {
    expect(guardedWaitMinutes({ routing: 'linear', stepShare: 0.3, waitMinutes: 10, terminationWaitMinutes: 0 })).toBe(30);
    expect(guardedWaitMinutes({ routing: 'linear', stepShare: 0.1, waitMinutes: 10, terminationWaitMinutes: 0 })).toBe(90);
  });
});

describe('alarms on the new fleet', () => {
  const fleet = { endpointName: 'e', variantName: 'a', endpointConfigName: 'new' };
  const thresholds = { failureShare: 0.3, minimumFailures: 3, minimumRequests: 5, latencyP95Millis: 4000, minimumRequestsForLatency: 20 };
  const [failures, latency] = guardAlarms('triage-abc123', 'r2-bbbbbbbb', fleet, thresholds);

  test('count failures as technical alarms do', () => {
    expect(failures).toMatchObject({
      Threshold: 0.3,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
    expect(JSON.stringify(failures?.Metrics)).toContain('IF(requests >= 5, IF(failures >= 3, failures / requests, 0), 0)');
  });

  test('count latency in microseconds', () => {
    expect(latency?.Threshold).toBe(4_000_000);
  });

  test('no name begins like one that rolls back, or it would call itself', () => {
    const names = [...Object.values(guardAlarmNames('triage-abc123', 'r2-bbbbbbbb')), askedAlarmName('triage-abc123')];
    for (const name of names) expect(name).not.toMatch(/^triage-abc123-rollback-/);
  });
});

describe('the control record of a blue/green deployment', () => {
  test('the candidate stands under the variant of stable, without a share of its own', () => {
    const result = commitGuarded(control, 'r2-bbbbbbbb', CHANGE);
    expect(result.ok && result.next).toMatchObject({
      version: 6,
      candidateWeight: 0,
      candidate: { releaseId: 'r2-bbbbbbbb', variantName: 'a' },
      endpointConfigName: 'triage-abc123-r1-aaaaaaaa-live',
    });
    const again = result.ok ? commitGuarded(result.next, 'r2-bbbbbbbb', CHANGE) : result;
    expect(again.ok && result.ok && again.next === result.next).toBe(true);
  });

  test.each<[string, Partial<ControlRecord>, string]>([
    ['killed', { mode: 'killed' }, 'killed'],
    ['without the lock', { lockedBy: 'r3-cccccccc' }, 'not-locked'],
    ['without the candidate', { candidate: undefined }, 'no-candidate'],
    ['without stable', { stable: undefined }, 'no-candidate'],
  ])('is refused %s', (_, change, code) => {
    expect(commitGuarded({ ...control, ...change }, 'r2-bbbbbbbb', CHANGE)).toMatchObject({ ok: false, code });
  });

  test('SageMaker takes traffic away only while it moves it', () => {
    const spec = { rollout: { strategy: 'blue-green' } } as ReleaseSpec;
    expect(isGuarded({ spec, stage: 'blue-green' })).toBe(true);
    expect(isGuarded({ spec, stage: 'blue-green:back' })).toBe(false);
    expect(isGuarded({ spec, stage: 'blue-green', endedAt: 'x' })).toBe(false);
    expect(isGuarded({ spec: { rollout: { strategy: 'canary' } } as ReleaseSpec, stage: 'blue-green' })).toBe(false);
    expect(isGuarded(undefined)).toBe(false);
  });
});
