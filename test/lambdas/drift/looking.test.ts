import { after, DAY, HOUR, LIVE, RELEASE, scene, type Scene, shifted, usual } from './world';
import { hourFolder } from '../../../core/drift/places';
import type { KeptProfile } from '../../../lambdas/drift/profiles';

async function lookAfter(the: Scene, hour: number) {
  the.at(after(hour));
  return the.look();
}

const profileKeys = (the: Scene): string[] => the.s3.keys('drift', 'profiles/');

describe('a look', () => {
  test('makes the baseline, counts the hour, and finds nothing where nothing drifts', async () => {
    const the = await scene();
    the.capture(0, 400);
    the.requests.count = 400;
    expect(await lookAfter(the, 0)).toEqual({ state: 'ok', hour: '2026-03-02T00', told: [] });
    expect(the.s3.keys('drift', 'baselines/')).toHaveLength(1);
    expect(profileKeys(the)).toEqual([expect.stringMatching(new RegExp(`^profiles/${RELEASE}/[\\w-]+/2026/03/02/00\\.json$`))]);
    expect(the.s3.json<KeptProfile>('drift', profileKeys(the)[0] as string)).toMatchObject({ rows: 400, hour: '2026-03-02T00' });
    expect(the.lastLook()).toMatchObject({
      releaseId: RELEASE,
      requests: 400,
      windows: [{ hours: 1, rows: 400, state: 'ok' }, {}, {}, {}],
    });
    expect(the.metric('DriftChecks')).toBe(1);
    expect(the.metric('DriftRows')).toBe(400);
    expect(the.metric('DriftingFeatures')).toBe(0);
    expect(the.requests.asked.at(-1)).toEqual(['triage', 'a', LIVE, LIVE + HOUR]);
    expect(the.s3.json('drift', 'looks/2026/03/02/00.json')).toMatchObject({ state: 'ok' });
  });

  test('sees what drifts, tells the owner, and shows records and a report', async () => {
    const the = await scene();
    the.capture(0, 400, shifted);
    expect(await lookAfter(the, 0)).toMatchObject({ state: 'drifting', told: ['DriftDetected'] });
    const [notification] = the.told;
    expect(notification).toMatchObject({
      event: 'DriftDetected',
      roles: ['quality'],
      runbook: 'drift',
      releaseId: RELEASE,
      subject: 'drift in amount',
      facts: { useCase: 'support-triage', hour: '2026-03-02T00', state: 'drifting', reportUri: 's3://drift/reports/2026/03/02/00.html' },
    });
    const { findings } = notification?.facts as { findings: { feature: string; examples: string[] }[] };
    expect(new Set(findings.map(({ feature }) => feature))).toEqual(new Set(['amount']));
    expect(findings[0]?.examples[0]).toMatch(/^a-0-/);
    expect(the.s3.text('drift', 'reports/2026/03/02/00.html')).toContain('amount');
    expect(the.metric('DriftingFeatures')).toBe(1);
    const distance = the.measured.find(({ dimensions }) => dimensions['Feature'] === 'amount');
    expect(distance?.values['DriftDistance']).toBeGreaterThan(0.1);
  });

  test('made again, by the same function or another one, says the same and tells nobody twice', async () => {
    const the = await scene();
    the.capture(0, 400, shifted);
    await lookAfter(the, 0);
    const [key] = profileKeys(the);
    const before = the.s3.text('drift', key as string);
    const first = the.lastLook();
    await the.look();
    await the.coldLook();
    expect(the.told).toHaveLength(1);
    expect(profileKeys(the)).toEqual([key]);
    expect(the.s3.text('drift', key as string)).toBe(before);
    expect(the.lastLook()).toEqual(first);
    expect(the.state().version).toBe(3);
  });

  test('of two at the same time one is kept', async () => {
    const the = await scene();
    the.capture(0, 400, shifted);
    the.at(after(0));
    const reports = await Promise.all([the.look(), the.coldLook()]);
    expect(the.told).toHaveLength(1);
    expect(reports.filter((report) => 'state' in report && report.told.length > 0)).toHaveLength(1);
  });

  test('reads nothing again that has not changed', async () => {
    const the = await scene();
    the.capture(0, 200);
    await lookAfter(the, 0);
    the.capture(1, 200);
    the.s3.sent.length = 0;
    await lookAfter(the, 1);
    const captures = the.s3.sent.filter(({ name, input }) => name === 'GetObject' && input['Bucket'] === 'captures');
    expect(captures.map(({ input }) => input['Key'])).toEqual([expect.stringContaining('2026/03/02/01/')]);
    expect(the.s3.sent.filter(({ name, input }) => name === 'GetObject' && String(input['Key']).startsWith('profiles/'))).toEqual([]);
  });

  test('counts a late file, within two days', async () => {
    const the = await scene();
    the.capture(0, 200);
    await lookAfter(the, 0);
    the.capture(0, 300, usual, { file: '59-59-000-late', seed: 1000 });
    await lookAfter(the, 5);
    expect(the.s3.json('drift', profileKeys(the)[0] as string)).toMatchObject({ rows: 500 });
    await lookAfter(the, 52);
    the.capture(0, 100, usual, { file: '59-59-999-too-late', seed: 2000 });
    await lookAfter(the, 60);
    expect(the.s3.json('drift', profileKeys(the)[0] as string)).toMatchObject({ rows: 500 });
  });

  test('catches up on hours that nobody looked at, the newest first', async () => {
    const the = await scene();
    for (let hour = 0; hour < 100; hour += 1) the.capture(hour, 20);
    await lookAfter(the, 99);
    expect(profileKeys(the)).toHaveLength(100);
    expect(the.lastLook().windows.map(({ rows }) => rows)).toEqual([20, 120, 480, 2000]);
    const [first] = the.s3.sent.filter(({ name, input }) => name === 'PutObject' && String(input['Key']).startsWith('profiles/'));
    expect(first?.input['Key']).toContain(hourFolder(LIVE + 99 * HOUR));
  });

  test('stops in time, says so, and goes on at the next look', async () => {
    const the = await scene();
    for (let hour = 0; hour < 60; hour += 1) the.capture(hour, 20);
    let written = 0;
    the.s3.before = (name, input) => {
      if (name === 'PutObject' && String(input['Key']).startsWith('profiles/') && ++written === 10) the.remaining.millis = 60_000;
    };
    await lookAfter(the, 59);
    expect(profileKeys(the)).toHaveLength(10);
    expect(the.lastLook().reason).toContain('50 hours are still being read');
    the.remaining.millis = 900_000;
    await lookAfter(the, 60);
    expect(profileKeys(the)).toHaveLength(60);
    expect(the.lastLook().reason).not.toContain('still being read');
  });

  test('goes on where one died half-way', async () => {
    const the = await scene();
    for (let hour = 0; hour < 6; hour += 1) the.capture(hour, 200, shifted);
    let written = 0;
    the.s3.before = (name, input) => {
      if (name === 'PutObject' && String(input['Key']).startsWith('profiles/') && ++written === 3) throw new Error('out of memory');
    };
    the.at(after(5));
    await expect(the.look()).rejects.toThrow('out of memory');
    expect(the.told).toEqual([]);
    the.s3.before = () => undefined;
    await the.coldLook();
    expect(profileKeys(the)).toHaveLength(6);
    expect(the.told).toHaveLength(1);
  });

  test('leaves an hour whose files change while they are read to the next look', async () => {
    const the = await scene();
    the.capture(0, 200);
    the.s3.before = (name, input) => {
      if (name === 'GetObject' && input['Bucket'] === 'captures') the.capture(0, 250);
    };
    await lookAfter(the, 0);
    expect(profileKeys(the)).toEqual([]);
    expect(the.lastLook().reason).toContain('1 hour is still being read');
    the.s3.before = () => undefined;
    await the.look();
    expect(the.s3.json('drift', profileKeys(the)[0] as string)).toMatchObject({ rows: 250 });
  });

  test('leaves what another one has written meanwhile', async () => {
    const the = await scene();
    the.capture(0, 200);
    await lookAfter(the, 0);
    const [key = ''] = profileKeys(the);
    the.capture(0, 100, usual, { file: 'late', seed: 1000 });
    the.s3.before = (name, input) => {
      if (name !== 'PutObject' || input['Key'] !== key) return;
      the.s3.before = () => undefined;
      the.s3.put('drift', key, JSON.stringify({ ...the.s3.json<object>('drift', key), rows: 777 }));
    };
    await the.look();
    expect(the.s3.json('drift', key)).toMatchObject({ rows: 777 });
  });

  test('counts an hour anew whose profile cannot be read', async () => {
    const the = await scene();
    the.capture(0, 200);
    await lookAfter(the, 0);
    const [key = ''] = profileKeys(the);
    the.s3.put('drift', key, '{"schema":"sluice.drift-pro');
    await the.coldLook();
    expect(the.s3.json('drift', key)).toMatchObject({ rows: 200 });
  });
});

