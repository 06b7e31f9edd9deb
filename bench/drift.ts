// False alarms and power of drift detection beside what others do, and 200 000 captured records beside Evidently.
//   npm run bench:drift                      all cells, writes bench/results/drift.md and drift.json
//   npm run bench:drift -- --python <path>   with a Python that has Evidently 0.7.23, instead of installing it for the run
//   npm run bench:drift -- --quick           ours alone on a few cells; ends with 1 where a figure is worse than what is known
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cellsOf, FULL, labelOf, QUICK } from './drift/cells';
import { worseThanKnown } from './drift/published';
import { makePython, Peer } from './drift/python';
import { race } from './drift/race';
import { reportOf, summaryOf, type Results } from './drift/report';
import { type CellResult, runCell } from './drift/run-cell';

const RESULTS = path.join('bench', 'results');

async function full(givenPython: string | undefined): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-bench-drift-'));
  try {
    const python = givenPython ?? makePython(folder);
    const measured = await race(folder, python);
    const results: Results = { race: measured, cells: await allCells(folder, python) };
    mkdirSync(RESULTS, { recursive: true });
    writeFileSync(path.join(RESULTS, 'drift.json'), `${JSON.stringify(results, null, 2)}\n`);
    writeFileSync(path.join(RESULTS, 'drift.md'), reportOf(results));
    console.log(`Written: ${path.join(RESULTS, 'drift.md')} and drift.json`);
    ended(results.cells);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function allCells(folder: string, python: string | undefined): Promise<CellResult[]> {
  const peer = python === undefined ? undefined : new Peer(python);
  const results: CellResult[] = [];
  for (const cell of cellsOf(FULL)) {
    const result = await runCell(cell, FULL.repetitions, true, peer === undefined ? undefined : { peer, folder });
    console.error(`${labelOf(cell)}: ${JSON.stringify(result.alarms)}`);
    results.push(result);
  }
  peer?.close();
  return results;
}

async function quick(): Promise<void> {
  const results: CellResult[] = [];
  for (const cell of cellsOf(QUICK)) results.push(await runCell(cell, QUICK.repetitions, false));
  console.log(summaryOf(results).join('\n'));
  ended(results);
}

function ended(results: CellResult[]): void {
  const worse = worseThanKnown(results);
  if (worse.length === 0) return;
  console.error(`worse than what is known:\n${worse.join('\n')}`);
  process.exitCode = 1;
}

const [form, first] = process.argv.slice(2);
if (form === undefined || (form === '--python' && first !== undefined)) {
  void full(first);
} else if (form === '--quick' && first === undefined) {
  void quick();
} else {
  console.error(`bench:drift takes nothing, --python <path> or --quick, not '${process.argv.slice(2).join(' ')}'`);
  process.exitCode = 2;
}
