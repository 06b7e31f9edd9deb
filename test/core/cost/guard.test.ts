import type { BudgetPolicy, CostOrders } from '../../../core/contracts';
import {
  type BudgetsMessage,
  decide,
  deedsOf,
  freshGuard,
  type GuardLook,
  type GuardState,
  orderFor,
  readBudgetsMessage,
  standing,
} from '../../../core/cost';

const NOW = Date.parse('2026-03-20T12:00:00Z');
const MINUTE = 60_000;

const POLICY: BudgetPolicy = {
  monthly: 100,
  currency: 'USD',
  actualThresholds: [0.5, 0.8, 1],
  forecastThresholds: [1],
  onForecastExceeded: 'block-releases',
  onExceeded: 'kill',
  hourlyAbove: 5,
  overrunMinutes: 15,
  onOverrun: 'scale-in',
};

const at = (more: Partial<GuardLook> = {}): GuardLook => ({ nowMillis: NOW, monthToDate: 10, perHour: 1, incomplete: false, ...more });
const said = (kind: BudgetsMessage['kind'], amount: number): BudgetsMessage => ({
  budgetName: 'b',
  kind,
  amount,
  budgeted: 100,
  threshold: 80,
});

/** Looks one after the other; gives the last decision. */
function looks(policy: BudgetPolicy | undefined, ...all: GuardLook[]) {
  let state: GuardState = freshGuard(all[0]!.nowMillis);
  let decision = decide(policy, state, all[0]!);
  for (const look of all.slice(1)) {
    state = decision.state;
    decision = decide(policy, state, look);
  }
  return decision;
}

describe('causes', () => {
  test.each([
    ['nothing', at(), []],
    ['the amount is used up', at({ monthToDate: 100 }), ['exceeded']],
    ['it is expected to be', at({ forecast: 100 }), ['forecast']],
    ['AWS Budgets says that it is', at({ said: said('actual', 101) }), ['exceeded']],
    ['AWS Budgets expects it', at({ said: said('forecast', 101) }), ['forecast']],
    ['AWS Budgets speaks of a lower threshold', at({ said: said('actual', 81) }), []],
    ['no price is known', at({ monthToDate: 0, incomplete: true }), []],
  ])('%s', (_what, look, causes) => {
    expect(looks(POLICY, look).begun.map(({ cause }) => cause)).toEqual(causes);
  });

  test('a rate is too high only after its time, without a break', () => {
    const high = (minutes: number): GuardLook => at({ nowMillis: NOW + minutes * MINUTE, perHour: 6 });
    expect(looks(POLICY, high(0), high(14)).begun).toEqual([]);
    expect(looks(POLICY, high(0), high(15)).orders).toMatchObject([{ action: 'scale-in', since: '2026-03-20T12:15:00.000Z' }]);
    const broken = looks(POLICY, high(0), at({ nowMillis: NOW + 10 * MINUTE, perHour: 5 }), high(15));
    expect(broken.begun).toEqual([]);
    expect(broken.state.rateAboveSince).toBe('2026-03-20T12:15:00.000Z');
  });

  test.each([
    ['told', { ...POLICY, onOverrun: 'notify' as const }, {}],
    ['waived', POLICY, { waivedBy: 'arn:anna' }],
  ])('a rate that was %s is told again when it is too high anew, and not while it lasts', (_what, policy, more) => {
    const rate = (minutes: number, perHour: number): GuardLook => at({ nowMillis: NOW + minutes * MINUTE, perHour, ...more });
    const first = [rate(0, 6), rate(15, 6)];
    expect(looks(policy, ...first).begun).toHaveLength(1);
    expect(looks(policy, ...first, rate(20, 6)).begun).toEqual([]);
    const again = looks(policy, ...first, rate(20, 4), rate(25, 6), rate(40, 6));
    expect(again.begun).toMatchObject([{ cause: 'overrun', is: { since: '2026-03-20T12:40:00.000Z' } }]);
    const subjects = deedsOf(policy, again, rate(40, 6), again.orders).map((deed) => deed.kind === 'tell' && deed.notification.event);
    expect(subjects).toEqual(['CostOverrun']);
  });

  test('a rate for which something was ordered stays ordered while it is low', () => {
    const rate = (minutes: number, perHour: number): GuardLook => at({ nowMillis: NOW + minutes * MINUTE, perHour });
    expect(looks(POLICY, rate(0, 6), rate(15, 6), rate(20, 1)).orders).toMatchObject([{ action: 'scale-in' }]);
  });

  test('stand once: the same look again decides nothing new', () => {
    const again = looks(POLICY, at({ monthToDate: 120 }), at({ monthToDate: 121 }));
    expect([again.begun, again.thresholds]).toEqual([[], []]);
    expect(again.orders).toMatchObject([{ action: 'kill', until: '2026-04-01T00:00:00.000Z' }]);
    expect(deedsOf(POLICY, again, at(), again.orders)).toEqual([]);
  });
});

