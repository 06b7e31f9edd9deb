import { fakeClient, fakeLedger, KPIS, named, SPEC, START } from './support';
import { counterAttribute, hourOf, ledgerKeys, minuteOf, type ControlRecord, type StepRecord } from '../../core/contracts';
import { firstControl } from '../../core/release/control';
import type { Verdict } from '../../core/verdict';
import type { StoredLook, StoredRelease, StoredVerdict } from '../../lambdas/shared/releases';
import { CounterReader } from '../../lambdas/verdict/counters';
import { verdictMetrics } from '../../lambdas/verdict/metrics';
import { VerdictClock } from '../../lambdas/verdict/verdict';

const MINUTE = 60_000;
const RELEASE = 'r1-aaaaaaaa';
const step: StepRecord = {
  releaseId: RELEASE,
  stepId: `${RELEASE}#0`,
  index: 0,
  weight: 0.5,
  bakeMinutes: 60,
  last: false,
  taskToken: 'token',
  openedAt: new Date(START).toISOString(),
  canaryStartedAt: new Date(START).toISOString(),
};

async function setUp(answers: Record<string, () => unknown> = {}) {
  const fake = fakeLedger();
  const sfn = fakeClient<never>(answers);
  const clock = { millis: START + 30 * MINUTE };
  const published: Verdict[] = [];
  const candidate = { releaseId: RELEASE, variantName: 'a', modelName: 'm', endpointConfigName: 'c' };
  const control = { ...firstControl(0, { at: '', by: 'arn:owner', reason: 'drill' }), candidate };
  await fake.ledger.put(ledgerKeys.control(), control);
  await fake.ledger.put(ledgerKeys.release(RELEASE), { id: RELEASE, spec: { ...SPEC, rollout: { ...SPEC.rollout, holdout: 0 } } });
  const verdict = new VerdictClock({
    ledger: fake.ledger,
    sfn: sfn.client,
    counterShards: 2,
    retentionDays: 365,
    now: () => clock.millis,
    publish: (_, said) => published.push(said),
    publishShadow: () => undefined,
    s3: fakeClient<never>().client,
    cloudwatch: fakeClient<never>().client,
  });
  const count = async (arm: 'candidate' | 'baseline', n: number, x: number, atMillis = START, shard = 0) => {
    const pk = ledgerKeys.counters(RELEASE, shard);
    const names = ['error-rate', ...KPIS.map(({ name }) => name)];
    const text = `ADD ${names.map((_, index) => `#n${index} :n, #x${index} :x`).join(', ')}`;
    const attributes = names.flatMap((kpi, index) => [
      [`#n${index}`, counterAttribute(kpi, arm, 'n')],
      [`#x${index}`, counterAttribute(kpi, arm, 'x')],
    ]);
    await fake.ledger.update(
      { pk, sk: ledgerKeys.minute(minuteOf(atMillis)) },
      { text, names: Object.fromEntries(attributes), values: { ':n': n, ':x': x } },
    );
    await fake.ledger.update({ pk, sk: ledgerKeys.hour(hourOf(atMillis)) }, { text: 'ADD changes :one', values: { ':one': 1 } });
  };
  return { fake, sfn, clock, published, verdict, count };
}

test('without an open step there is one read and nothing else', async () => {
  const { verdict, fake, sfn } = await setUp();
  fake.sent.length = 0;
  expect(await verdict.look()).toEqual({ decision: 'none' });
  expect(fake.sent.map(({ name }) => name)).toEqual(['GetItem']);
  expect(sfn.sent).toEqual([]);
});

test('without data it goes on, with a heartbeat', async () => {
  const { verdict, fake, sfn } = await setUp();
  await fake.ledger.put(ledgerKeys.step(), step);
  expect(await verdict.look()).toEqual({ decision: 'continue' });
  expect(sfn.sent).toEqual([{ name: 'SendTaskHeartbeat', input: { taskToken: 'token' } }]);
  expect(fake.item<StoredVerdict>(ledgerKeys.verdict(RELEASE))).toMatchObject({ decision: 'continue' });
});

