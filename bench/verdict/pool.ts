import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Cell } from './cells';
import { costOf, labelOf } from './cells';
import type { CellResult } from './run-cell';

const THREADS = 2;
const SECONDS_PER_MINUTE = 60;

/** Runs the cells on two threads, the longest first. With `kept`, what is done stays on disk: a run that was stopped goes on where it was. */
export async function runCells(cells: Cell[], bundle: string, kept: boolean): Promise<CellResult[]> {
  const results = new Map<string, CellResult>();
  const store = kept ? new Store(bundle) : undefined;
  for (const cell of cells) {
    const known = store?.read(cell);
    if (known !== undefined) results.set(labelOf(cell), known);
  }
  const waiting = cells.filter((cell) => !results.has(labelOf(cell))).sort((one, other) => costOf(other) - costOf(one));
  const progress = new Progress(waiting);
  const done = (cell: Cell, result: CellResult): void => {
    store?.write(cell, result);
    results.set(labelOf(cell), result);
    progress.done(cell, result);
  };
  await Promise.all(Array.from({ length: Math.min(THREADS, waiting.length) }, () => work(bundle, waiting, done)));
  return cells.flatMap((cell) => results.get(labelOf(cell)) ?? []);
}

/** One file per cell; any change of the code starts anew. */
class Store {
  private readonly folder: string;

  constructor(bundle: string) {
    const code = createHash('sha256').update(readFileSync(bundle)).digest('hex').slice(0, 16);
    this.folder = path.join('node_modules', '.cache', 'sluice-verdict-benchmark', code);
    mkdirSync(this.folder, { recursive: true });
  }

  read(cell: Cell): CellResult | undefined {
    const file = this.fileOf(cell);
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as CellResult) : undefined;
  }

  /** Whole or not at all. */
  write(cell: Cell, result: CellResult): void {
    const file = this.fileOf(cell);
    writeFileSync(`${file}.part`, JSON.stringify(result));
    renameSync(`${file}.part`, file);
  }

  private fileOf(cell: Cell): string {
    return path.join(this.folder, `${createHash('sha256').update(JSON.stringify(cell)).digest('hex').slice(0, 16)}.json`);
  }
}

function work(bundle: string, waiting: Cell[], done: (cell: Cell, result: CellResult) => void): Promise<void> {
  const worker = new Worker(bundle);
  return new Promise((resolve, reject) => {
    let cell: Cell | undefined;
    const next = (): void => {
      cell = waiting.shift();
      if (cell === undefined) void worker.terminate().then(() => resolve());
      else worker.postMessage(cell);
    };
    worker.on('message', (result: CellResult) => {
      if (cell !== undefined) done(cell, result);
      next();
    });
    worker.on('error', reject);
    next();
  });
}

class Progress {
  private readonly began = process.hrtime.bigint();
  private readonly cells: number;
  private readonly cost: number;
  private doneCells = 0;
  private doneCost = 0;

  constructor(cells: Cell[]) {
    this.cells = cells.length;
    this.cost = cells.reduce((sum, cell) => sum + costOf(cell), 0);
  }

  done(cell: Cell, { outcomes }: CellResult): void {
    this.doneCells += 1;
    this.doneCost += costOf(cell);
    const seconds = Number(process.hrtime.bigint() - this.began) / 1e9;
    const left = (seconds / this.doneCost) * (this.cost - this.doneCost);
    const { alarms = 0, days = 1 } = outcomes['ours'] ?? {};
    process.stderr.write(
      `${String(this.doneCells).padStart(4)} of ${this.cells}  ${labelOf(cell).padEnd(40)} ours ${((100 * alarms) / days).toFixed(1).padStart(5)} %  ` +
        `${clock(seconds)} gone, about ${clock(left)} left\n`,
    );
  }
}

const clock = (seconds: number): string =>
  `${Math.floor(seconds / SECONDS_PER_MINUTE)}:${String(Math.floor(seconds % SECONDS_PER_MINUTE)).padStart(2, '0')}`;
