import { after, DAY, LIVE, POLICY, RELEASE, rowsOf, scene, type Scene, shifted, usual } from './world';
import { named } from '../support';
import type { DriftPolicy } from '../../../core/contracts';
import type { DriftBaseline } from '../../../core/drift/types';
import { baselineKeyOf } from '../../../lambdas/drift/baseline';

async function lookAfter(the: Scene, hour: number) {
  the.at(after(hour));
  return the.look();
}

const baselines = (the: Scene): string[] => the.s3.keys('drift', 'baselines/');
const FIRST_DAYS: Partial<DriftPolicy> = { baseline: { kind: 'first-days', days: 2 } };

describe('from training data', () => {
  test('is made once', async () => {
    const the = await scene();
    the.capture(0, 200);
    await lookAfter(the, 0);
    const [key = ''] = baselines(the);
    expect(key).toBe(baselineKeyOf(POLICY, 'whatever'));
    expect(the.s3.json<DriftBaseline>('drift', key)).toMatchObject({ source: { kind: 'training-data', uri: 's3://assets/train.jsonl' } });
    the.s3.sent.length = 0;
    await lookAfter(the, 1);
    expect(the.s3.sent.some(({ input }) => input['Bucket'] === 'assets')).toBe(false);
  });

  test.each<[string, (the: Scene) => void, string]>([
    ['is not there', (the) => the.s3.objects.delete('assets/train.jsonl'), 's3://assets/train.jsonl is not there'],
    ['is empty', (the) => the.s3.put('assets', 'train.jsonl', ''), 'has no row that can be read'],
    ['is no table', (the) => the.s3.put('assets', 'train.jsonl', 'PK\x03\x04\n\n'), 'has no row that can be read'],
    [
      'may not be read',
      (the) => {
        the.s3.before = (_, input) => {
          if (input['Bucket'] === 'assets') throw named('AccessDenied');
        };
      },
      'may not read it',
    ],
  ])('that %s is told: nothing is judged', async (_, spoil, words) => {
    const the = await scene();
    the.capture(0, 200);
    spoil(the);
    expect(await lookAfter(the, 0)).toMatchObject({ state: 'no-data', told: ['DriftNoData'] });
    expect(the.lastLook().reason).toContain(words);
    expect(the.metric('DriftNoData')).toBe(1);
    expect(baselines(the)).toEqual([]);
  });

  test('is judged as soon as it is mended', async () => {
    const the = await scene();
    the.capture(0, 200);
    the.s3.objects.delete('assets/train.jsonl');
    await lookAfter(the, 0);
    the.s3.put('assets', 'train.jsonl', rowsOf(2000).join('\n'));
    the.capture(1, 200);
    expect(await lookAfter(the, 1)).toMatchObject({ state: 'ok', told: ['DriftEnded'] });
  });

  test('with another hash than the charter says is refused', async () => {
    const data = { bucket: 'assets', key: 'train.jsonl', sha256: 'a'.repeat(64) };
    const the = await scene({ baseline: { kind: 'training-data', data, format: 'jsonl' } });
    await lookAfter(the, 0);
    expect(the.lastLook().reason).toContain(`the charter says ${'a'.repeat(64)}`);
  });

  test('that failed to be read for another reason is an error, not a state', async () => {
    const the = await scene();
    the.s3.before = (_, input) => {
      if (input['Bucket'] === 'assets') throw named('SlowDown');
    };
    the.at(after(0));
    await expect(the.look()).rejects.toThrow('SlowDown');
  });

  test('of which nothing but rubbish is left is made anew', async () => {
    const the = await scene();
    the.capture(0, 200);
    await lookAfter(the, 0);
    const [key = ''] = baselines(the);
    the.s3.put('drift', key, '{"schema":"sluice.drift-baseline/v1"}');
    await the.coldLook();
    expect(the.s3.json<DriftBaseline>('drift', key).layout.features).toHaveLength(3);
    expect(the.lastLook().state).toBe('ok');
  });

  test('is another one where other features are watched, not where thresholds differ', () => {
    const key = baselineKeyOf(POLICY, 'r1');
    const [first, ...others] = POLICY.features;
    expect(baselineKeyOf({ ...POLICY, features: others }, 'r1')).not.toBe(key);
    expect(baselineKeyOf({ ...POLICY, rhythm: 'daily' }, 'r1')).not.toBe(key);
    expect(baselineKeyOf({ ...POLICY, features: [{ ...first!, threshold: 0.5 }, ...others], minimumRows: 7 }, 'r1')).toBe(key);
    expect(baselineKeyOf({ ...POLICY, ...FIRST_DAYS } as DriftPolicy, 'r1')).not.toBe(
      baselineKeyOf({ ...POLICY, ...FIRST_DAYS } as DriftPolicy, 'r2'),
    );
  });
});

test('statistics that are no JSON are told', async () => {
  const the = await scene({ baseline: { kind: 'statistics', statistics: { bucket: 'assets', key: 'statistics.json' } } });
  the.s3.put('assets', 'statistics.json', 'nothing');
  await lookAfter(the, 0);
  expect(the.lastLook().reason).toContain('s3://assets/statistics.json is no JSON');
});

