import { DAY, HOUR, LIVE, RELEASE, scene, type Scene } from './world';
import { KPIS, SPEC } from '../support';
import { counterAttribute, ledgerKeys, minuteOf } from '../../../core/contracts';

/** An exposure minute an hour: of 100 units of stable and 20 of the holdout so many have the bad outcome. */
async function count(the: Scene, fromDay: number, toDay: number, stableBad: number, baselineBad: number): Promise<void> {
  const puts = [];
  for (let millis = LIVE + fromDay * DAY; millis < LIVE + toDay * DAY; millis += HOUR) {
    const kpi = KPIS[0]?.name ?? '';
    const key = { pk: ledgerKeys.counters(RELEASE, 0), sk: ledgerKeys.minute(minuteOf(millis + 60_000)) };
    const item = {
      [counterAttribute(kpi, 'stable', 'n')]: 200,
      [counterAttribute(kpi, 'stable', 'x')]: stableBad,
      [counterAttribute(kpi, 'baseline', 'n')]: 100,
      [counterAttribute(kpi, 'baseline', 'x')]: baselineBad,
    };
    puts.push({ key, item });
  }
  await the.ledger.batchPut(puts);
}

async function withHoldout(): Promise<Scene> {
  const the = await scene({ kpiMovement: true });
  await the.control({ holdout: 0.1 });
  await the.ledger.put(ledgerKeys.desired(), { hash: 'x', revision: 1, spec: { ...SPEC, kpis: KPIS.slice(0, 1) } });
  return the;
}

async function lookAtDay(the: Scene, day: number) {
  the.at(LIVE + day * DAY + 3 * HOUR + 12 * 60_000);
  return the.look();
}

const moved = (the: Scene) => the.lastLook().windows.flatMap(({ findings }) => findings.filter(({ check }) => check === 'kpi'));

test('a lift that got worse since the first days is told', async () => {
  const the = await withHoldout();
  await count(the, 0, 7, 10, 20);
  await count(the, 7, 20, 30, 20);
  expect(await lookAtDay(the, 20)).toMatchObject({ state: 'drifting', told: ['DriftDetected'] });
  expect(moved(the)).toEqual([
    expect.objectContaining({ feature: 'missed-spam', windowHours: 168, words: expect.stringContaining('in the last 7 days') as string }),
  ]);
  expect(the.told[0]?.subject).toBe('drift in missed-spam');
});

test('what moves both arms alike moves nothing; neither does what gets better', async () => {
  const season = await withHoldout();
  await count(season, 0, 7, 10, 10);
  await count(season, 7, 20, 30, 30);
  await lookAtDay(season, 20);
  expect(moved(season)).toEqual([]);
  const better = await withHoldout();
  await count(better, 0, 7, 30, 20);
  await count(better, 7, 20, 10, 20);
  await lookAtDay(better, 20);
  expect(moved(better)).toEqual([]);
});

test('is looked up once a day', async () => {
  const the = await withHoldout();
  await count(the, 0, 20, 10, 20);
  await lookAtDay(the, 20);
  the.sent.length = 0;
  the.clock.millis += HOUR;
  await the.look();
  expect(the.sent.filter(({ name, input }) => name === 'Query' && JSON.stringify(input).includes('counters#'))).toEqual([]);
  await count(the, 20, 21, 10, 20);
  await lookAtDay(the, 21);
  expect(the.sent.some(({ name, input }) => name === 'Query' && JSON.stringify(input).includes('counters#'))).toBe(true);
});

test.each<[string, (the: Scene) => Promise<unknown>, number]>([
  ['no unit stays with the baseline', (the) => the.control({ holdout: 0 }), 20],
  ['the last days are still the first ones', async () => undefined, 10],
])('says nothing where %s', async (_, change, day) => {
  const the = await withHoldout();
  await change(the);
  await count(the, 0, 7, 10, 20);
  await count(the, 7, day, 60, 20);
  await lookAtDay(the, day);
  expect(moved(the)).toEqual([]);
});
