import { type IncidentRecord, ledgerKeys } from '../../core/contracts';
import { firstControl } from '../../core/release/control';
import { endGuarded, guard, lookGuarded } from '../../lambdas/release-step/guarded';
import type { StepParts } from '../../lambdas/release-step/parts';
import type { StoredRelease } from '../../lambdas/shared/releases';
import { emit } from '../../lambdas/shared/telemetry';
import { fakeClient, fakeLedger, SPEC, START } from './support';

jest.mock('../../lambdas/shared/telemetry', () => ({
  ...jest.requireActual<object>('../../lambdas/shared/telemetry'),
  emit: jest.fn(),
}));

const RELEASE = 'r2-bbbbbbbb';
const STABLE_CONFIG = 'triage-abc123-r1-aaaaaaaa-live';
const THRESHOLDS = { failureShare: 0.3, minimumFailures: 3, minimumRequests: 5, latencyP95Millis: 4000, minimumRequestsForLatency: 20 };
const ALARMS = ['failures', 'latency'].map((name) => `triage-abc123-guard-${RELEASE}-${name}`);

interface Endpoint {
  EndpointStatus: string;
  EndpointConfigName: string;
  FailureReason?: string;
}

async function setUp(options: { release?: Partial<StoredRelease>; thresholds?: false; endpoint?: Endpoint; standing?: string[] } = {}) {
  const fake = fakeLedger();
  const told: string[] = [];
  const endpoint = options.endpoint ?? { EndpointStatus: 'Updating', EndpointConfigName: STABLE_CONFIG };
  const cloudwatch = fakeClient<never>({
    DescribeAlarms: ({ AlarmNames }) => ({
      MetricAlarms: (AlarmNames as string[])
        .filter((name) => (options.standing ?? ALARMS).includes(name))
        .map((AlarmName) => ({ AlarmName })),
    }),
  });
  const sagemaker = fakeClient<never>({ DescribeEndpoint: () => endpoint });
  const parts: StepParts = {
    ledger: fake.ledger,
    s3: undefined as never,
    sfn: undefined as never,
    sagemaker: sagemaker.client,
    cloudwatch: cloudwatch.client,
    scaling: undefined as never,
    ...(options.thresholds === false ? {} : { guardThresholds: THRESHOLDS }),
    evidenceBucket: 'evidence',
    surroundings: { useCase: 'support-triage', prefix: 'triage-abc123', modelRoleArn: 'arn:role', tags: {} },
    notify: async ({ event, severity }) => void told.push(`${event} ${severity}`),
    now: () => START,
  };
  const rollout = { ...SPEC.rollout, strategy: 'blue-green' as const, steps: [] };
  await fake.ledger.put(ledgerKeys.release(RELEASE), {
    id: RELEASE,
    status: 'in-progress',
    spec: { ...SPEC, rollout },
    ...options.release,
  });
  const deployed = (releaseId: string, variantName: string, endpointConfigName: string) => ({
    releaseId,
    variantName,
    endpointConfigName,
    modelName: `m-${releaseId}`,
  });
  await fake.ledger.put(ledgerKeys.control(), {
    ...firstControl(0, { at: '', by: 'workflow', reason: '' }),
    mode: 'live',
    endpointName: 'triage-endpoint',
    endpointConfigName: 'dark',
    lockedBy: RELEASE,
    stable: deployed('r1-aaaaaaaa', 'a', STABLE_CONFIG),
    candidate: deployed(RELEASE, 'b', `triage-abc123-${RELEASE}-live`),
  });
  const record = () => fake.item<StoredRelease>(ledgerKeys.release(RELEASE));
  const incident = () => fake.item<IncidentRecord>(ledgerKeys.incident(`i-rollback-${RELEASE}`));
  return { fake, parts, cloudwatch, told, record, incident };
}

/** Whether SageMaker was asked for the way back. */
async function asked(act: () => Promise<unknown>): Promise<boolean> {
  jest.mocked(emit).mockClear();
  await act();
  return jest
    .mocked(emit)
    .mock.calls.some(([dimensions, values]) => dimensions['UseCase'] === 'support-triage' && values[0]?.[0] === 'RollbackAsked');
}

