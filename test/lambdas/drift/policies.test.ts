import { after, LIVE, POLICY, RELEASE, rowsOf, scene, type Scene, shifted, usual } from './world';
import { ledgerKeys } from '../../../core/contracts';

async function lookAfter(the: Scene, hour: number) {
  the.at(after(hour));
  return the.look();
}

const desire = (the: Scene, releaseId: string) =>
  the.ledger.put(ledgerKeys.desired(), { hash: 'x', revision: 1, releaseId, spec: { kpis: [] } });

/** Another deploy: its model was trained on shifted rows, and its answers say the label elsewhere. */
function deploy(the: Scene): void {
  const lines = Array.from({ length: 2000 }, (_, index) => JSON.stringify(shifted(index)));
  the.s3.put('assets', 'train-2.jsonl', lines.join('\n'));
  the.policy.baseline = { kind: 'training-data', data: { bucket: 'assets', key: 'train-2.jsonl' }, format: 'jsonl' };
}

describe('a deploy with another baseline', () => {
  test('changes nothing for the release before, until its own release answers', async () => {
    const the = await scene();
    the.capture(0, 400);
    await desire(the, RELEASE);
    await lookAfter(the, 0);
    deploy(the);
    await desire(the, 'r2-bbbbbbbb');
    the.capture(1, 400);
    expect(await lookAfter(the, 1)).toMatchObject({ state: 'ok', told: [] });
    await the.control({ stable: { releaseId: 'r2-bbbbbbbb', variantName: 'a', modelName: 'm', endpointConfigName: 'c' } });
    const spec = { serving: { capture: { samplingShare: 1 } }, model: {} };
    await the.ledger.put(ledgerKeys.release('r2-bbbbbbbb'), {
      id: 'r2-bbbbbbbb',
      liveSince: new Date(LIVE + 2 * 3_600_000).toISOString(),
      spec,
    });
    the.capture(2, 400, shifted);
    expect(await lookAfter(the, 2)).toMatchObject({ state: 'ok', told: [] });
  });

  test('still says at once what is right, and whom to tell', async () => {
    const [amount, ...others] = POLICY.features;
    const the = await scene({ features: [{ ...amount!, atMost: 10 }, ...others] });
    the.capture(0, 400);
    await desire(the, RELEASE);
    expect(await lookAfter(the, 0)).toMatchObject({ state: 'broken-input' });
    deploy(the);
    the.policy.features = POLICY.features;
    the.policy.owner = 'risk';
    await desire(the, 'r2-bbbbbbbb');
    for (let hour = 1; hour < 6; hour += 1) the.capture(hour, 400);
    for (let hour = 1; hour < 6; hour += 1) await lookAfter(the, hour);
    expect(the.lastLook()).toMatchObject({ state: 'ok', reason: expect.stringContaining('until r2-bbbbbbbb answers') as string });
    expect(the.told.at(-1)).toMatchObject({ event: 'DriftEnded', roles: ['risk'] });
  });

  test('counts where the release that it asked for came to nothing', async () => {
    const the = await scene();
    the.capture(0, 400);
    await desire(the, RELEASE);
    await lookAfter(the, 0);
    deploy(the);
    await desire(the, 'r2-bbbbbbbb');
    await the.ledger.put(ledgerKeys.release('r2-bbbbbbbb'), {
      id: 'r2-bbbbbbbb',
      status: 'rejected',
      endedAt: new Date(LIVE).toISOString(),
    });
    the.capture(1, 400);
    expect(await lookAfter(the, 1)).toMatchObject({ state: 'drifting' });
  });

  test('counts at once where it asks for no other release', async () => {
    const the = await scene();
    the.capture(0, 400);
    await desire(the, RELEASE);
    await lookAfter(the, 0);
    deploy(the);
    the.capture(1, 400);
    expect(await lookAfter(the, 1)).toMatchObject({ state: 'drifting' });
  });

  test('counts where what the release came with is gone', async () => {
    const the = await scene();
    the.capture(0, 400);
    await lookAfter(the, 0);
    for (const key of the.s3.keys('drift', 'policies/')) the.s3.objects.delete(`drift/${key}`);
    deploy(the);
    await desire(the, 'r2-bbbbbbbb');
    expect(await lookAfter(the, 1)).toMatchObject({ state: 'drifting' });
  });
});

test.each<[string, (the: Scene) => void]>([
  ['path', (the) => (the.policy.features = POLICY.features)],
  ['range', (the) => (the.policy.features = POLICY.features)],
])('a wrong %s that is mended is mended for the hours before as well', async (what, mend) => {
  const [amount, ...others] = POLICY.features;
  const wrong = what === 'path' ? { ...amount!, path: 'amuont' } : { ...amount!, atMost: 10 };
  const the = await scene({ features: [wrong, ...others] });
  for (let hour = 0; hour < 6; hour += 1) the.capture(hour, 100);
  await lookAfter(the, 5);
  expect(the.lastLook().state).toBe('broken-input');
  mend(the);
  await lookAfter(the, 6);
  expect(the.lastLook().windows.flatMap(({ findings }) => findings)).toEqual([]);
  expect(the.lastLook().windows.find(({ hours }) => hours === 24)).toMatchObject({ state: 'ok', rows: 600 });
});

