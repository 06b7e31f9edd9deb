import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CostOrder } from '../../../core/contracts';
import { amountOf, unpricedSeconds } from '../../../core/cost';
import { type CostRecording, perform, play, prepare, stateOf, wrong } from './play';

jest.setTimeout(600_000);

const QUIET = { perMinute: 0.1, source: 'traffic.mjs' };
const PRICES: Record<string, number> = { 'ml.g5.xlarge': 1, 'ml.g5.2xlarge': 4 };
const LARGER = { serving: { mode: 'real-time', instance: 'ml.g5.2xlarge', instances: { min: 1, max: 1 } } };

const WEEK = {
  duration: '7d',
  traffic: QUIET,
  arms: { stable: { model: 'models/stable.mjs' }, good: { model: 'models/good.mjs' }, better: { model: 'models/good.mjs' } },
  actions: [
    { at: '20h', do: 'deploy', release: 'good' },
    { at: '50h', do: 'deploy', release: 'better', change: LARGER },
    { at: '76h', do: 'deploy', release: 'good' },
    { at: '130h', do: 'deploy', release: 'better', change: { rollout: { keepWarm: '5h' } } },
  ],
};

/** What AWS would bill, of the simulator's own counting. */
const billed = ({ result }: CostRecording): number =>
  result.metered.reduce(
    (sum, { instanceType, instanceSeconds }) => sum + (instanceSeconds / 3600) * (PRICES[instanceType] ?? Number.NaN),
    0,
  );

/** What the metric `Cost` adds up to. */
const published = ({ sums }: CostRecording): number => sums['Cost stable']! + sums['Cost candidate']! + sums['Cost warm']!;

const difference = (recording: CostRecording): number => Math.abs(published(recording) / billed(recording) - 1);

describe('seven days with releases, a larger instance and a rollback window', () => {
  let week: CostRecording;
  beforeAll(async () => {
    week = await play(WEEK);
  });

  test('go as they should', () => {
    expect(wrong(week.result)).toEqual([]);
    expect(week.result.releases.map(({ outcome }) => outcome)).toEqual(['promoted', 'promoted', 'promoted', 'promoted']);
    expect(new Set(week.result.metered.map(({ instanceType }) => instanceType))).toEqual(new Set(Object.keys(PRICES)));
  });

  test('the metric agrees with what the laptop cloud metered by itself, within 1 %', () => {
    expect(billed(week)).toBeGreaterThan(200);
    expect(difference(week)).toBeLessThan(0.01);
  });

  test('the ledger holds the same: the month, and each day that is over', () => {
    const state = stateOf(week);
    expect(amountOf(state.meter.monthLines)).toBeCloseTo(published(week), 6);
    const days = Object.entries(week.ledger).filter(([key]) => key.startsWith('cost-days|'));
    expect(days.map(([key]) => key.slice(-10))).toEqual(['10', '11', '12', '13', '14', '15', '16'].map((day) => `2026-03-${day}`));
    const ofDays = days.reduce((sum, [, item]) => sum + amountOf(item['lines'] as never), 0);
    expect(ofDays + amountOf(state.meter.dayLines)).toBeCloseTo(published(week), 6);
  });

  test('every arm had its part', () => {
    expect(week.sums['Cost candidate']).toBeGreaterThan(0);
    expect(week.sums['Cost warm']).toBeGreaterThan(4);
    expect(week.last['UnpricedInstanceHours']).toBe(0);
  });
});

test('a meter that is wrong by 5 % does not agree', async () => {
  const job = await prepare({ ...WEEK, duration: '1d', actions: [] });
  const dear = {
    ...job,
    assemblies: Object.fromEntries(Object.entries(job.assemblies).map(([label, folder]) => [label, withPrice(folder, 1.05)])),
  };
  expect(difference(await perform(dear))).toBeGreaterThan(0.04);
});

/** The same assembly, in which the handler is told another price. */
function withPrice(folder: string, price: number): string {
  const copy = mkdtempSync(path.join(tmpdir(), 'sluice-dear-'));
  cpSync(folder, copy, { recursive: true });
  for (const file of readdirSync(copy).filter((name) => name.endsWith('.template.json'))) {
    const before = readFileSync(path.join(copy, file), 'utf8');
    const after = before.replaceAll('\\"ml.g5.xlarge\\":1,', `\\"ml.g5.xlarge\\":${price},`);
    expect(after).not.toBe(before);
    writeFileSync(path.join(copy, file), after);
  }
  return copy;
}

test('a serverless endpoint costs what its requests took, and its provisioned concurrency, used or not', async () => {
  const serving = {
    mode: 'serverless',
    instance: null,
    instances: null,
    serverless: { memoryMb: 2048, maxConcurrency: 5, provisionedConcurrency: 2 },
  };
  const serverless = await play({
    duration: '8h',
    traffic: { perMinute: 2, source: 'traffic.mjs' },
    given: {},
    actions: [{ at: '1m', do: 'deploy', release: 'stable', change: { serving } }],
  });
  expect(wrong(serverless.result)).toEqual([]);
  const [billedUse] = serverless.result.meteredServerless;
  const secondsOf = (what: string): number =>
    stateOf(serverless)
      .meter.monthLines.filter((line) => line.what === what)
      .reduce((sum, { seconds }) => sum + seconds, 0);
  // The last look is up to five minutes before the end, and what requests took is in its metric five minutes later.
  expect(Math.abs((secondsOf('serverless-2048') * 1000) / billedUse!.invocationMillis - 1)).toBeLessThan(0.03);
  expect(Math.abs(secondsOf('serverless-provisioned-2048') / billedUse!.provisionedSeconds - 1)).toBeLessThan(0.015);
  // A second of compute costs 0.001, one of provisioned concurrency a tenth of it.
  expect(published(serverless)).toBeCloseTo(0.001 * secondsOf('serverless-2048') + 0.0001 * secondsOf('serverless-provisioned-2048'), 9);
});

