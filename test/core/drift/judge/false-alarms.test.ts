import type { Row } from '../../../../core/drift/types';
import { categorical, type CellsOf, Draws, driftPolicy, fitted, judged, numeric, rowsOf } from '../../../support/drift';

const { tan, floor, PI } = Math;

const BASELINES = [1000, 5000];
const WINDOWS = [200, 1000, 3000];

/** Six features with values of their own; windows that drifted although nothing did. */
function falseAlarms(
  label: string,
  kind: 'numeric' | 'categorical',
  draw: (draws: Draws) => number | string,
  baselineRows: number,
): string[] {
  const names = Array.from({ length: 6 }, (_, index) => `f${index}`);
  const policy = driftPolicy(
    names.map((name) => (kind === 'numeric' ? numeric(name) : categorical(name))),
    { joint: kind === 'numeric' },
  );
  const draws = new Draws(label);
  const cells: CellsOf = () => names.map(() => draw(draws));
  const rows = (count: number): Row[] => rowsOf(count, cells);
  const baseline = fitted(rows(baselineRows), policy);
  return WINDOWS.flatMap((count) => {
    const { state, findings } = judged(rows(count), baseline, policy);
    return state === 'ok' ? [] : findings.map(({ words }) => `${count} rows: ${words}`);
  });
}

const NUMBERS: [string, (draws: Draws) => number][] = [
  ['normal', (draws) => draws.normal()],
  ['heavy tails', (draws) => tan(PI * (draws.uniform() - 0.5))],
  ['mostly zero', (draws) => (draws.uniform() < 0.9 ? 0 : draws.uniform())],
  ['a rare one', (draws) => (draws.uniform() < 0.003 ? 1 : 0)],
  ['few whole numbers', (draws) => draws.binomial(4, 0.3)],
  ['constant', () => 7],
];

const CATEGORIES: [string, (draws: Draws) => string][] = [
  ['Zipf of 20', (draws) => `c${floor(20 ** draws.uniform())}`],
  ['60 of equal frequency', (draws) => `c${draws.below(60)}`],
  ['100 of equal frequency', (draws) => `c${draws.below(100)}`],
  ['500 of equal frequency', (draws) => `c${draws.below(500)}`],
  ['Zipf of 10 000', (draws) => `c${floor(10_000 ** draws.uniform())}`],
  ['half of it 45 values of about as many rows as a name takes', (draws) => (draws.uniform() < 0.5 ? 'main' : `c${draws.below(45)}`)],
  ['most of it 48 values of somewhat more', (draws) => (draws.uniform() < 0.2 ? 'main' : `c${draws.below(48)}`)],
  ['hardly ever twice', (draws) => `c${draws.below(1e9)}`],
];

describe.each(BASELINES)('beside %d rows', (baselineRows) => {
  test.each(NUMBERS)('numbers do not drift where nothing did: %s', (label, draw) => {
    expect(falseAlarms(label, 'numeric', draw, baselineRows)).toEqual([]);
  });

  test.each(CATEGORIES)('nor do categories: %s', (label, draw) => {
    expect(falseAlarms(label, 'categorical', draw, baselineRows)).toEqual([]);
  });
});