test('a candidate that fails is rolled back, and the answer is kept', async () => {
  const { verdict, fake, sfn, count, published } = await setUp();
  await fake.ledger.put(ledgerKeys.step(), step);
  for (let minute = 0; minute < 20; minute += 1) {
    await count('candidate', 10, 9, START + minute * MINUTE, minute % 2);
    await count('baseline', 10, 1, START + minute * MINUTE, (minute + 1) % 2);
  }
  expect(await verdict.look()).toEqual({ decision: 'roll-back' });
  const [answer] = sfn.sent;
  expect(answer).toMatchObject({ name: 'SendTaskSuccess', input: { taskToken: 'token' } });
  const result = JSON.parse(String(answer?.input['output'])) as Record<string, unknown>;
  expect(result).toMatchObject({ decision: 'roll-back', by: 'verdict', culprit: 'error-rate' });
  expect(fake.item(ledgerKeys.stepResult(RELEASE, 0))).toMatchObject(result);
  const at = new Date(START + 30 * MINUTE).toISOString();
  const latest = fake.item<StoredVerdict>(ledgerKeys.verdict(RELEASE));
  expect(latest).toMatchObject({ at, decision: 'roll-back', culprit: 'error-rate' });
  const look = fake.item<StoredLook>(ledgerKeys.look(RELEASE, at));
  expect(JSON.parse(look?.verdict ?? '')).toEqual({
    at,
    ...published[0],
    words: [expect.stringMatching(/^missed-spam /), expect.stringMatching(/^wrongly-blocked /), expect.stringMatching(/^error-rate 90 %/)],
  });
  expect(look?.expiresAt).toBe((START + 30 * MINUTE) / 1000 + 365 * 86_400);
  expect(published[0]?.kpis[2]).toMatchObject({
    kpi: 'error-rate',
    candidateUnits: 200,
    candidateEvents: 180,
    controlUnits: 200,
    control: 'baseline',
  });
});

test('every look is kept for itself: an earlier one stays as it was', async () => {
  const { verdict, fake, clock } = await setUp();
  await fake.ledger.put(ledgerKeys.step(), step);
  await verdict.look();
  const first = fake.items(`verdict#${RELEASE}`).find(({ sk }) => String(sk).startsWith('look#'));
  clock.millis += MINUTE;
  await verdict.look();
  const looks = fake.items(`verdict#${RELEASE}`).filter(({ sk }) => String(sk).startsWith('look#'));
  expect(looks).toHaveLength(2);
  expect(looks[0]).toEqual(first);
});

test('evidence is published as powers of ten, each beside its threshold', () => {
  const evidence = { kpi: 'missed-spam', rollbackEvidence: 100, rollbackThreshold: 20, promotionEvidence: 0.01, promotionThreshold: 20 };
  const error = { ...evidence, kpi: 'error-rate', promotionThreshold: 0 };
  const lines = verdictMetrics(step, { kpis: [evidence, error], combinedRollbackEvidence: 10, threshold: 20 } as Verdict);
  expect(lines.map(({ dimensions }) => dimensions)).toEqual([{ Kpi: 'missed-spam' }, { Kpi: 'error-rate' }, { Kpi: 'combined' }, {}]);
  expect(lines[0]?.values).toEqual([
    ['Log10Evidence', 'None', 2],
    ['Log10Threshold', 'None', Math.log10(20)],
    ['Log10PromotionEvidence', 'None', -2],
    ['Log10PromotionThreshold', 'None', Math.log10(20)],
  ]);
  expect(lines.flatMap(({ values }) => values).every(([, , value]) => Number.isFinite(value))).toBe(true);
  expect(lines[1]?.values.map(([name]) => name)).not.toContain('Log10PromotionThreshold');
  expect(lines[3]?.values).toEqual([['CandidateShare', 'None', 0.5]]);
});

test('a step whose candidate was taken away is told so', async () => {
  const { verdict, fake, sfn, published } = await setUp();
  await fake.ledger.put(ledgerKeys.step(), step);
  await fake.ledger.put(ledgerKeys.control(), firstControl(0, { at: '', by: 'arn:owner', reason: 'drill' }));
  expect(await verdict.look()).toEqual({ decision: 'roll-back' });
  expect(JSON.parse(String(sfn.sent[0]?.input['output']))).toEqual({ decision: 'roll-back', reason: 'drill', by: 'arn:owner' });
  expect(published).toEqual([]);
});

test.each(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'])('%s is no error: somebody else was faster', async (name) => {
  const { verdict, fake, clock } = await setUp({
    SendTaskHeartbeat: () => {
      throw named(name);
    },
  });
  await fake.ledger.put(ledgerKeys.step(), step);
  clock.millis = START + MINUTE;
  expect(await verdict.look()).toEqual({ decision: 'continue' });
});

test('nobody waits for the open step, look after look: its candidate loses its traffic', async () => {
  const { verdict, fake, clock } = await setUp({
    SendTaskHeartbeat: () => {
      throw named('TaskTimedOut');
    },
  });
  const control = () => fake.item<ControlRecord>(ledgerKeys.control());
  await fake.ledger.put(ledgerKeys.step(), step);
  for (const minute of [1, 2, 3]) {
    clock.millis = START + minute * MINUTE;
    await verdict.look();
    expect(control()?.candidate?.releaseId).toBe(RELEASE);
  }
  clock.millis = START + 4 * MINUTE;
  await verdict.look();
  expect(control()).toMatchObject({ candidateWeight: 0, changedBy: 'verdict' });
  expect(control()?.candidate).toBeUndefined();
  expect(fake.item<StoredRelease>(ledgerKeys.release(RELEASE))?.stop).toMatchObject({ outcome: 'rolled-back', by: 'verdict' });
  expect(fake.item(ledgerKeys.step())).toBeUndefined();
});

