import { tmpdir } from 'node:os';
import path from 'node:path';
import { cellsOf, FULL } from '../../../bench/drift/cells';
import { makePython } from '../../../bench/drift/python';
import { reportOf, type Results } from '../../../bench/drift/report';

const race: Results['race'] = {
  records: 200_000,
  baselineRecords: 20_000,
  ours: { state: 'drifting', findings: ['distribution temperature'], rows: 200_000, cpuSeconds: 0.9, peakMegabytes: 104.4, seconds: 0.81 },
  evidently: { seconds: 20.25, importSeconds: 5, readSeconds: 4, testSeconds: 11, cpuSeconds: 21, peakMegabytes: 589 },
};

const results = (found: number): Results => ({
  race,
  cells: cellsOf(FULL).map((cell) => ({
    cell,
    windows: 100,
    alarms: {
      sluice: cell.effect === 'shift' || cell.effect === 'scale' ? found : 0,
      psi: 7,
      ...(cell.kind === 'numeric' ? { ks: 5 } : {}),
    },
  })),
});

test('tables have a row for each method, numbers before categories, a dash for what has nothing to say', () => {
  const text = reportOf(results(100));
  expect(text).toContain('| PSI over deciles ≥ 0.1 | 7 / 7 | 7 / 7 | 7 / 7 | 7 / 7 | 7 / 7 |');
  expect(text).toContain('| Kolmogorov-Smirnov p < 0.05 | 5 | 5 | 5 | 5 | 5 |');
  expect(text).toContain('| Evidently 0.7.23, defaults | – | – | – | – | – |');
  expect(text).toContain('| **Sluice** | 100 / 100 |');
  expect(text).toContain('No cell is worse');
});

test('cells that are worse than known are named', () => {
  expect(reportOf(results(50))).toContain('- numeric, shift, 1000 rows beside 10000: 50 %, at least 93 % is known');
});

test('the race says how many times as fast, and does without Evidently', () => {
  expect(reportOf(results(100))).toContain('25 times as fast');
  const { evidently, ...alone } = race;
  expect(evidently).toBeDefined();
  expect(reportOf({ ...results(100), race: alone })).not.toContain('times as fast');
});

test('without Python one line says that Evidently is left out', () => {
  const lines: unknown[] = [];
  const told = jest.spyOn(console, 'error').mockImplementation((line) => void lines.push(line));
  expect(makePython(path.join(tmpdir(), 'none'), 'no-such-python')).toBeUndefined();
  told.mockRestore();
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatch(/^Evidently is left out, Python or PyPI cannot be reached: /);
});
