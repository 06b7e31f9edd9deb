import type { DriftCheck, DriftLook, DriftWindow } from '../../../../core/contracts';
import { loudState } from '../../../../core/drift/look/telling';
import { isPartlyMissing } from '../../../../core/drift/look/missing';
import { decidedAt } from '../../../../core/drift/look/decided';

const window = (hours: number, state: DriftWindow['state'], ...found: [string, DriftCheck][]): DriftWindow => ({
  hours,
  state,
  rows: 500,
  broken: 0,
  findings: found.map(([feature, check]) => ({ check, feature, windowHours: hours, value: 1, limit: 0, rows: 1, words: '', examples: [] })),
});
const look = (...windows: DriftWindow[]): DriftLook => ({
  at: '',
  hour: '2026-03-02T09',
  state: 'broken-input',
  reason: '',
  windows,
  quality: [],
});
const loud = (broken: string[], drifting: string[] = []) => ({ DriftBrokenInput: broken, DriftDetected: drifting, DriftNoData: [] });

test.each([
  ['broken now', look(window(1, 'broken-input', ['a', 'missing']), window(24, 'ok')), loud(['a']), 'broken-input'],
  [
    'mended, and broken in a long window still',
    look(window(1, 'ok'), window(24, 'broken-input', ['a', 'missing'])),
    loud(['a'], ['b']),
    'drifting',
  ],
  ['broken, and known', look(window(1, 'broken-input', ['a', 'missing'])), loud([], ['b']), 'drifting'],
  ['unreadable', look(window(1, 'broken-input')), loud(['records']), 'broken-input'],
  [
    'broken where the hour has too few rows',
    look(window(1, 'not-enough-data'), window(6, 'broken-input', ['a', 'missing'])),
    loud(['a'], ['b']),
    'broken-input',
  ],
] as const)('%s', (_, seen, said, state) => {
  expect(loudState(seen, { ...said })).toBe(state);
});

test.each([
  [1000, 1, 1000, false],
  [1000, 1, 501, false],
  [1000, 1, 250, true],
  [1000, 0.25, 230, false],
  [1000, 0.25, 60, true],
  [20, 1, 1, true],
  [10, 1, 4, false],
  [10, 0.1, 0, false],
])('of %d requests, a share of %d captured, %d are there: stopped in part is %p', (requests, share, captured, stopped) => {
  expect(isPartlyMissing(requests, share, captured)).toBe(stopped);
});

test('a decision id says when it was made', () => {
  const minutes = Date.parse('2026-03-02T09:59:00Z') / 60_000;
  expect(decidedAt(`k1.sr1-aaaaaaaa.${minutes.toString(36)}.AAAAAAAAAAA.abcdef.mac`)).toEqual({
    hour: Math.floor(minutes / 60),
    isAtEnd: true,
  });
  expect(decidedAt(`k1.sr1-aaaaaaaa.${(minutes - 30).toString(36)}.AAAAAAAAAAA.abcdef.mac`)?.isAtEnd).toBe(false);
  expect(decidedAt('an-event-id')).toBeUndefined();
});
