import type { CostAction, CostOrder } from '../../../core/contracts';
import { type CostRecording, play, stateOf, wrong } from './play';

jest.setTimeout(240_000);

const MINUTES = 60;
const QUIET = { perMinute: 0.2, source: 'traffic.mjs' };

/** AWS Budgets tells, an hour after the budget was deployed, that the month's amount is used up. */
const exceeded = (onExceeded: CostAction, more: Record<string, unknown>[] = []) =>
  play({
    duration: '3h',
    traffic: QUIET,
    charter: { budget: { monthly: 1000, currency: 'USD', onExceeded } },
    actions: [{ at: '1m', do: 'deploy', release: 'stable' }, { at: '60m', do: 'budget', kind: 'actual', threshold: 1 }, ...more],
  });

const ordersOf = ({ ledger }: CostRecording): CostOrder[] => (ledger['cost-orders|cost-orders']?.['orders'] ?? []) as CostOrder[];

const toldFrom = ({ mails }: CostRecording, minutes: number): string[] =>
  mails.filter(({ t }) => t >= minutes * MINUTES).map(({ subject }) => subject);

/** What is not as it was before AWS Budgets spoke. */
function touched({ standing }: CostRecording): string[] {
  const before = standing.findLast(({ t }) => t < 60 * MINUTES)!.resources;
  const after = standing.at(-1)!.resources;
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => before[name] !== after[name]);
}

describe('what AWS Budgets says ends in what the charter chose, and nothing else is touched', () => {
  test('notify', async () => {
    const told = await exceeded('notify');
    expect(wrong(told.result)).toEqual([]);
    expect(touched(told)).toEqual([]);
    expect(ordersOf(told)).toEqual([]);
    expect(told.incidents).toEqual([]);
    expect(toldFrom(told, 60)).toEqual([expect.stringMatching(/1020\.00 USD of 1000\.00 USD, says AWS Budgets; nothing is done/)]);
  });

  test('block-releases', async () => {
    const blocked = await exceeded('block-releases');
    expect(wrong(blocked.result)).toEqual([]);
    expect(touched(blocked)).toEqual([]);
    expect(ordersOf(blocked)).toEqual([
      {
        action: 'block-releases',
        since: expect.stringMatching(/^2026-03-10T10:00/),
        until: '2026-04-01T00:00:00.000Z',
        reason: expect.any(String),
      },
    ]);
    expect(blocked.incidents).toMatchObject([{ id: 'i-budget-2026-03-exceeded', kind: 'budget' }]);
    expect(toldFrom(blocked, 60)).toHaveLength(2);
  });

  test.each(['scale-in', 'off-hours'] as const)('%s is ordered, of whoever looks after capacity', async (action) => {
    const ordered = await exceeded(action);
    expect(wrong(ordered.result)).toEqual([]);
    expect(ordersOf(ordered)).toMatchObject([{ action, until: '2026-04-01T00:00:00.000Z' }]);
    expect(ordered.incidents).toMatchObject([{ kind: 'budget' }]);
    expect(toldFrom(ordered, 60)).toHaveLength(2);
  });

  test('kill; revive works, and the guard does not kill again', async () => {
    const revive = { at: '100m', do: 'revive', as: 'platform', reason: 'needed' };
    const killed = await exceeded('kill', [revive, { at: '150m', do: 'budget', kind: 'actual', threshold: 1 }]);
    expect(wrong(killed.result)).toEqual([]);
    const modes = killed.control.filter(({ atMillis }) => atMillis > Date.parse('2026-03-10T10:00:00Z')).map(({ record }) => record.mode);
    expect([...new Set(modes)]).toEqual(['killed', 'baseline', 'live']);
    expect(killed.control.at(-1)!.record.mode).toBe('live');
    expect(killed.ledger['cost-orders|cost-orders']).toMatchObject({
      waivedUntil: '2026-04-01T00:00:00.000Z',
      waivedBy: 'arn:aws:iam::123456789012:role/Platform',
    });
    expect(killed.incidents.find(({ kind }) => kind === 'budget')?.recoveredAt).toMatch(/^2026-03-10T10:4/);
    expect(stateOf(killed).guard.causes.exceeded).toMatchObject({ action: 'kill', waived: true });
  });

  test('a forecast does what was chosen for forecasts, and a threshold below the amount is told', async () => {
    const said = await play({
      duration: '3h',
      traffic: QUIET,
      charter: { budget: { monthly: 1000, currency: 'USD', onForecastExceeded: 'block-releases', onExceeded: 'kill' } },
      actions: [
        { at: '1m', do: 'deploy', release: 'stable' },
        { at: '60m', do: 'budget', kind: 'actual', threshold: 0.5 },
        { at: '90m', do: 'budget', kind: 'forecast', threshold: 1 },
      ],
    });
    expect(wrong(said.result)).toEqual([]);
    expect(touched(said)).toEqual([]);
    expect(ordersOf(said)).toMatchObject([{ action: 'block-releases' }]);
    expect(toldFrom(said, 60)[0]).toMatch(/50 % of 1000\.00 USD are passed/);
  });
});

test('a release that the guard bars begins as soon as a deploy has raised the limit', async () => {
  const raised = { budget: { monthly: 9000, currency: 'USD', onExceeded: 'block-releases' } };
  const waited = await exceeded('block-releases', [
    { at: '70m', do: 'deploy', release: 'good' },
    { at: '100m', do: 'deploy', release: 'good', change: raised },
  ]);
  expect(wrong(waited.result)).toEqual([]);
  const began = waited.control.find(
    ({ atMillis, record }) => atMillis > Date.parse('2026-03-10T10:10:00Z') && record.lockedBy !== undefined,
  );
  const minutes = ((began?.atMillis ?? Number.NaN) - Date.parse('2026-03-10T10:40:00Z')) / 60_000;
  expect(minutes).toBeGreaterThan(0);
  expect(minutes).toBeLessThan(10);
});

test('a deploy that changes whom AWS Budgets tells, and when, makes a new budget before the old one goes', async () => {
  const budget = (thresholds: number[]) => ({ budget: { monthly: 1000, currency: 'USD', thresholds } });
  const changed = await play({
    duration: '2h',
    traffic: QUIET,
    actions: [
      { at: '1m', do: 'deploy', release: 'stable', change: budget([0.5]) },
      { at: '30m', do: 'deploy', release: 'stable', change: budget([0.9]) },
      { at: '60m', do: 'budget', kind: 'actual', threshold: 0.9 },
    ],
  });
  expect(wrong(changed.result)).toEqual([]);
  expect(toldFrom(changed, 60)).toEqual([expect.stringContaining('90 % of 1000.00 USD are passed')]);
});

test('a change that nobody chose is found', async () => {
  const changed = await exceeded('notify', [{ at: '90m', do: 'kill', as: 'platform', reason: 'drill' }]);
  expect(touched(changed)).toContain('control');
  expect(touched(changed).some((name) => name.startsWith('endpoint'))).toBe(true);
});
