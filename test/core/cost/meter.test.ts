import {
  advance,
  amountByArm,
  amountOf,
  type FleetLine,
  firstState,
  forecastOf,
  laidOver,
  type Look,
  type MeterState,
  pricesIn,
  ratePerHour,
  serverlessProvisioned,
  serverlessUse,
  unpricedSeconds,
  unpricedTypes,
} from '../../../core/cost';
import type { PriceBook } from '../../../core/prices/price-book';

const START = Date.parse('2026-03-10T09:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const PRICES: Record<string, number> = { small: 1, large: 4 };
const priceOf = (what: string): number | undefined => PRICES[what];
const line = (what: string, count: number, arm: FleetLine['arm'] = 'stable'): FleetLine => ({ endpointName: 'e', arm, what, count });
const look = (atMillis: number, lines: FleetLine[], modifiedAtMillis = 0): Look => ({
  atMillis,
  endpoints: lines.length === 0 ? [] : [{ endpointName: 'e', modifiedAtMillis, lines }],
});

/** Looks one after the other. */
function metered(...looks: Look[]): MeterState {
  const [first, ...rest] = looks;
  return rest.reduce((state, next) => advance(state, next, priceOf).state, firstState(first!));
}

describe('what ran between two looks', () => {
  test('is counted by instances and time, and priced by the hour', () => {
    const state = metered(look(START, [line('small', 2)]), look(START + 30 * MINUTE, [line('small', 2)]));
    expect(state.monthLines).toEqual([{ arm: 'stable', what: 'small', seconds: 3600, amount: 1, unpricedSeconds: 0 }]);
    expect(state.dayLines).toEqual(state.monthLines);
  });

  test('a change is counted from when SageMaker says that it was', () => {
    const state = metered(look(START, [line('small', 1)]), look(START + 10 * MINUTE, [line('small', 3)], START + 8 * MINUTE));
    expect(state.monthLines[0]?.seconds).toBe(8 * 60 + 3 * 2 * 60);
  });

  test('a change of unknown time is counted from the middle', () => {
    const state = metered(look(START, [line('small', 1)], START), look(START + 10 * MINUTE, [line('small', 3)], START));
    expect(state.monthLines[0]?.seconds).toBe(5 * 60 + 3 * 5 * 60);
  });

  test('both fleets of an update count, each for its arm', () => {
    const both = [line('small', 1), line('large', 1, 'candidate')];
    const state = metered(look(START, both), look(START + HOUR, both));
    expect(amountByArm(state.monthLines)).toEqual({ stable: 1, candidate: 4, warm: 0 });
    expect(ratePerHour(state.fleet, priceOf)).toEqual({ stable: 1, candidate: 4 });
  });

  test('an endpoint that is gone costs until it went', () => {
    const state = metered(look(START, [line('small', 1)]), look(START + 10 * MINUTE, []), look(START + HOUR, []));
    expect(state.monthLines[0]?.seconds).toBe(5 * 60);
    expect(state.fleet).toEqual([]);
  });

  test('what has no price is counted as unknown, never as nothing', () => {
    const state = metered(look(START, [line('odd', 2), line('small', 1)]), look(START + HOUR, [line('odd', 2), line('small', 1)]));
    expect(amountOf(state.monthLines)).toBe(1);
    expect(unpricedSeconds(state.monthLines)).toEqual({ odd: 7200 });
    expect(unpricedTypes(state.fleet, priceOf)).toEqual(['odd']);
  });

  test('hours without a price are priced when it becomes known', () => {
    const state = metered(look(START, [line('odd', 1)]), look(START + HOUR, [line('odd', 1)]));
    const next = advance(state, look(START + 2 * HOUR, []), (what) => (what === 'odd' ? 3 : undefined)).state;
    expect(unpricedSeconds(next.monthLines)).toEqual({});
    expect(amountOf(next.monthLines)).toBeCloseTo(3 + 1.5);
  });

  test('so are the hours that a forecast and unit costs go by', () => {
    const both = [line('odd', 2), line('small', 1)];
    const state = metered(look(START, both), look(START + 30 * MINUTE, both), look(START + 90 * MINUTE, both));
    expect(state.hours).toMatchObject([
      { amount: 1, unpriced: { odd: 7200 } },
      { amount: 0.5, unpriced: { odd: 3600 } },
    ]);
    const known = (what: string) => (what === 'odd' ? 3 : 1);
    const { hours } = advance(state, look(START + 2 * HOUR, both), known).state;
    expect(hours).toEqual([
      { hour: START, amount: 7 },
      { hour: START + HOUR, amount: 7 },
    ]);
  });

  test('a look that is not later counts nothing, and changes nothing', () => {
    const state = metered(look(START, [line('small', 1)]), look(START + HOUR, [line('small', 1)]));
    for (const atMillis of [START + HOUR, START]) {
      expect(advance(state, look(atMillis, [line('large', 9)]), priceOf)).toEqual({ state, added: [], closedDays: [] });
    }
  });

  test('many looks count the same as one', () => {
    const fleet = [line('small', 3)];
    const often = metered(...Array.from({ length: 400 }, (_, index) => look(START + index * 7 * MINUTE, fleet)));
    const once = metered(look(START, fleet), look(START + 399 * 7 * MINUTE, fleet));
    expect(amountOf(often.monthLines)).toBeCloseTo(amountOf(once.monthLines), 9);
    expect(often.hours.map(({ hour }) => hour)).toEqual(once.hours.map(({ hour }) => hour));
  });

  test('use that is not presence is added, and priced', () => {
    const state = metered(look(START, []));
    const used = [{ arm: 'stable' as const, what: 'small', seconds: 900 }];
    const { added } = advance(state, { ...look(START + HOUR, []), used }, priceOf);
    expect(amountOf(added)).toBe(0.25);
  });
});

describe('days and months are those of UTC', () => {
  const late = Date.parse('2026-03-31T22:00:00Z');

  test('a look over midnight closes the day, and the month', () => {
    const before = firstState(look(late, [line('small', 1)]));
    const { state, closedDays } = advance(before, look(late + 3 * HOUR, [line('small', 1)]), priceOf);
    expect(closedDays.map(({ day, lines }) => [day, amountOf(lines)])).toEqual([['2026-03-31', 2]]);
    expect(state).toMatchObject({ day: '2026-04-01', month: '2026-04' });
    expect([amountOf(state.dayLines), amountOf(state.monthLines)]).toEqual([1, 1]);
  });

  test('a handler that was away for days closes each of them', () => {
    const { closedDays } = advance(firstState(look(START, [line('small', 1)])), look(START + 72 * HOUR, []), priceOf);
    expect(closedDays.map(({ day }) => day)).toEqual(['2026-03-10', '2026-03-11', '2026-03-12']);
  });
});

describe('the forecast', () => {
  const run = (hours: number): MeterState => metered(look(START, [line('small', 1)]), look(START + hours * HOUR, [line('small', 1)]));

  test('is not given before six hours', () => {
    expect(forecastOf(run(5.9))).toBeUndefined();
    expect(forecastOf(run(6))).toBeDefined();
  });

  test('is the month so far, and its rest at the mean of the last day', () => {
    const left = (Date.UTC(2026, 3, 1) - START) / HOUR;
    expect(forecastOf(run(8))).toBeCloseTo(left, 6);
    const state = metered(look(START, [line('small', 1)]), look(START + 48 * HOUR, [line('small', 4)], START + 24 * HOUR));
    expect(forecastOf(state)).toBeCloseTo(24 + 96 + 4 * (left - 48), 6);
  });
});

describe('prices', () => {
  const BOOK: PriceBook = {
    currency: 'USD',
    asOf: '2026-01-01',
    source: 'test',
    regions: { 'eu-west-1': { instances: { 'ml.g5.xlarge': 1.5 }, serverless: { perSecond: { 2048: 0.0001 }, provisionedPerSecond: {} } } },
  };

  test('are of the region', () => {
    expect(pricesIn(BOOK, 'eu-west-1')('ml.g5.xlarge')).toBe(1.5);
    expect(pricesIn(BOOK, 'us-east-1')('ml.g5.xlarge')).toBeUndefined();
  });

  test('of serverless are by the second, and provisioned concurrency has its own', () => {
    const price = pricesIn(BOOK, 'eu-west-1');
    expect(price(serverlessUse(2048))).toBeCloseTo(0.36);
    expect(price(serverlessUse(1024))).toBeUndefined();
    expect(price(serverlessProvisioned(2048))).toBeUndefined();
  });

  test("of one's own are laid over the book; in another currency they take its place", () => {
    const own = (currency: string) => ({ currency, asOf: '2026-02-01', regions: { 'eu-west-1': { instances: { 'ml.c5.large': 0.2 } } } });
    const over = pricesIn(laidOver(BOOK, own('USD')), 'eu-west-1');
    expect([over('ml.c5.large'), over('ml.g5.xlarge')]).toEqual([0.2, 1.5]);
    const instead = laidOver(BOOK, own('EUR'));
    expect([instead.currency, pricesIn(instead, 'eu-west-1')('ml.g5.xlarge')]).toEqual(['EUR', undefined]);
  });
});
