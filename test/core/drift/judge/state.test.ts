import type { DriftFinding, DriftState, DriftWindow } from '../../../../core/contracts/drift';
import { stateOf } from '../../../../core/drift/judge';

const window = (hours: number, state: DriftState, more: Partial<DriftWindow> = {}): DriftWindow => ({
  hours,
  state,
  rows: 1000,
  broken: 0,
  findings: [],
  ...more,
});

const finding = (feature: string): DriftFinding => ({
  check: 'distribution',
  feature,
  windowHours: 24,
  value: 0.2,
  limit: 0.1,
  rows: 1000,
  words: `${feature} moved.`,
  examples: [],
});

test.each<[DriftState[], DriftState]>([
  [['ok', 'ok'], 'ok'],
  [['ok', 'drifting'], 'drifting'],
  [['drifting', 'broken-input'], 'broken-input'],
  [['drifting', 'no-data'], 'drifting'],
  [['no-data', 'ok'], 'no-data'],
  [['no-data', 'not-enough-data'], 'no-data'],
  [['not-enough-data', 'not-enough-data'], 'not-enough-data'],
  [['not-enough-data', 'drifting'], 'drifting'],
])('%j is %s', (states, expected) => {
  expect(stateOf(states.map((state, index) => window(index + 1, state))).state).toBe(expected);
});

test('short windows with too few rows do not count while a longer one was judged, and the reason names them', () => {
  expect(stateOf([window(1, 'not-enough-data'), window(6, 'not-enough-data'), window(24, 'ok')])).toEqual({
    state: 'ok',
    reason: 'Nothing drifted; too few rows: last 1 h, last 6 h.',
  });
});

test('the reason is the strongest finding, and what else fired', () => {
  expect(stateOf([window(1, 'ok'), window(24, 'drifting', { findings: [finding('delay'), finding('carrier')] })])).toEqual({
    state: 'drifting',
    reason: 'delay moved. And: carrier.',
  });
});

test('without findings the windows say why', () => {
  const reason = '12 rows, at least 200 are needed';
  expect(stateOf([window(1, 'not-enough-data', { reason })]).reason).toBe(`last 1 h: ${reason}.`);
  expect(stateOf([window(0, 'no-data', { reason: 'there are no rows' })]).reason).toBe('window: there are no rows.');
});

test('no window at all is no data', () => {
  expect(stateOf([])).toMatchObject({ state: 'no-data' });
});
