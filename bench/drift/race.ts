import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { CATEGORICAL, NUMERIC, writeCaptured } from './captured';
import type { EngineResult } from './engine';
import { Peer } from './python';

export const RECORDS = 200_000;
export const BASELINE_RECORDS = 20_000;
const RUNS = 3;

export interface Race {
  records: number;
  baselineRecords: number;
  ours: EngineResult & { seconds: number };
  evidently?: {
    seconds: number;
    importSeconds: number;
    readSeconds: number;
    testSeconds: number;
    cpuSeconds: number;
    peakMegabytes: number;
  };
}

/** The same two files through our engine and through Evidently in turns, each in processes of their own that are timed whole; medians by time. */
export async function race(folder: string, python: string | undefined): Promise<Race> {
  const program = bundledEngine(folder);
  const files = { baseline: path.join(folder, 'baseline.jsonl'), window: path.join(folder, 'window.jsonl') };
  writeCaptured(files.baseline, BASELINE_RECORDS, false);
  writeCaptured(files.window, RECORDS, true);
  const ours: Race['ours'][] = [];
  const evidently: NonNullable<Race['evidently']>[] = [];
  for (let run = 0; run < RUNS; run++) {
    ours.push(engineRun(program, files));
    if (python !== undefined) evidently.push(await evidentlyRun(python, files));
  }
  const peer = python === undefined ? {} : { evidently: medianOf(evidently) };
  return { records: RECORDS, baselineRecords: BASELINE_RECORDS, ours: medianOf(ours), ...peer };
}

const medianOf = <Run extends { seconds: number }>(runs: Run[]): Run => runs.toSorted((a, b) => a.seconds - b.seconds)[runs.length >> 1]!;

/** One file with what it needs inside, as the command and the handlers are shipped. */
function bundledEngine(folder: string): string {
  const outfile = path.join(folder, 'engine.cjs');
  const entryPoints = [path.join('bench', 'drift', 'engine-main.ts')];
  buildSync({
    entryPoints,
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    mainFields: ['module', 'main'],
    minify: true,
  });
  return outfile;
}

interface Files {
  baseline: string;
  window: string;
}

function engineRun(program: string, { baseline, window }: Files): Race['ours'] {
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, baseline, window], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the engine ended with ${status}: ${stderr}`);
  return { ...(JSON.parse(stdout) as EngineResult), seconds: (performance.now() - began) / 1000 };
}

async function evidentlyRun(python: string, files: Files): Promise<NonNullable<Race['evidently']>> {
  const began = performance.now();
  const peer = new Peer(python);
  const told = await peer.ask<Omit<NonNullable<Race['evidently']>, 'seconds'>>({
    do: 'report',
    ...files,
    numeric: NUMERIC,
    categorical: CATEGORICAL,
  });
  const seconds = (performance.now() - began) / 1000;
  peer.close();
  return { ...told, seconds };
}