const BUDGET = { monthly: 100_000, currency: 'USD', overrun: { hourlyAbove: 3, for: '5m', then: 'block-releases' } };

describe('too much is acted on within 15 minutes', () => {
  const minutesUntilActed = (recording: CostRecording, since: number): number => {
    const [incident] = recording.incidents.filter(({ kind }) => kind === 'budget');
    return (Date.parse(incident?.openedAt ?? '') - since) / 60_000;
  };

  test('a rate that is too high', async () => {
    const overrun = await play({
      duration: '3h',
      traffic: QUIET,
      actions: [{ at: '30m', do: 'deploy', release: 'good', change: { ...LARGER, budget: BUDGET } }],
    });
    expect(wrong(overrun.result)).toEqual([]);
    const begun = overrun.result.timeline.find(({ event, detail }) => event === 'endpoint-status' && detail['status'] === 'Updating')!;
    const minutes = minutesUntilActed(overrun, Date.parse('2026-03-10T09:00:00Z') + begun.t * 1000);
    expect(minutes).toBeGreaterThan(5);
    expect(minutes).toBeLessThanOrEqual(15);
    expect(overrun.ledger['cost-orders|cost-orders']?.['orders']).toMatchObject([{ action: 'block-releases' }]);
  });

  test('a guard that is told to wait longer is not in time', async () => {
    const patient = { ...BUDGET, overrun: { ...BUDGET.overrun, for: '20m' } };
    const late = await play({
      duration: '3h',
      traffic: QUIET,
      actions: [{ at: '30m', do: 'deploy', release: 'good', change: { ...LARGER, budget: patient } }],
    });
    const begun = late.result.timeline.find(({ event, detail }) => event === 'endpoint-status' && detail['status'] === 'Updating')!;
    expect(minutesUntilActed(late, Date.parse('2026-03-10T09:00:00Z') + begun.t * 1000)).toBeGreaterThan(15);
  });

  test('a month that is used up, by the meter of its own', async () => {
    const used = await play({
      duration: '8h',
      traffic: QUIET,
      actions: [
        { at: '1m', do: 'deploy', release: 'stable', change: { budget: { monthly: 6, currency: 'USD', onExceeded: 'block-releases' } } },
        { at: '7h', do: 'deploy', release: 'good', change: { budget: { monthly: 6, currency: 'USD', onExceeded: 'block-releases' } } },
      ],
    });
    // One instance at 1 USD an hour: six hours of it.
    const state = stateOf(used);
    const passed = Date.parse(state.meter.since) + 6 * 3_600_000;
    expect(minutesUntilActed(used, passed)).toBeGreaterThan(-10);
    expect(minutesUntilActed(used, passed)).toBeLessThanOrEqual(15);
    expect(used.result.releases.map(({ outcome }) => outcome)).toEqual(['none']);
  });

  test('a larger amount, set by a deploy, lifts the order, and what waited begins', async () => {
    const budget = (monthly: number) => ({ budget: { monthly, currency: 'USD', onExceeded: 'block-releases' } });
    const raised = await play({
      duration: '10h',
      traffic: QUIET,
      actions: [
        { at: '1m', do: 'deploy', release: 'stable', change: budget(4) },
        { at: '5h', do: 'deploy', release: 'good', change: budget(4) },
        { at: '6h', do: 'deploy', release: 'good', change: budget(400) },
      ],
    });
    expect(wrong(raised.result)).toEqual([]);
    expect(raised.ledger['cost-orders|cost-orders']?.['orders']).toEqual([] as CostOrder[]);
    expect(raised.incidents.find(({ kind }) => kind === 'budget')?.recoveredAt).toBeDefined();
    expect(raised.result.releases.at(-1)?.outcome).toBe('promoted');
  });
});

test('an instance type without a price is said to be unknown, and is never taken for nothing', async () => {
  // Prices in another currency take the place of the built-in ones: this file has one type.
  const euros = { platform: { prices: 'prices-eur.json' }, budget: { monthly: 100, currency: 'EUR' } };
  const unknown = await play({
    duration: '3h',
    traffic: QUIET,
    actions: [{ at: '10m', do: 'deploy', release: 'good', change: { ...LARGER, ...euros } }],
  });
  expect(wrong(unknown.result)).toEqual([]);
  const state = stateOf(unknown);
  expect(state).toMatchObject({ unpriced: ['ml.g5.2xlarge'], currency: 'EUR' });
  const hours = (unpricedSeconds(state.meter.monthLines)['ml.g5.2xlarge'] ?? 0) / 3600;
  expect(hours).toBeGreaterThan(2);
  expect(unknown.sums['UnpricedInstanceHours']).toBeCloseTo(hours, 6);
  expect(unknown.mails.some(({ subject }) => /instances-unpriced/.test(subject))).toBe(true);
});