describe('whose traffic it is', () => {
  test('only of the stable release: other variants, and what was before its promotion, are left out', async () => {
    const the = await scene();
    the.capture(0, 200, shifted, { variant: 'b' });
    the.capture(0, 300);
    the.capture(1, 400);
    const next = 'r2-bbbbbbbb';
    const since = new Date(LIVE + 1.5 * HOUR).toISOString();
    await the.control({ stable: { releaseId: next, variantName: 'a', modelName: 'm2', endpointConfigName: 'c2' } });
    const spec = { serving: { capture: { samplingShare: 1 } }, model: {} };
    await the.ledger.put({ pk: 'releases', sk: next }, { id: next, liveSince: since, spec });
    await lookAfter(the, 1);
    const keys = profileKeys(the);
    expect(keys).toEqual([expect.stringContaining(`profiles/${next}/`)]);
    expect(the.s3.json('drift', keys[0] as string)).toMatchObject({ rows: 200, firstAt: LIVE + 1.5 * HOUR });
  });

  test.each([
    ['parked', 'switched off'],
    ['killed', 'kill switch'],
    ['baseline', 'until a release is promoted'],
  ] as const)('nobody is told where the use case is %s', async (mode, words) => {
    const the = await scene();
    the.capture(0, 200);
    the.requests.count = 100;
    await the.control({ mode });
    expect(await lookAfter(the, 1)).toMatchObject({ state: 'no-data', told: [] });
    expect(the.lastLook().reason).toContain(words);
    expect(the.metric('DriftNoData')).toBe(0);
    expect(the.metric('DriftChecks')).toBe(1);
  });
});