test('a step that was opened anew counts from its own first look', async () => {
  const { verdict, fake, clock } = await setUp({
    SendTaskHeartbeat: () => {
      throw named('TaskTimedOut');
    },
  });
  await fake.ledger.put(ledgerKeys.step(), step);
  clock.millis = START + MINUTE;
  await verdict.look();
  await fake.ledger.put(ledgerKeys.step(), { ...step, taskToken: 'another' });
  clock.millis = START + 5 * MINUTE;
  await verdict.look();
  expect(fake.item<ControlRecord>(ledgerKeys.control())?.candidate?.releaseId).toBe(RELEASE);
  expect(fake.item<StepRecord>(ledgerKeys.step())?.unheardSince).toBe(new Date(clock.millis).toISOString());
});

test('throttling is an error: the next look comes in a minute', async () => {
  const { verdict, fake } = await setUp({
    SendTaskHeartbeat: () => {
      throw named('ThrottlingException');
    },
  });
  await fake.ledger.put(ledgerKeys.step(), step);
  await expect(verdict.look()).rejects.toThrow('ThrottlingException');
});

test('only hours that changed are read again', async () => {
  const { fake, count } = await setUp();
  const reader = new CounterReader(fake.ledger, RELEASE, 2);
  await count('candidate', 1, 0, START, 0);
  await count('candidate', 2, 1, START, 1);
  await count('baseline', 5, 5, START + 90 * MINUTE, 0);
  const minutes = [
    { minuteMillis: START, arms: { candidate: { n: 3, x: 1 } } },
    { minuteMillis: START + 90 * MINUTE, arms: { baseline: { n: 5, x: 5 } } },
  ];
  expect((await reader.read(KPIS))['missed-spam']).toEqual(minutes);
  fake.sent.length = 0;
  await reader.read(KPIS);
  expect(fake.sent.map(({ name }) => name)).toEqual(['Query', 'Query']);
  await count('candidate', 1, 0, START + MINUTE, 1);
  fake.sent.length = 0;
  const read = await reader.read(KPIS);
  expect(fake.sent).toHaveLength(3);
  expect(read['missed-spam']).toEqual([minutes[0], { minuteMillis: START + MINUTE, arms: { candidate: { n: 1, x: 0 } } }, minutes[1]]);
});

describe('while the candidate gets instances before its next share', () => {
  const growing: StepRecord = { ...step, growingSince: new Date(START).toISOString() };
  const nobodyWaits = {
    SendTaskSuccess: () => {
      throw named('TaskTimedOut');
    },
    SendTaskHeartbeat: () => {
      throw named('TaskTimedOut');
    },
  };

  test('nobody waits for the verdict, which is no reason to take its traffic away', async () => {
    const { verdict, fake, clock, sfn } = await setUp(nobodyWaits);
    await fake.ledger.put(ledgerKeys.step(), growing);
    for (const minute of [1, 30, 60, 119]) {
      clock.millis = START + minute * MINUTE;
      expect(await verdict.look()).toEqual({ decision: 'continue' });
    }
    expect(sfn.sent).toEqual([]);
    expect(fake.item<StepRecord>(ledgerKeys.step())?.unheardSince).toBeUndefined();
  });

  test('it is judged all the same: harm takes its traffic away at once', async () => {
    const { verdict, fake, count } = await setUp(nobodyWaits);
    await fake.ledger.put(ledgerKeys.step(), growing);
    for (let minute = 0; minute < 20; minute += 1) {
      await count('candidate', 10, 9, START + minute * MINUTE, minute % 2);
      await count('baseline', 10, 1, START + minute * MINUTE, (minute + 1) % 2);
    }
    expect(await verdict.look()).toEqual({ decision: 'roll-back' });
    expect(fake.item<ControlRecord>(ledgerKeys.control())).toMatchObject({ candidateWeight: 0, changedBy: 'verdict' });
    expect(fake.item<StoredRelease>(ledgerKeys.release(RELEASE))).toMatchObject({
      stop: { outcome: 'rolled-back', by: 'verdict' },
      culprit: 'error-rate',
    });
  });

  test('it is unheard again once that takes longer than any workflow waits', async () => {
    const { verdict, fake, clock } = await setUp(nobodyWaits);
    await fake.ledger.put(ledgerKeys.step(), growing);
    for (const minute of [181, 185]) {
      clock.millis = START + minute * MINUTE;
      await verdict.look();
    }
    expect(fake.item<ControlRecord>(ledgerKeys.control())?.candidate).toBeUndefined();
  });
});