describe('from the first days', () => {
  test('is learned, then judged by', async () => {
    const the = await scene(FIRST_DAYS);
    for (let hour = 0; hour < 48; hour += 1) the.capture(hour, 20);
    expect(await lookAfter(the, 5)).toMatchObject({ state: 'not-enough-data', told: [] });
    expect(the.lastLook().reason).toBe(`the first days of ${RELEASE} are learned until ${new Date(LIVE + 2 * DAY).toISOString()}`);
    await lookAfter(the, 47);
    expect(baselines(the)).toEqual([]);
    the.capture(48, 300, shifted);
    expect(await lookAfter(the, 48)).toMatchObject({ state: 'drifting', told: ['DriftDetected'] });
    const baseline = the.s3.json<DriftBaseline>('drift', baselines(the)[0] as string);
    expect(baseline.profile.rows).toBe(48 * 20);
    expect(baseline.source).toEqual({
      kind: 'first-days',
      from: new Date(LIVE).toISOString(),
      to: new Date(LIVE + 2 * DAY).toISOString(),
      releaseId: RELEASE,
    });
  });

  test('captures that stop meanwhile are told', async () => {
    const the = await scene(FIRST_DAYS);
    the.requests.count = 100;
    expect(await lookAfter(the, 5)).toMatchObject({ state: 'no-data', told: ['DriftNoData'] });
    expect(the.lastLook().reason).toContain('captured none');
  });

  test('with too few rows is learned for longer', async () => {
    const the = await scene(FIRST_DAYS);
    the.capture(3, 40);
    expect(await lookAfter(the, 48)).toMatchObject({ state: 'not-enough-data' });
    expect(the.lastLook().reason).toContain('40 of 100 rows');
    the.capture(50, 400);
    the.s3.sent.length = 0;
    await lookAfter(the, 55);
    expect(the.s3.sent.filter(({ name, input }) => name === 'GetObject' && input['Bucket'] === 'captures')).toEqual([]);
    await lookAfter(the, 73);
    expect(baselines(the)).toHaveLength(1);
    expect(the.s3.json<DriftBaseline>('drift', baselines(the)[0] as string).profile.rows).toBe(440);
  });
});

describe('of a retrained model', () => {
  const ARN = 'arn:aws:sagemaker:eu-west-1:111122223333:model-package/triage/3';
  const PROPERTY = 'sluice:drift-baseline';

  async function retrained(uri: string): Promise<Scene> {
    const the = await scene();
    const spec = { serving: { capture: { samplingShare: 1 } }, model: { modelPackageArn: ARN } };
    await the.ledger.put({ pk: 'releases', sk: RELEASE }, { id: RELEASE, liveSince: new Date(LIVE).toISOString(), spec });
    the.packages[ARN] = { [PROPERTY]: uri };
    return the;
  }

  /** A baseline of shifted rows, as another use case would have left it. */
  async function shiftedBaseline(change: Partial<DriftPolicy> = {}): Promise<string> {
    const other = await scene(change);
    other.s3.put('assets', 'train.jsonl', Array.from({ length: 2000 }, (_, index) => JSON.stringify(shifted(index))).join('\n'));
    await lookAfter(other, 0);
    return other.s3.text('drift', baselines(other)[0] as string);
  }

  test('is what it was trained on', async () => {
    const the = await retrained('s3://drift/models/t7/baseline.json');
    the.s3.put('drift', 'models/t7/baseline.json', await shiftedBaseline());
    the.capture(0, 400, shifted);
    expect(await lookAfter(the, 0)).toMatchObject({ state: 'ok' });
    expect(baselines(the)).toEqual([]);
  });

  test.each<[string, string, (the: Scene) => Promise<void>]>([
    ['is not there', 's3://drift/models/t8/baseline.json', async () => undefined],
    ['is in another bucket', 's3://elsewhere/baseline.json', async () => undefined],
    [
      'does not know a feature of today',
      's3://drift/models/t9/baseline.json',
      async (the) => the.s3.put('drift', 'models/t9/baseline.json', await shiftedBaseline({ features: POLICY.features.slice(0, 2) })),
    ],
    ['is rubbish', 's3://drift/models/t6/baseline.json', async (the) => the.s3.put('drift', 'models/t6/baseline.json', '[]')],
  ])('that %s leaves the say to the charter', async (name, uri, prepare) => {
    const the = await retrained(uri);
    const arn = `${ARN}${name.length}`;
    the.packages[arn] = the.packages[ARN]!;
    const spec = { serving: { capture: { samplingShare: 1 } }, model: { modelPackageArn: arn } };
    await the.ledger.put({ pk: 'releases', sk: RELEASE }, { id: RELEASE, liveSince: new Date(LIVE).toISOString(), spec });
    await prepare(the);
    the.capture(0, 400, usual);
    expect(await lookAfter(the, 0)).toMatchObject({ state: 'ok' });
    expect(baselines(the)).toEqual([baselineKeyOf(POLICY, RELEASE)]);
  });
});
