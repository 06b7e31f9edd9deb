import { UnsupportedError } from '../../../../rehearsal/cloud/types';
import { parseSchedule } from '../../../../rehearsal/services/scheduler/expression';

const at = (text: string) => Date.parse(text);

function next(expression: string, after: string): string | undefined {
  const millis = parseSchedule(expression, at('2026-03-02T09:00:00Z')).next(at(after));
  return millis === undefined ? undefined : new Date(millis).toISOString().replace(':00.000Z', 'Z');
}

it.each<[string, string, string | undefined]>([
  ['rate(1 minute)', '2026-03-02T08:00:00Z', '2026-03-02T09:00Z'],
  ['rate(1 minute)', '2026-03-02T09:00:00Z', '2026-03-02T09:01Z'],
  ['rate(12 hours)', '2026-03-03T08:59:59Z', '2026-03-03T09:00Z'],
  ['rate(7 days)', '2026-03-02T09:00:01Z', '2026-03-09T09:00Z'],
  ['cron(0 12 * * ? *)', '2026-03-02T12:00:00Z', '2026-03-03T12:00Z'],
  ['cron(0/15 8-9 ? * MON-FRI *)', '2026-03-06T09:45:00Z', '2026-03-09T08:00Z'],
  ['cron(30 6 1,15 JAN,JUL ? *)', '2026-03-02T00:00:00Z', '2026-07-01T06:30Z'],
  ['cron(0 0 29 2 ? *)', '2026-03-02T00:00:00Z', '2028-02-29T00:00Z'],
  ['cron(0 0 1 1 ? 2025)', '2026-03-02T00:00:00Z', undefined],
  ['cron(0 0 1 1 ? 2030)', '2026-03-02T00:00:00Z', '2030-01-01T00:00Z'],
  ['cron(59 23 ? * 1 *)', '2026-03-02T00:00:00Z', '2026-03-08T23:59Z'],
  ['at(2026-03-02T10:00:00)', '2026-03-02T09:59:59Z', '2026-03-02T10:00Z'],
  ['at(2026-03-02T10:00:00)', '2026-03-02T10:00:00Z', undefined],
])('%s after %s is %s', (expression, after, expected) => expect(next(expression, after)).toBe(expected));

it.each([
  'rate(0 minutes)',
  'rate(1 second)',
  'cron(0 12 * * * *)',
  'cron(0 12 * * ?)',
  'cron(60 12 * * ? *)',
  'at(tomorrow)',
  'every minute',
])('refuses %s as AWS does', (expression) =>
  expect(() => parseSchedule(expression, 0)).toThrow(expect.objectContaining({ code: 'ValidationException' })),
);

it('refuses what it does not have by name', () => expect(() => parseSchedule('cron(0 0 L * ? *)', 0)).toThrow(UnsupportedError));
