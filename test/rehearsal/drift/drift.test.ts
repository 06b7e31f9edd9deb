import { featuresOf, flights, play, wrong } from './play';

jest.setTimeout(240_000);

const LONG_FLIGHTS = { which: 'far', share: 0.7, fromHour: 2 };

test('without its rhythm the hours of a day are drift: the charter of the example has none', async () => {
  const told = await play({ traffic: flights({ byClock: true }) });
  expect(told.looks.at(-1)).toMatchObject({ state: 'drifting' });
  expect(featuresOf(told.looks)).toContain('scheduledHour');
});

describe('what is snoozed', () => {
  test('is measured, and told to nobody; what else drifts is told', async () => {
    const told = await play({
      traffic: flights(LONG_FLIGHTS),
      actions: [
        { at: '90m', do: 'snooze', as: 'quality', feature: 'distanceMiles', for: '12h', reason: 'a new route opens today' },
        { at: '91m', do: 'snooze', as: 'quality', feature: 'joint', for: '12h', reason: 'a new route opens today' },
      ],
    });
    expect(wrong(told.result)).toEqual([]);
    expect(told.looks.at(-1)).toMatchObject({ state: 'drifting' });
    expect(featuresOf(told.looks)).toContain('distanceMiles');
    expect(told.mails.filter(({ subject }) => /drift in .*distanceMiles/.test(subject))).toEqual([]);
  });

  test('by nobody but an owner', async () => {
    const told = await play({
      duration: '1h',
      actions: [{ at: '10m', do: 'snooze', as: 'arn:aws:iam::123456789012:role/Stranger', for: '12h', reason: 'please' }],
    });
    expect(told.result.timeline.filter(({ source, event }) => source === 'people' && event === 'refused')).toMatchObject([
      { detail: { do: 'snooze', status: 403, answer: expect.stringMatching(/no owner/) as string } },
    ]);
  });
});

test('drift that is told names the owner, how far it is, and requests that show it; the report is in the bucket', async () => {
  const told = await play({ traffic: flights(LONG_FLIGHTS) });
  const findings = told.looks.at(-1)!.windows.flatMap((window) => window.findings);
  const distance = findings.find(({ feature, check }) => feature === 'distanceMiles' && check === 'distribution');
  expect(distance?.value).toBeGreaterThan(distance!.limit);
  expect(distance?.examples.length).toBeGreaterThan(0);
  expect(told.mails.some(({ subject }) => /drift in .*distanceMiles/.test(subject))).toBe(true);
  const report = Object.values(told.reports).at(-1);
  expect(report).toMatch(/<svg/);
  expect(report).toMatch(/distanceMiles/);
  expect(report).not.toMatch(/<script/);
});

test('nobody asks: there is no data, and no alarm of it', async () => {
  const told = await play({ duration: '5h', traffic: { ...flights({}), quiet: [{ from: '0m', to: '5h' }] } });
  expect(told.looks.at(-1)).toMatchObject({ state: 'no-data', requests: 0 });
  expect(told.sums['DriftNoData']).toBe(0);
  expect(told.mails.filter(({ minute }) => minute >= 0)).toEqual([]);
});

test('the first days of a release: nothing is said before they are over, and they are what comes after is held against', async () => {
  const told = await play({
    duration: '27h',
    traffic: flights({ which: 'far', share: 0.9, fromHour: 25 }, 1.5),
    charter: { drift: { baseline: { trainingData: null, timeColumn: null, firstDays: '1d' }, minimumRows: 60 } },
  });
  const states = told.looks.map(({ state }) => state);
  expect(states.slice(0, 20).every((state) => state === 'not-enough-data')).toBe(true);
  expect(states.at(-1)).toBe('drifting');
  expect(told.keys.some((key) => key.startsWith('baselines/'))).toBe(true);
});