describe('what AWS Budgets says on the first day of a month', () => {
  const first = Date.parse('2026-04-01T23:59:00Z');
  const second = Date.parse('2026-04-02T00:00:00Z');

  test.each([
    ['is taken for the month before', at({ nowMillis: first, monthToDate: 4, forecast: 49, said: said('actual', 101) }), []],
    ['also what it expects', at({ nowMillis: first, monthToDate: 4, forecast: 49, said: said('forecast', 101) }), []],
    ['is believed where the meter comes near it', at({ nowMillis: first, monthToDate: 51, said: said('actual', 101) }), ['exceeded']],
    ['also of a forecast', at({ nowMillis: first, monthToDate: 2, forecast: 60, said: said('forecast', 101) }), ['forecast']],
    ['and on the second day', at({ nowMillis: second, monthToDate: 4, said: said('actual', 101) }), ['exceeded']],
  ])('%s', (_what, look, causes) => {
    expect(looks(POLICY, look).begun.map(({ cause }) => cause)).toEqual(causes);
  });

  test('is told as late, and no threshold of the month counts as told', () => {
    const look = at({ nowMillis: first, monthToDate: 4, said: said('actual', 101) });
    const late = looks(POLICY, look);
    expect([late.thresholds, late.state.told]).toEqual([[], []]);
    expect(deedsOf(POLICY, late, look, [])).toMatchObject([
      { kind: 'tell', notification: { event: 'BudgetMessageLate', subject: expect.stringContaining('101.00 (actual)') } },
    ]);
  });
});

describe('thresholds', () => {
  test('each is told once in a month, whoever finds it; of several the highest', () => {
    expect(looks(POLICY, at({ monthToDate: 85 })).thresholds).toMatchObject([{ kind: 'actual', share: 0.8 }]);
    expect(looks(POLICY, at({ monthToDate: 85 }), at({ monthToDate: 86, said: said('actual', 82) })).thresholds).toEqual([]);
    expect(looks(POLICY, at({ said: said('actual', 55) }), at({ monthToDate: 81 })).thresholds).toMatchObject([{ share: 0.8 }]);
  });

  test('a budget that was raised has thresholds of its own', () => {
    const { state } = looks(POLICY, at({ monthToDate: 85 }));
    const raised = { ...POLICY, monthly: 1000 };
    expect(decide(raised, state, at({ monthToDate: 90 })).thresholds).toEqual([]);
    expect(decide(raised, state, at({ monthToDate: 510 })).thresholds).toMatchObject([{ share: 0.5 }]);
  });

  test('a new month begins anew', () => {
    const april = Date.parse('2026-04-01T00:05:00Z');
    const anew = looks(POLICY, at({ monthToDate: 85 }), at({ nowMillis: april, monthToDate: 55 }));
    expect(anew.thresholds).toMatchObject([{ share: 0.5 }]);
    expect(anew.state.month).toBe('2026-04');
  });
});