describe('a baseline that cannot judge', () => {
  test('of too few rows is told', async () => {
    const the = await scene();
    the.s3.put('assets', 'train.jsonl', rowsOf(50).join('\n'));
    the.capture(0, 3000, (index) => ({ ...usual(index), amount: null }));
    expect(await lookAfter(the, 0)).toMatchObject({ state: 'no-data', told: ['DriftNoData'] });
    expect(the.lastLook().reason).toContain('has 50 rows, at least 100 are needed');
    expect(the.metric('DriftNoData')).toBe(1);
  });

  test('of which half cannot be read is told', async () => {
    const the = await scene();
    the.s3.put('assets', 'train.jsonl', rowsOf(1000).join('\nrubbish\n'));
    await lookAfter(the, 0);
    expect(the.lastLook().reason).toContain('999 of 1999 rows that cannot be read');
  });

  test('of a feature says so, once, in the look and in the report', async () => {
    const the = await scene();
    const rows = Array.from({ length: 2000 }, (_, index) => JSON.stringify({ ...usual(index), label: undefined }));
    the.s3.put('assets', 'train.jsonl', rows.join('\n'));
    the.capture(0, 400, (index) => ({ ...usual(index), label: 'REFUSED' }));
    expect(await lookAfter(the, 0)).toMatchObject({ told: ['DriftNoData'] });
    expect(the.told[0]?.subject).toBe('drift cannot be judged in label: the baseline has no values of it');
    expect(the.lastLook().reason).toContain('not compared, since the baseline has no values of them: label');
    expect(the.s3.text('drift', 'reports/2026/03/02/00.html')).toContain('Not compared');
    expect(the.metric('DriftNoData')).toBe(0);
    the.capture(30, 400);
    await lookAfter(the, 30);
    expect(the.told).toHaveLength(1);
  });
});

describe('captures that stop in part', () => {
  test('are told an hour later: files come late', async () => {
    const the = await scene();
    the.requests.count = 1000;
    for (let hour = 0; hour < 3; hour += 1) the.capture(hour, 1000);
    expect(await lookAfter(the, 2)).toMatchObject({ state: 'ok' });
    for (let hour = 3; hour < 5; hour += 1) the.capture(hour, 250);
    expect(await lookAfter(the, 3)).toMatchObject({ state: 'ok' });
    expect(await lookAfter(the, 4)).toMatchObject({ state: 'no-data', told: ['DriftNoData'] });
    expect(the.lastLook().reason).toContain('of 1000 requests that were to be captured in 2026-03-02T03 250 were');
  });

  test('are no matter of the share that is captured', async () => {
    const the = await scene();
    const spec = { serving: { capture: { samplingShare: 0.25 } }, model: {} };
    await the.ledger.put(ledgerKeys.release(RELEASE), { id: RELEASE, liveSince: new Date(LIVE).toISOString(), spec });
    the.requests.count = 1000;
    for (let hour = 0; hour < 6; hour += 1) the.capture(hour, 230);
    await lookAfter(the, 5);
    expect(the.told).toEqual([]);
  });
});

test('truth that cannot be read does not hide drift: it is told, and the look fails after', async () => {
  const the = await scene({ truth: { prediction: 'label', kind: 'classification', windowMinutes: 60, minimumLabels: 10 } });
  for (let hour = 0; hour < 4; hour += 1) the.capture(hour, 400, shifted);
  the.s3.before = (_, input) => {
    if (String(input['Prefix']).startsWith('truth/')) throw new Error('SlowDown');
  };
  the.at(after(3));
  await expect(the.look()).rejects.toThrow('SlowDown');
  expect(the.told.map(({ event }) => event)).toEqual(['DriftDetected']);
});

test('an event says what of it nobody has muted', async () => {
  const the = await scene({ windowsHours: [1, 24] });
  const broken = (index: number) => ({ ...usual(index), amount: null, label: 'other' });
  const mute = { feature: 'amount', kind: 'snooze', until: '2027-01-01T00:00:00Z', reason: 'r', by: 'b', at: 'a' };
  await the.ledger.put(ledgerKeys.driftMute('amount'), mute);
  the.capture(0, 400, broken);
  await lookAfter(the, 0);
  expect(the.lastLook().state).toBe('broken-input');
  expect(the.told.map(({ event, facts }) => [event, facts['state']])).toEqual([['DriftDetected', 'drifting']]);
});

test('files that are gone while examples are looked for leave none', async () => {
  const the = await scene();
  the.capture(0, 400, shifted);
  the.requests.count = 400;
  let reads = 0;
  the.s3.before = (name, input) => {
    if (name === 'GetObject' && input['Bucket'] === 'captures' && ++reads === 2) the.s3.objects.delete(`captures/${String(input['Key'])}`);
  };
  expect(await lookAfter(the, 0)).toMatchObject({ state: 'drifting', told: ['DriftDetected'] });
  expect(the.lastLook().windows[0]?.findings[0]?.examples).toEqual([]);
});
