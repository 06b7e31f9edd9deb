import type { FeaturePolicy } from '../../contracts/drift';
import type { SampleRow } from '../count';

const MOST_WORDS = 20_000;
/** A word of one text is a name, a number or an error. */
const FEWEST_TEXTS = 2;

/** By text feature: hashes of the words that the rows know, ascending. */
export function vocabulariesOf(rows: SampleRow[], features: FeaturePolicy[]): Record<string, number[]> {
  return Object.fromEntries(
    features.flatMap(({ name, kind, derive }, index) =>
      kind === 'text' && (derive ?? ['unknown-words']).includes('unknown-words') ? [[name, vocabularyOf(rows, index)]] : [],
    ),
  );
}

function vocabularyOf(rows: SampleRow[], index: number): number[] {
  const texts = new Map<number, number>();
  for (const { cells } of rows) {
    const facts = cells[index];
    if (typeof facts !== 'object' || facts === null) continue;
    for (const word of new Set(facts.words)) texts.set(word, (texts.get(word) ?? 0) + 1);
  }
  return [...texts]
    .filter(([, count]) => count >= FEWEST_TEXTS)
    .sort(([a, left], [b, right]) => right - left || a - b)
    .slice(0, MOST_WORDS)
    .map(([word]) => word)
    .sort((a, b) => a - b);
}
