import { spawnSync } from 'node:child_process';
import path from 'node:path';
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
  evidently?: { seconds: number; importSeconds: number; readSeconds: number; testSeconds: number; peakMegabytes: number };
}

/** The same two files through our engine, best of three, and through Evidently, each in processes of their own that are timed whole. */
export async function race(folder: string, program: string, python: string | undefined): Promise<Race> {
  const files = { baseline: path.join(folder, 'baseline.jsonl'), window: path.join(folder, 'window.jsonl') };
  writeCaptured(files.baseline, BASELINE_RECORDS, false);
  writeCaptured(files.window, RECORDS, true);
  const runs = Array.from({ length: RUNS }, () => engineRun(program, files));
  const ours = runs.reduce((best, run) => (run.seconds < best.seconds ? run : best));
  const evidently = python === undefined ? undefined : await evidentlyRun(python, files);
  return { records: RECORDS, baselineRecords: BASELINE_RECORDS, ours, ...(evidently === undefined ? {} : { evidently }) };
}

interface Files {
  baseline: string;
  window: string;
}

function engineRun(program: string, { baseline, window }: Files): Race['ours'] {
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, '--engine', baseline, window], { encoding: 'utf8' });
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
