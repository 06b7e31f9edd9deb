import type { DriftPolicy } from '../../core/contracts';
import { createSampler } from '../../core/drift/count';
import { fitBaseline } from '../../core/drift/fit';
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
