import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { DriftPolicy } from '../../core/contracts';
import { createSampler, nothingSkipped } from '../../core/drift/count';
import { baselineFromStatistics, fitBaseline } from '../../core/drift/fit';
import type { DriftBaseline, Skipped } from '../../core/drift/types';
import { BadInputError } from '../../core/errors';
import { placeAt } from './files';
import type { DriftProgress } from './progress';
import { readRows } from './reading';

export interface LocalBaseline {
  baseline: DriftBaseline;
  /** That were read, sampled or not. */
  rows: number;
  skipped: Skipped;
  /** Sentences about where it comes from. */
  notes: string[];
}

const CONSTRAINTS = 'constraints.json';

/** A document with figures, not rows. */
export const isDocument = (given: string): boolean =>
  /\.json$/i.test(given) && statSync(given, { throwIfNoEntry: false })?.isFile() === true;

/** What `statistics.json`, or a baseline that Sluice wrote, says. */
export function documentedBaseline(given: string, policy: DriftPolicy): LocalBaseline {
  const document = jsonIn(given);
  if (isBaseline(document))
    return { baseline: document, rows: document.profile.rows, skipped: nothingSkipped(), notes: [`${given} is a baseline of Sluice.`] };
  const beside = path.join(path.dirname(given), CONSTRAINTS);
  const constraints = path.basename(given) !== CONSTRAINTS && existsSync(beside) ? beside : undefined;
  const source = { kind: 'statistics', uri: given };
  const baseline = baselineFromStatistics(document, constraints === undefined ? undefined : jsonIn(constraints), policy, source);
  return {
    baseline,
    rows: baseline.profile.rows,
    skipped: nothingSkipped(),
    notes: constraints === undefined ? [] : [`Limits are those of ${constraints}.`],
  };
}

const isBaseline = (document: unknown): document is DriftBaseline =>
  typeof document === 'object' && document !== null && (document as DriftBaseline).schema === 'sluice.drift-baseline/v1';

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new BadInputError(
      `${file}: is no JSON: ${(error as Error).message}\n  allowed: statistics.json as SageMaker writes it, or a file of rows (.csv, .jsonl, .parquet)`,
    );
  }
}

/** Fits what rows say. */
export async function fittedBaseline(
  given: string,
  policy: DriftPolicy,
  options: { timeColumn?: string },
  progress: DriftProgress,
): Promise<LocalBaseline> {
  const place = placeAt(given);
  const sampler = createSampler(policy);
  const reading = await readRows(place, policy, (row) => sampler.add(row), options, progress);
  if (reading.rows === 0) throw noRows(given, reading.skipped);
  const { fromMillis, toMillis } = reading;
  const baseline = fitBaseline(sampler.sample(), policy, {
    kind: reading.captured ? 'captured records' : 'table',
    uri: given,
    ...(fromMillis === undefined || toMillis === undefined
      ? {}
      : { from: new Date(fromMillis).toISOString(), to: new Date(toMillis).toISOString() }),
  });
  const absent = reading.absent.map((name) => `The baseline has no value of ${name}: it is not compared.`);
  return { baseline, rows: reading.rows, skipped: reading.skipped, notes: absent };
}

function noRows(given: string, { counts, samples }: Skipped): BadInputError {
  const skipped = Object.entries(counts).map(([problem, count]) => `  ${count} × ${problem}`);
  const first = samples[0] === undefined ? [] : [`  the first: ${samples[0].place}: ${samples[0].problem}`];
  return new BadInputError(
    [
      `${given}: the baseline has no row that can be read`,
      ...skipped,
      ...first,
      '  allowed: a table with a header and rows, or captured records',
    ].join('\n'),
  );
}
