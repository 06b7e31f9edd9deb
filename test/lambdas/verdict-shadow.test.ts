import { type GateResult, ledgerKeys, type ShadowPolicy, type StepRecord } from '../../core/contracts';
import { firstControl } from '../../core/release/control';
import type { ShadowVerdict } from '../../core/shadow';
import type { StoredVerdict } from '../../lambdas/shared/releases';
import { shadowMetrics } from '../../lambdas/verdict/shadow';
import { VerdictClock } from '../../lambdas/verdict/verdict';
import { fakeClient, fakeLedger, SPEC, START } from './support';

const MINUTE = 60_000;
const RELEASE = 'r2-bbbbbbbb';
const POLICY: ShadowPolicy = {
  bakeMinutes: 60,
  samplingShare: 1,
  agreementField: 'label',
  agreementAtLeast: 0.9,
  latencyRatioAtMost: 1.5,
  errorRateAbove: 0.02,
  minimumAnswers: 20,
};
const step: StepRecord = {
  kind: 'shadow',
  releaseId: RELEASE,
  stepId: `${RELEASE}#shadow`,
  index: -1,
  weight: 0,
  bakeMinutes: 60,
  last: false,
  taskToken: 'token',
  openedAt: new Date(START).toISOString(),
  canaryStartedAt: new Date(START).toISOString(),
};

const captured = (id: string, label: string, atMillis: number): string =>
  JSON.stringify({
    captureData: { endpointOutput: { data: JSON.stringify({ label }), encoding: 'JSON', mode: 'OUTPUT' } },
    eventMetadata: { eventId: `e-${id}`, inferenceId: id, inferenceTime: new Date(atMillis).toISOString() },
  });

type Health = Record<'requests' | 'failures' | 'latency', number>;

async function setUp(options: { policy?: ShadowPolicy; health?: [Health, Health]; bucket?: string } = {}) {
  const fake = fakeLedger();
  const sfn = fakeClient<never>();
  const clock = { millis: START };
  const files = new Map<string, string>();
  const published: ShadowVerdict[] = [];
  const health = options.health ?? [
    { requests: 40, failures: 0, latency: 40_000 },
    { requests: 40, failures: 0, latency: 50_000 },
  ];
  const s3 = fakeClient<never>({
    ListObjectsV2: ({ Prefix }) => ({
      Contents: [...files.keys()].filter((key) => key.startsWith(String(Prefix))).map((Key) => ({ Key })),
    }),
    GetObject: ({ Key }) => ({ Body: { transformToString: async () => files.get(String(Key)) } }),
  });
  const cloudwatch = fakeClient<never>({
    GetMetricData: ({ MetricDataQueries }) => ({
      MetricDataResults: (MetricDataQueries as { Id: string }[]).map(({ Id }) => ({
        Id,
        Timestamps: [new Date(START), new Date(START + 5 * MINUTE)],
        Values: Id.startsWith('latency')
          ? [health[Number(Id.at(-1))]!.latency, health[Number(Id.at(-1))]!.latency]
          : [health[Number(Id.at(-1))]![Id.slice(0, -1) as keyof Health], 0],
      })),
    }),
  });
  const deployed = (variantName: string, releaseId: string) => ({ releaseId, variantName, modelName: 'm', endpointConfigName: 'c' });
  await fake.ledger.put(ledgerKeys.control(), {
    ...firstControl(0, { at: '', by: 'workflow', reason: '' }),
    endpointName: 'triage-endpoint',
    stable: deployed('a', 'r1-aaaaaaaa'),
    candidate: deployed('b', RELEASE),
  });
  const rollout = { ...SPEC.rollout, shadow: options.policy ?? POLICY };
  await fake.ledger.put(ledgerKeys.release(RELEASE), { id: RELEASE, spec: { ...SPEC, rollout } });
  await fake.ledger.put(ledgerKeys.step(), step);
  const { bucket = 'captures' } = options;
  const verdict = new VerdictClock({
    ledger: fake.ledger,
    sfn: sfn.client,
    s3: s3.client,
    cloudwatch: cloudwatch.client,
    ...(bucket === '' ? {} : { captureBucket: bucket }),
    counterShards: 1,
    retentionDays: 365,
    now: () => clock.millis,
    publish: () => undefined,
    publishShadow: (said) => published.push(said),
  });
  /** As many pairs as asked for, in one file of each side. */
  const capture = (name: string, count: number, agreeing: number, atMillis = START + MINUTE): void => {
    const hour = new Date(atMillis).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
    const lines = (label: (index: number) => string): string =>
      Array.from({ length: count }, (_, index) => captured(`${name}-${index}`, label(index), atMillis)).join('\n');
    files.set(
      `captures/${RELEASE}/triage-endpoint/a/${hour}/${name}.jsonl`,
      lines(() => 'ham'),
    );
    files.set(
      `captures/${RELEASE}/triage-endpoint/b/${hour}/${name}.jsonl`,
      lines((index) => (index < agreeing ? 'ham' : 'spam')),
    );
  };
  return { fake, sfn, s3, cloudwatch, clock, capture, published, verdict };
}