describe('an order is lifted', () => {
  const exceeded = at({ monthToDate: 120 });

  test.each([
    ['when the month is over', POLICY, at({ nowMillis: Date.parse('2026-04-01T00:00:00Z'), monthToDate: 0 }), 'the month is over'],
    ['by a larger amount', { ...POLICY, monthly: 200 }, exceeded, 'a deploy raised the limit'],
    ['with the budget', undefined, exceeded, 'the charter has no budget any more'],
  ])('%s', (_what, policy, look, why) => {
    const before = decide(POLICY, freshGuard(NOW), exceeded);
    const after = decide(policy, before.state, look);
    expect([after.orders, after.lifted.map((one) => one.why)]).toEqual([[], [why]]);
    const deeds = deedsOf(policy, after, look, before.orders);
    expect(deeds.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['orders', 'wake', 'recover', 'tell']));
  });

  test('not by a larger amount that is used up too, nor because it costs less for a while', () => {
    const before = decide(POLICY, freshGuard(NOW), exceeded);
    expect(decide({ ...POLICY, monthly: 110 }, before.state, exceeded).orders).toHaveLength(1);
    expect(decide(POLICY, before.state, at({ monthToDate: 10 })).orders).toHaveLength(1);
  });

  test('a deploy can make it gentler', () => {
    const before = decide({ ...POLICY, onExceeded: 'scale-in' }, freshGuard(NOW), exceeded);
    expect(decide({ ...POLICY, onExceeded: 'block-releases' }, before.state, exceeded).orders).toMatchObject([
      { action: 'block-releases' },
    ]);
    expect(decide({ ...POLICY, onExceeded: 'notify' }, before.state, exceeded).orders).toEqual([]);
  });

  test.each([
    ['the meter', exceeded, exceeded],
    ['AWS Budgets, which says it once', at({ said: said('actual', 120) }), at()],
  ])('a deploy can make it harsher: it begins anew, as found by %s', (_what, found, later) => {
    const before = decide({ ...POLICY, onExceeded: 'notify' }, freshGuard(NOW), found);
    const after = decide(POLICY, before.state, later);
    expect(after.orders).toMatchObject([{ action: 'kill', reason: before.begun[0]?.is.reason }]);
    expect(deedsOf(POLICY, after, later, before.orders).map(({ kind }) => kind)).toEqual(['orders', 'kill', 'tell', 'incident']);
    expect(decide(POLICY, after.state, later).begun).toEqual([]);
  });

  test('a forecast that has fallen is not acted upon by a deploy', () => {
    const before = decide({ ...POLICY, onForecastExceeded: 'notify' }, freshGuard(NOW), at({ forecast: 120 }));
    expect(decide(POLICY, before.state, at({ forecast: 90 })).orders).toEqual([]);
    expect(decide(POLICY, before.state, at({ forecast: 110 })).orders).toMatchObject([{ action: 'block-releases' }]);
  });
});

describe('deeds', () => {
  const deedsAt = (look: GuardLook, policy = POLICY) => deedsOf(policy, looks(policy, look), look, []);

  test('first what saves money, then who is told; the threshold of the amount is told with its cause', () => {
    const deeds = deedsAt(at({ monthToDate: 120 }));
    expect(deeds.map(({ kind }) => kind)).toEqual(['orders', 'kill', 'tell', 'incident']);
    expect(deeds[2]).toMatchObject({ notification: { event: 'BudgetExceeded', severity: 'page', runbook: 'budget' } });
    expect(deeds[3]).toMatchObject({ about: '2026-03-exceeded' });
  });

  test('notify tells, and does nothing else', () => {
    const deeds = deedsAt(at({ monthToDate: 120 }), { ...POLICY, onExceeded: 'notify' });
    expect(deeds).toMatchObject([{ kind: 'tell', notification: { severity: 'warning' } }]);
  });

  test('what has no price is said with the amounts', () => {
    const [deed] = deedsAt(at({ monthToDate: 60, incomplete: true }));
    expect(deed).toMatchObject({ notification: { event: 'BudgetThreshold', facts: { incomplete: expect.any(String) } } });
  });

  test.each([
    ['kill', 'the order kill is lifted: the month is over; the kill switch stays as it is: sluice revive turns it off'],
    ['scale-in', 'the order scale-in is lifted: the month is over'],
  ] as const)('the end of the month lifts the order %s, and the message says what stays', (onExceeded, subject) => {
    const policy = { ...POLICY, onExceeded };
    const april = at({ nowMillis: Date.parse('2026-04-01T00:00:00Z'), monthToDate: 0 });
    const deeds = deedsOf(policy, looks(policy, at({ monthToDate: 120 }), april), april, []);
    expect(deeds.at(-1)).toMatchObject({ notification: { event: 'CostOrderLifted', subject } });
  });

  test.each([
    ['scale-in', 'no release begins; once none is under way, an endpoint that scales goes to its smallest'],
    ['off-hours', 'no release begins; once none is under way, the endpoint is off outside its hours'],
  ] as const)('%s is said as it is carried out: not during a release', (onExceeded, words) => {
    const [, told] = deedsAt(at({ monthToDate: 120 }), { ...POLICY, onExceeded });
    expect(told).toMatchObject({ notification: { subject: expect.stringContaining(words) } });
  });

  test('waived: nothing but telling', () => {
    const deeds = deedsAt(at({ monthToDate: 120, waivedBy: 'arn:anna' }));
    expect(deeds.map(({ kind }) => kind)).toEqual(['orders', 'tell']);
    expect(deeds[1]).toMatchObject({ notification: { subject: expect.stringContaining('waived by arn:anna') } });
  });

  test('a waiver settles the incident of what stood, once', () => {
    const waived = at({ monthToDate: 120, waivedBy: 'arn:anna' });
    const first = looks(POLICY, at({ monthToDate: 120 }), waived);
    expect(deedsOf(POLICY, first, waived, first.orders)).toEqual([{ kind: 'recover', about: '2026-03-exceeded' }]);
    expect(decide(POLICY, first.state, waived).waived).toEqual([]);
  });
});