describe('before SageMaker begins', () => {
  test('alarms watch the new fleet alone, and the candidate stands under the variant of stable', async () => {
    const { fake, parts, cloudwatch, record } = await setUp();
    await expect(guard(parts, RELEASE)).resolves.toMatchObject({ alarms: ALARMS });
    const metrics = cloudwatch.sent.flatMap(({ input }) => input['Metrics'] as { MetricStat?: { Metric: { Dimensions: object[] } } }[]);
    for (const { MetricStat } of metrics) {
      if (MetricStat === undefined) continue;
      expect(MetricStat.Metric.Dimensions).toEqual([
        { Name: 'EndpointName', Value: 'triage-endpoint' },
        { Name: 'VariantName', Value: 'a' },
        { Name: 'EndpointConfigName', Value: `triage-abc123-${RELEASE}-live` },
      ]);
    }
    expect(fake.item(ledgerKeys.control())).toMatchObject({
      candidateWeight: 0,
      candidate: { releaseId: RELEASE, variantName: 'a' },
      endpointConfigName: STABLE_CONFIG,
    });
    expect(record()?.stage).toBe('blue-green');
  });

  test('a release that was told to stop gets no alarms', async () => {
    const { parts, cloudwatch } = await setUp({ release: { stop: { outcome: 'rolled-back', by: 'x', reason: 'complaints', at: '' } } });
    await expect(guard(parts, RELEASE)).rejects.toThrow('complaints');
    expect(cloudwatch.sent).toEqual([]);
  });

  test('a stack that was deployed with another strategy says what to do', async () => {
    const { parts } = await setUp({ thresholds: false });
    await expect(guard(parts, RELEASE)).rejects.toThrow(/deploy it with the strategy blue-green/);
  });
});

describe('while SageMaker moves traffic', () => {
  test('says how the endpoint stands', async () => {
    const { parts } = await setUp();
    const look = lookGuarded(parts, RELEASE);
    await expect(look).resolves.toEqual({ status: 'Updating', configName: STABLE_CONFIG, failureReason: '' });
  });

  const stop = { outcome: 'withdrawn' as const, by: 'cloudformation', reason: 'withdrawn', at: '' };

  test('a release that was told to stop is taken back, each time it is looked at', async () => {
    const { parts } = await setUp({ release: { stop } });
    await expect(asked(() => lookGuarded(parts, RELEASE))).resolves.toBe(true);
    await expect(asked(() => lookGuarded(parts, RELEASE))).resolves.toBe(true);
  });

  test('nobody is asked while nothing is wrong', async () => {
    const { parts } = await setUp();
    await expect(asked(() => lookGuarded(parts, RELEASE))).resolves.toBe(false);
  });

  test('SageMaker going back by itself is an incident that is over', async () => {
    const endpoint = { EndpointStatus: 'InService', EndpointConfigName: STABLE_CONFIG, FailureReason: 'alarms are in the ALARM state' };
    const { parts, told, incident, record } = await setUp({ endpoint });
    await lookGuarded(parts, RELEASE);
    expect(incident()).toMatchObject({
      reason: 'alarms are in the ALARM state',
      openedBy: 'sagemaker',
      recoveredAt: new Date(START).toISOString(),
    });
    expect(told).toEqual(['IncidentOpened page']);
    expect(record()?.stage).toBe('blue-green:back');
  });

  test('going back as it was asked to opens none', async () => {
    const endpoint = { EndpointStatus: 'InService', EndpointConfigName: STABLE_CONFIG };
    const { parts, told, incident } = await setUp({ endpoint, release: { stop } });
    await lookGuarded(parts, RELEASE);
    expect(incident()).toBeUndefined();
    expect(told).toEqual([]);
  });
});

describe('when the release is over', () => {
  test('its alarms go, those that are there', async () => {
    const { parts, cloudwatch, record } = await setUp({ standing: ALARMS.slice(1) });
    await endGuarded(parts, record()!, false);
    expect(cloudwatch.sent.at(-1)).toEqual({ name: 'DeleteAlarms', input: { AlarmNames: ALARMS.slice(1) } });
  });

  test('alarms that cannot be deleted are no reason to end otherwise', async () => {
    const { parts, record } = await setUp();
    const failing = fakeClient<never>({
      DescribeAlarms: () => {
        throw new Error('throttled');
      },
    });
    await expect(endGuarded({ ...parts, cloudwatch: failing.client }, record()!, false)).resolves.toBeUndefined();
  });

  test('a teardown takes back what SageMaker is about to do, since it deletes no endpoint that is updating', async () => {
    const { parts, record } = await setUp({ release: { stage: 'blue-green' } });
    await expect(asked(() => endGuarded(parts, record()!, true))).resolves.toBe(true);
    await expect(asked(() => endGuarded(parts, { ...record()!, stage: 'blue-green:back' }, true))).resolves.toBe(false);
  });

  test('a canary has none', async () => {
    const { parts, cloudwatch, record } = await setUp();
    await endGuarded(parts, { ...record()!, spec: SPEC }, false);
    expect(cloudwatch.sent).toEqual([]);
  });
});
