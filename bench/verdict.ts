// False rollbacks, exposure and promotions of the verdict beside what others do, on the same simulated days.
//   npm run bench:verdict              all cells, writes bench/results/verdict.md and verdict.json
//   npm run bench:verdict -- --quick   the null cells at 20 and 200 a minute; ends with 1 where more than 5 % are rolled back
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isMainThread, parentPort } from 'node:worker_threads';
import type { Cell } from './verdict/cells';
import { allCells, FULL, nullCells, QUICK } from './verdict/cells';
import { quickVerdict } from './verdict/judged';
import { runCells } from './verdict/pool';
import { reportOf } from './verdict/report';
import { runCell } from './verdict/run-cell';

const RESULTS = path.join('bench', 'results');

async function full(): Promise<void> {
  const results = await runCells(allCells(FULL), __filename, true);
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(path.join(RESULTS, 'verdict.json'), `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(path.join(RESULTS, 'verdict.md'), reportOf(results));
  console.log(`Written: ${path.join(RESULTS, 'verdict.md')} and verdict.json`);
}

async function quick(): Promise<void> {
  const { text, exitCode } = quickVerdict(await runCells(nullCells(QUICK), __filename, false));
  console.log(text);
  process.exitCode = exitCode;
}

if (isMainThread) {
  const [form, ...rest] = process.argv.slice(2);
  if ((form !== undefined && form !== '--quick') || rest.length > 0) {
    console.error(`bench:verdict takes nothing or --quick, not '${process.argv.slice(2).join(' ')}'`);
    process.exitCode = 2;
  } else {
    void (form === '--quick' ? quick() : full());
  }
} else {
  parentPort?.on('message', (cell: Cell) => parentPort?.postMessage(runCell(cell)));
}