describe('orders that are read by others', () => {
  const orders: CostOrders = {
    orders: [{ action: 'scale-in', since: '2026-03-20T12:00:00Z', until: '2026-04-01T00:00:00Z', reason: 'x' }],
  };

  test('each action does what those before it do, and no more', () => {
    expect(orderFor(orders, 'block-releases', NOW)?.action).toBe('scale-in');
    expect(orderFor(orders, 'scale-in', NOW)?.action).toBe('scale-in');
    expect(orderFor(orders, 'off-hours', NOW)).toBeUndefined();
  });

  test('hold until their end, and not while waived', () => {
    expect(standing(orders, Date.parse('2026-04-01T00:00:00Z'))).toEqual([]);
    expect(standing({ ...orders, waivedUntil: '2026-04-01T00:00:00Z' }, NOW)).toEqual([]);
    expect(standing({ ...orders, waivedUntil: '2026-03-20T11:00:00Z' }, NOW)).toHaveLength(1);
    expect(standing(undefined, NOW)).toEqual([]);
  });
});

describe('what AWS Budgets says', () => {
  const message = (type: string, amount = '$1,085.50') =>
    [
      'AWS Budget Notification September 25, 2026',
      'AWS Account 123456789012',
      '',
      'Dear AWS Customer,',
      '',
      `You requested that we alert you when the ${type} Cost associated with your triage budget is greater than $800.00 for the current month.`,
      '',
      'Budget Name: triage-0a1b2c-monthly',
      'Budget Type: Cost',
      'Budgeted Amount: $1,000.00',
      `Alert Type: ${type}`,
      'Alert Threshold: > $800.00',
      `${type} Amount: ${amount}`,
      '',
      '[1] https://console.aws.amazon.com/billing/home#/budgets',
    ].join('\n');

  test.each([
    ['ACTUAL', 'actual'],
    ['FORECASTED', 'forecast'],
  ])('%s', (type, kind) => {
    const budgetName = 'triage-0a1b2c-monthly';
    expect(readBudgetsMessage(message(type))).toEqual({ budgetName, kind, budgeted: 1000, threshold: 800, amount: 1085.5 });
    expect(readBudgetsMessage(message(type).replaceAll('\n', '\r\n'))).toMatchObject({ budgetName, amount: 1085.5 });
  });

  test.each([
    ['', 'nothing'],
    ['{"json":true}', 'something else'],
    [message('OTHER'), 'another type'],
    [message('ACTUAL', 'unknown'), 'no amount'],
  ])('is not guessed at: %#', (text) => {
    expect(readBudgetsMessage(text)).toBeUndefined();
  });
});