test('while it bakes a shadow gets heartbeats, and each file is read once', async () => {
  const { verdict, clock, capture, sfn, s3, cloudwatch, fake, published } = await setUp();
  capture('one', 10, 10);
  clock.millis = START + 5 * MINUTE;
  expect(await verdict.look()).toEqual({ decision: 'continue' });
  capture('two', 10, 9, START + 6 * MINUTE);
  clock.millis = START + 7 * MINUTE;
  expect(await verdict.look()).toEqual({ decision: 'continue' });
  expect(sfn.sent.map(({ name }) => name)).toEqual(['SendTaskHeartbeat', 'SendTaskHeartbeat']);
  expect(s3.sent.filter(({ name }) => name === 'GetObject')).toHaveLength(4);
  expect(cloudwatch.sent).toEqual([]);
  expect(fake.item<StoredVerdict>(ledgerKeys.verdict(RELEASE))?.reason).toBe('20 answers compared, 53 minutes to go');
  expect(shadowMetrics(published.at(-1)!)).toEqual([
    ['ShadowAnswersCompared', 'Count', 20],
    ['ShadowAgreement', 'None', 0.95],
  ]);
});

test('when it has baked, what was measured is kept as evidence and the token answered', async () => {
  const { verdict, clock, capture, sfn, cloudwatch, fake } = await setUp();
  capture('one', 40, 38);
  clock.millis = START + 60 * MINUTE;
  expect(await verdict.look()).toEqual({ decision: 'advance' });
  expect(fake.item(ledgerKeys.step())).toBeUndefined();
  const [answer] = sfn.sent;
  expect(answer?.name).toBe('SendTaskSuccess');
  expect(JSON.parse(String(answer?.input['output']))).toEqual({
    decision: 'advance',
    reason: "95 % of 40 answers agree with stable's",
    by: 'verdict',
  });
  const result = fake.item<GateResult>(ledgerKeys.gate(RELEASE, 'shadow'));
  expect(result).toMatchObject({ gate: 'shadow', kind: 'custom', passed: true, startedAt: step.openedAt });
  expect(result?.measured.map(({ value }) => value)).toEqual([0, 0.95, 1.25]);
  const [asked] = cloudwatch.sent;
  expect(asked?.input['StartTime']).toEqual(new Date(START));
  expect(JSON.stringify(asked?.input['MetricDataQueries'])).toContain('{"Name":"VariantName","Value":"b"}');
});

test.each<[string, Parameters<typeof setUp>[0], number, string | undefined, string]>([
  ['answers that disagree', {}, 30, 'shadow-agreement', 'roll-back'],
  [
    'a slow shadow',
    {
      health: [
        { requests: 40, failures: 0, latency: 40_000 },
        { requests: 40, failures: 0, latency: 90_000 },
      ],
    },
    40,
    'shadow-latency',
    'roll-back',
  ],
  [
    'a failing shadow',
    {
      health: [
        { requests: 40, failures: 0, latency: 40_000 },
        { requests: 40, failures: 3, latency: 40_000 },
      ],
    },
    40,
    'shadow-errors',
    'roll-back',
  ],
  ['too few answers', { policy: { ...POLICY, minimumAnswers: 41 } }, 40, undefined, 'hold'],
])('%s', async (_, options, agreeing, culprit, decision) => {
  const { verdict, clock, capture, fake } = await setUp(options);
  capture('one', 40, agreeing);
  clock.millis = START + 61 * MINUTE;
  expect(await verdict.look()).toEqual({ decision });
  expect(fake.item<StoredVerdict>(ledgerKeys.verdict(RELEASE))?.culprit).toBe(culprit);
  expect(fake.item<GateResult>(ledgerKeys.gate(RELEASE, 'shadow'))?.passed).toBe(false);
});

test('more files than a look reads are read by the next ones before anything is decided', async () => {
  const { verdict, clock, capture, sfn } = await setUp();
  for (let file = 0; file < 70; file += 1) capture(`f${String(file).padStart(2, '0')}`, 1, 1, START + file * 30_000);
  clock.millis = START + 60 * MINUTE;
  expect(await verdict.look()).toEqual({ decision: 'continue' });
  expect(await verdict.look()).toEqual({ decision: 'advance' });
  expect(sfn.sent.map(({ name }) => name)).toEqual(['SendTaskHeartbeat', 'SendTaskSuccess']);
});

test('a stack without a bucket for captures fails by name instead of judging nothing', async () => {
  const { verdict } = await setUp({ bucket: '' });
  await expect(verdict.look()).rejects.toThrow(/no bucket for captures \(CAPTURE_BUCKET\)/);
});
