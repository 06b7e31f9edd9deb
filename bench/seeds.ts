// One scenario under many seeds, through the synthesized template and the real handlers: how often it ends how.
//   node bench/run.mjs seeds examples/support-triage good-candidate 1 20
//   node bench/run.mjs seeds bench/identical identical-candidate 1 500
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Assemblies } from '../bin/rehearsal/assemblies';
import { jobOf } from '../bin/rehearsal/job';
import { simulate } from '../bin/rehearsal/simulation';
import { synthesize } from '../bin/synthesize';
import { readCharter } from '../bin/use-case';
import { loadScenarios, type RehearsalResult } from '../rehearsal';
import { wilson } from './intervals';

const THREADS = 2;
const PROGRESS_EVERY = 10;
const WORKER = path.resolve('dist/bin/rehearsal-worker.js');

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

function summarise(results: RehearsalResult[]): void {
  const outcomes = new Map<string, RehearsalResult[]>();
  for (const result of results) outcomes.set(result.outcome, [...(outcomes.get(result.outcome) ?? []), result]);
  console.log('outcome        runs   share   95 % interval     candidate requests (median)   hours to the end (median)');
  for (const [outcome, runs] of outcomes) {
    const [low, high] = wilson(runs.length, results.length);
    const hours = runs.map(
      ({ releases }) => ((releases.at(-1)?.endedAtSeconds ?? Number.NaN) - (releases.at(-1)?.startedAtSeconds ?? 0)) / 3600,
    );
    const share = `${((100 * runs.length) / results.length).toFixed(1)} %`;
    const interval = `${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)} %`;
    const requests = median(runs.map((run) => run.requests.byArm.candidate));
    console.log(
      `${outcome.padEnd(12)} ${String(runs.length).padStart(6)} ${share.padStart(8)}   ${interval.padEnd(16)} ${String(requests).padStart(22)} ${median(hours).toFixed(1).padStart(26)}`,
    );
  }
  const broken = results.filter(({ invariants }) => invariants.some(({ held }) => !held));
  console.log(`invariants held in ${results.length - broken.length} of ${results.length} runs`);
  for (const { seed, invariants } of broken.slice(0, 5))
    console.log(
      `  seed ${seed}: ${invariants
        .filter(({ held }) => !held)
        .map(({ name }) => name)
        .join(', ')}`,
    );
}

async function main(): Promise<void> {
  const [folder = '', scenarioName = '', first = '1', last = '20'] = process.argv.slice(2);
  const directory = path.resolve(folder);
  const { result } = readCharter(directory);
  const [named] = loadScenarios(directory, scenarioName);
  if (!result.ok || named === undefined) throw new Error(`${folder} holds no valid charter with a scenario ${scenarioName}`);
  const output = mkdtempSync(path.join(tmpdir(), 'sluice-seeds-'));
  try {
    const assemblies = await new Assemblies(directory, undefined, output, synthesize).of(named);
    const seeds = Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => Number(first) + index);
    const results: RehearsalResult[] = [];
    const work = async (): Promise<void> => {
      for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
        const rehearsal = await simulate(jobOf(directory, result.charter, named, seed, assemblies), () => undefined, WORKER);
        results.push(rehearsal.result);
        if (results.length % PROGRESS_EVERY === 0) console.error(`${results.length} runs`);
      }
    };
    await Promise.all(Array.from({ length: THREADS }, work));
    summarise(results);
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

void main();
