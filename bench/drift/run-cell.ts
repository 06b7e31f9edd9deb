import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Cell, FEATURES } from './cells';
import { drawPairs, type Pair } from './draws';
import { alarmsOfOurs } from './ours';
import type { Peer } from './python';
import { kolmogorovSmirnov, nannyMl, psi, type Rule, sageMakerRobust } from './rules';

export const OURS = 'sluice';
export const EVIDENTLY = 'evidently';

const RULES: Record<string, Rule> = { psi, ks: kolmogorovSmirnov, nannyml: nannyMl, sagemaker: sageMakerRobust };

export interface CellResult {
  cell: Cell;
  windows: number;
  /** Windows that each method calls drifted; without those that have nothing to say. */
  alarms: Record<string, number>;
}

interface Flags {
  drifted: boolean[];
  tests: string[];
}

/** The same windows for every method. `others`: false runs ours alone. */
export async function runCell(
  cell: Cell,
  repetitions: number,
  others: boolean,
  evidently?: { peer: Peer; folder: string },
): Promise<CellResult> {
  const alarms: Record<string, number> = {};
  const count = (method: string, flags: (boolean | undefined)[]): void => {
    if (flags.includes(undefined)) return;
    alarms[method] = (alarms[method] ?? 0) + flags.filter(Boolean).length;
  };
  for (let first = 0; first < repetitions; first += FEATURES) {
    const pairs = drawPairs(cell, Math.min(FEATURES, repetitions - first), first);
    count(OURS, alarmsOfOurs(cell.kind, pairs));
    if (!others) continue;
    for (const [method, rule] of Object.entries(RULES))
      count(
        method,
        pairs.map((pair) => rule(cell.kind, pair)),
      );
    if (evidently !== undefined) count(EVIDENTLY, await askEvidently(cell, pairs, evidently));
  }
  return { cell, windows: repetitions, alarms };
}

async function askEvidently(cell: Cell, pairs: Pair[], { peer, folder }: { peer: Peer; folder: string }): Promise<boolean[]> {
  const file = path.join(folder, 'pairs.f64');
  writeFileSync(file, Buffer.concat(pairs.flatMap(({ baseline, window }) => [bytesOf(baseline), bytesOf(window)])));
  const { kind, baselineRows, rows } = cell;
  const { drifted } = await peer.ask<Flags>({ do: 'flags', kind, baselineRows, rows, pairs: pairs.length, files: [file] });
  rmSync(file);
  return drifted;
}

const bytesOf = (values: Float64Array): Uint8Array => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
