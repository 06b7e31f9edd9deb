// The same folder, scenario and seed give the same JSON: every scenario of a folder under many seeds, each twice at the same time, so
// that both runs meet a loaded machine. Exit 1 when two differ.
//   node bench/run.mjs determinism test/rehearsal/use-case 1 100
//   node bench/run.mjs determinism examples/support-triage 1 1
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Assemblies } from '../bin/rehearsal/assemblies';
import { jobOf } from '../bin/rehearsal/job';
import { simulate } from '../bin/rehearsal/simulation';
import { synthesize } from '../bin/synthesize';
import { readCharter } from '../bin/use-case';
import { loadScenarios, type RehearsalResult } from '../rehearsal';

const PROGRESS_EVERY = 10;
const WORKER = path.resolve('dist/bin/rehearsal-worker.js');

const textOf = (result: RehearsalResult): string => JSON.stringify({ ...result, wallSeconds: 0 }, undefined, 1);

/** Where two texts part, with a few lines around. */
function difference(one: string, other: string): string {
  const [left, right] = [one.split('\n'), other.split('\n')];
  const at = left.findIndex((line, index) => line !== right[index]);
  return [...left.slice(Math.max(0, at - 3), at + 2).map((line) => `  - ${line}`), `  + ${right[at]}`].join('\n');
}

async function main(): Promise<void> {
  const [folder = '', first = '1', last = '20'] = process.argv.slice(2);
  const directory = path.resolve(folder);
  const { result } = readCharter(directory);
  if (!result.ok) throw new Error(`${folder} holds no valid charter`);
  const { charter } = result;
  const output = mkdtempSync(path.join(tmpdir(), 'sluice-determinism-'));
  try {
    for (const named of loadScenarios(directory, undefined)) {
      const assemblies = await new Assemblies(directory, undefined, path.join(output, named.name), synthesize).of(named);
      const run = async (seed: number): Promise<string> =>
        textOf((await simulate(jobOf(directory, charter, named, seed, assemblies), () => undefined, WORKER)).result);
      const differing: number[] = [];
      const texts = new Set<string>();
      for (let seed = Number(first); seed <= Number(last); seed += 1) {
        const [one, other] = await Promise.all([run(seed), run(seed)]);
        texts.add(
          createHash('sha256')
            .update(one.replace(/"seed": \d+/, ''))
            .digest('hex'),
        );
        if (one !== other) {
          differing.push(seed);
          console.log(`${named.name}, seed ${seed}:\n${difference(one, other)}`);
        }
        if (seed % PROGRESS_EVERY === 0) console.error(`${named.name}: seed ${seed}`);
      }
      const seeds = Number(last) - Number(first) + 1;
      // Different seeds that gave the same would show that nothing is compared.
      console.log(`${named.name}: ${seeds - differing.length} of ${seeds} seeds gave the same JSON twice; ${texts.size} different results`);
      if (differing.length > 0) process.exitCode = 1;
    }
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

void main();
