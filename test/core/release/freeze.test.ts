import type { FreezeWindow } from '../../../core/contracts';
import { frozenUntil } from '../../../core/release/freeze';

const MINUTES_A_DAY = 1440;
/** Friday 16:00 to Monday 08:00. */
const weekend: FreezeWindow = { kind: 'weekly', reason: 'weekend', fromMinute: 4 * MINUTES_A_DAY + 16 * 60, toMinute: 8 * 60 };
const lunch: FreezeWindow = {
  kind: 'weekly',
  reason: 'lunch',
  fromMinute: 2 * MINUTES_A_DAY + 12 * 60,
  toMinute: 2 * MINUTES_A_DAY + 13 * 60,
};
const once = (from: string, to: string, reason = 'trade'): FreezeWindow => ({ kind: 'once', reason, from, to });

describe('frozenUntil', () => {
  it('holds from the first instant up to, not including, the last', () => {
    const trade = once('2026-12-20T00:00:00Z', '2027-01-02T06:00:00Z');
    expect(frozenUntil([trade], '2026-12-19T23:59:59.999Z')).toBeUndefined();
    expect(frozenUntil([trade], '2026-12-20T00:00:00Z')).toEqual({ until: '2027-01-02T06:00:00.000Z', reason: 'trade' });
    expect(frozenUntil([trade], '2027-01-02T05:59:59.999Z')?.reason).toBe('trade');
    expect(frozenUntil([trade], '2027-01-02T06:00:00Z')).toBeUndefined();
  });

  it('repeats each week, also over the week’s end', () => {
    // 2026-03-06 is a Friday.
    expect(frozenUntil([weekend], '2026-03-06T15:59:59Z')).toBeUndefined();
    expect(frozenUntil([weekend], '2026-03-06T16:00:00Z')?.until).toBe('2026-03-09T08:00:00.000Z');
    expect(frozenUntil([weekend], '2026-03-08T12:00:00Z')?.until).toBe('2026-03-09T08:00:00.000Z');
    expect(frozenUntil([weekend], '2026-03-09T07:59:59Z')?.until).toBe('2026-03-09T08:00:00.000Z');
    expect(frozenUntil([weekend], '2026-03-09T08:00:00Z')).toBeUndefined();
    expect(frozenUntil([lunch], '2026-03-04T12:30:00Z')?.until).toBe('2026-03-04T13:00:00.000Z');
    expect(frozenUntil([lunch], '2026-03-05T12:30:00Z')).toBeUndefined();
  });

  it('says the end of windows that touch or overlap, and the reason that holds now', () => {
    const monday = once('2026-03-09T06:00:00Z', '2026-03-09T18:00:00Z', 'stocktaking');
    const evening = once('2026-03-09T18:00:00Z', '2026-03-09T20:00:00Z', 'maintenance');
    expect(frozenUntil([evening, monday, weekend], '2026-03-07T00:00:00Z')).toEqual({
      until: '2026-03-09T20:00:00.000Z',
      reason: 'weekend',
    });
  });

  it('comes to an end where windows leave no gap', () => {
    const rest: FreezeWindow = { kind: 'weekly', reason: 'week', fromMinute: 8 * 60, toMinute: 4 * MINUTES_A_DAY + 16 * 60 };
    expect(Date.parse(frozenUntil([weekend, rest], '2026-03-07T00:00:00Z')!.until)).toBeGreaterThan(Date.parse('2026-12-01'));
  });

  it('has nothing to say without windows, and refuses what is no time', () => {
    expect(frozenUntil([], '2026-03-07T00:00:00Z')).toBeUndefined();
    expect(frozenUntil(undefined, '2026-03-07T00:00:00Z')).toBeUndefined();
    expect(() => frozenUntil([weekend], 'tomorrow')).toThrow("'tomorrow' is no time");
  });
});
