import { closeSync, openSync, readSync } from 'node:fs';
import { createProfiler, createSampler } from '../../core/drift/count';
import { fitBaseline } from '../../core/drift/fit';
import { judgeWindow } from '../../core/drift/judge';
import { createCaptureReader } from '../../core/drift/read';
import type { RowSink, Skipped } from '../../core/drift/types';
import { capturePolicy } from './captured';

export interface EngineResult {
  state: string;
  findings: string[];
  rows: number;
  /** Of all threads, from the start of the process. */
  cpuSeconds: number;
  peakMegabytes: number;
}

/** What `sluice drift` does with captured records, in a process of its own: reads and fits the baseline, reads, counts and judges the window. */
export function runEngine(baselineFile: string, windowFile: string): EngineResult {
  const policy = capturePolicy();
  const sampler = createSampler(policy);
  readFile(baselineFile, (row) => sampler.add(row));
  const baseline = fitBaseline(sampler.sample(), policy, { kind: 'training-data' });
  const profiler = createProfiler(baseline.layout, policy);
  const skipped = readFile(windowFile, (row) => profiler.add(row));
  const { state, findings, rows } = judgeWindow(baseline, { hours: 1, profiles: [{ profile: profiler.profile(skipped) }] }, policy);
  return {
    state,
    findings: findings.map(({ check, feature }) => `${check} ${feature}`),
    rows,
    cpuSeconds: (process.cpuUsage().user + process.cpuUsage().system) / 1e6,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  };
}

const BLOCK_BYTES = 262_144;

function readFile(file: string, sink: RowSink): Skipped {
  const reader = createCaptureReader(capturePolicy(), sink);
  reader.begin(file);
  const block = Buffer.alloc(BLOCK_BYTES);
  const handle = openSync(file, 'r');
  for (let bytes = readSync(handle, block); bytes > 0; bytes = readSync(handle, block)) reader.take(block.subarray(0, bytes));
  closeSync(handle);
  return reader.finish();
}