describe('no data', () => {
  test('an hour in which nobody asked is no alarm', async () => {
    const the = await scene();
    the.capture(0, 200);
    the.requests.count = 200;
    await lookAfter(the, 0);
    the.requests.count = 0;
    expect(await lookAfter(the, 1)).toMatchObject({ state: 'no-data', told: [] });
    expect(the.metric('DriftNoData')).toBe(0);
  });

  test('captures that stopped are told once, then daily, and when they come again', async () => {
    const the = await scene();
    the.capture(0, 200);
    the.requests.count = 200;
    await lookAfter(the, 0);
    expect(await lookAfter(the, 1)).toMatchObject({ state: 'no-data', told: ['DriftNoData'] });
    expect(the.lastLook().reason).toContain('SageMaker answered 200 requests in 2026-03-02T01 and captured none');
    expect(the.metric('DriftNoData')).toBe(1);
    expect(await lookAfter(the, 2)).toMatchObject({ state: 'no-data', told: [] });
    expect(await lookAfter(the, 25)).toMatchObject({ told: ['DriftNoData'] });
    the.capture(26, 200);
    expect(await lookAfter(the, 26)).toMatchObject({ state: 'ok', told: ['DriftEnded'] });
  });

  test('drift that was seen is not over because captures stopped', async () => {
    const the = await scene({ windowsHours: [1] });
    the.capture(0, 400, shifted);
    the.requests.count = 400;
    await lookAfter(the, 0);
    for (let hour = 1; hour < 8; hour += 1) await lookAfter(the, hour);
    expect(the.told.map(({ event }) => event)).toEqual(['DriftDetected', 'DriftNoData']);
    for (let hour = 8; hour < 12; hour += 1) {
      the.capture(hour, 400);
      await lookAfter(the, hour);
    }
    expect(the.told.slice(2).map(({ subject }) => subject)).toEqual(['drift can be judged again', 'no drift any more in amount']);
  });

  test('few requests of which a share is captured may leave no capture', async () => {
    const the = await scene();
    await the.ledger.put(
      { pk: 'releases', sk: RELEASE },
      {
        id: RELEASE,
        liveSince: new Date(LIVE).toISOString(),
        spec: { serving: { capture: { samplingShare: 0.01 } }, model: {} },
      },
    );
    the.requests.count = 300;
    expect(await lookAfter(the, 0)).toMatchObject({ told: [] });
    the.requests.count = 5000;
    expect(await lookAfter(the, 1)).toMatchObject({ told: ['DriftNoData'] });
  });

  test('a release that was deployed without captures is told', async () => {
    const the = await scene();
    const record = { id: RELEASE, liveSince: new Date(LIVE).toISOString(), spec: { serving: {}, model: {} } };
    await the.ledger.put({ pk: 'releases', sk: RELEASE }, record);
    the.requests.count = 5;
    await lookAfter(the, 0);
    expect(the.lastLook().reason).toContain('deployed without serving.capture');
  });

  test('records that cannot be read are broken input, never "no drift"', async () => {
    const the = await scene();
    the.requests.count = 3;
    the.capture(0, 200);
    const [key = ''] = the.s3.keys('captures');
    the.s3.put('captures', key, '{"captureData": {"endpointInp\n'.repeat(50));
    expect(await lookAfter(the, 0)).toMatchObject({ state: 'broken-input', told: ['DriftBrokenInput'] });
    expect(the.metric('DriftBrokenInput')).toBe(1);
    expect(the.metric('DriftBrokenRecords')).toBe(50);
    expect(the.told[0]?.subject).toContain('captured records cannot be read');
  });

  test('a field that turns null is broken input', async () => {
    const the = await scene();
    the.capture(0, 400, (index) => ({ ...usual(index), amount: null }));
    expect(await lookAfter(the, 0)).toMatchObject({ state: 'broken-input', told: ['DriftBrokenInput'] });
    expect(the.told[0]?.subject).toBe('broken input in amount');
  });
});

test('a look a year later reads a week', async () => {
  const the = await scene();
  const late = 365 * 24;
  for (let hour = late - 30; hour <= late; hour += 1) the.capture(hour, 20);
  the.capture(0, 20);
  await lookAfter(the, late);
  expect(profileKeys(the)).toHaveLength(31);
  expect(LIVE + late * HOUR).toBe(LIVE + 365 * DAY);
});
