import type { DriftPolicy } from '../../core/contracts';
import { SAMPLE_ROWS } from '../../core/drift/count';

/** Of a text its first words are kept: of two hundred that is two kilobytes a row, and a sample is one text of JSON. */
const MOST_TEXTS = 40_000;

/** Rows of a sample: fewer where many texts are watched, so that a few samples fit into a function's memory. */
export function sampleRowsOf({ features }: Pick<DriftPolicy, 'features'>): number {
  const texts = features.filter(({ kind }) => kind === 'text').length;
  return Math.min(SAMPLE_ROWS, Math.floor(MOST_TEXTS / Math.max(1, texts)));
}
