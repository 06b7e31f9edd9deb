// Scenarios drawn at random: what people do, and what breaks meanwhile. Every invariant has to hold whatever happens.
//   node bench/run.mjs random-faults 1 50
//   node bench/run.mjs random-faults 17 17 --timeline
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Assemblies } from '../bin/rehearsal/assemblies';
import { synthesize } from '../bin/synthesize';
import type { RehearsalResult } from '../rehearsal';
import { drawScenario, type Entry } from './random-faults/draw';
import { playSeed, USE_CASE, violations } from './random-faults/play';

const THREADS = Number(process.env['THREADS'] ?? '2');

/** As in a scenario file, a line each. */
const inShort = (entries: Entry[]): string =>
  entries
    .toSorted((one, other) => Number.parseInt(String(one['at'])) - Number.parseInt(String(other['at'])))
    .map((entry) => {
      const said = Object.entries(entry).filter(([key]) => key !== 'change');
      return `    { ${said.map(([key, value]) => `${key}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`).join(', ')} }`;
    })
    .join('\n');

function tell(result: RehearsalResult, withTimeline: boolean): void {
  const { seed, releases } = result;
  const drawn = drawScenario(seed);
  const { rollout, gates } = drawn.actions[0]?.['change'] as { rollout: Entry; gates?: unknown[] };
  const strategy = [...(gates === undefined ? [] : ['gate']), ...[rollout['strategy']].flat()].join(', ');
  const ends = releases.map(({ outcome, stage }) => (stage === undefined ? outcome : `${outcome} (${stage})`));
  const broken = violations(result);
  console.log(`seed ${seed}: ${strategy}: ${ends.join(', ')}; ${broken.length === 0 ? 'all invariants hold' : 'VIOLATED'}`);
  console.log(`${inShort(drawn.actions)}\n${inShort(drawn.faults)}`);
  for (const words of broken) console.log(`  ${words}`);
  if (!withTimeline) return;
  for (const { t, source, event, detail } of result.timeline) console.log(`  ${t} s ${source} ${event} ${JSON.stringify(detail)}`);
  for (const release of releases) console.log(`  ${JSON.stringify(release)}`);
  for (const incident of result.incidents) console.log(`  ${JSON.stringify(incident)}`);
}

async function main(): Promise<void> {
  const [first = '1', last = first, option] = process.argv.slice(2);
  const output = mkdtempSync(path.join(tmpdir(), 'sluice-random-faults-'));
  // A build meanwhile does not change what runs here.
  const worker = path.join(output, 'rehearsal-worker.js');
  cpSync(path.resolve('dist/bin/rehearsal-worker.js'), worker);
  const results: RehearsalResult[] = [];
  const failed: string[] = [];
  try {
    const assemblies = new Assemblies(USE_CASE, undefined, path.join(output, 'assemblies'), synthesize);
    const seeds = Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => Number(first) + index);
    const work = async (): Promise<void> => {
      for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
        try {
          const result = await playSeed(seed, assemblies, worker);
          results.push(result);
          tell(result, option === '--timeline');
        } catch (error) {
          failed.push(`seed ${seed}: ${String(error)}`);
          console.log(`seed ${seed}: FAILED ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        }
      }
    };
    await Promise.all(Array.from({ length: THREADS }, work));
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
  summarise(results, failed);
}

function summarise(results: RehearsalResult[], failed: string[]): void {
  const broken = results.filter((result) => violations(result).length > 0).map(({ seed }) => seed);
  const outcomes = new Map<string, number>();
  for (const { outcome } of results.flatMap(({ releases }) => releases)) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  console.log(`releases: ${[...outcomes].map(([outcome, count]) => `${count} ${outcome}`).join(', ')}`);
  console.log(`invariants held in ${results.length - broken.length} of ${results.length + failed.length} scenarios`);
  if (broken.length > 0) console.log(`violated with seeds ${broken.toSorted((one, other) => one - other).join(', ')}`);
  for (const words of failed) console.log(`did not run: ${words}`);
  if (broken.length + failed.length > 0) process.exitCode = 1;
}

void main();
