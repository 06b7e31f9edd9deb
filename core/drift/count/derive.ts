import type { FeaturePolicy, TextDerivation } from '../../contracts/drift';
import { type Cell, MISSING, WRONG_TYPE } from '../types';
import { textFactsOf } from './text-facts';
import type { SampleCell, TextFacts } from './types';

/** A feature of the layout that stands for one of the policy: itself, or what is derived from a text. */
export interface Derived {
  name: string;
  kind: 'numeric' | 'categorical';
  derivation?: TextDerivation;
}

const ALWAYS: TextDerivation[] = ['length', 'tokens', 'language', 'unknown-words'];
const CATEGORICAL = new Set<TextDerivation>(['language', 'refusal']);

export function derivationsOf(feature: FeaturePolicy): Derived[] {
  if (feature.kind !== 'text') return [{ name: feature.name, kind: feature.kind }];
  const derive = feature.derive ?? (feature.side === 'output' ? [...ALWAYS, 'refusal' as const] : ALWAYS);
  return derive.map((derivation) => ({
    name: `${feature.name}.${derivation}`,
    kind: CATEGORICAL.has(derivation) ? 'categorical' : 'numeric',
    derivation,
  }));
}

/** What is derived from a text; other cells are what they are. `vocabulary` is for unknown words alone. */
export function derivedCell(cell: SampleCell, derivation: TextDerivation | undefined, vocabulary?: ReadonlySet<number>): Cell {
  if (cell === null) return MISSING;
  if (cell === false) return WRONG_TYPE;
  if (typeof cell !== 'object') return cell;
  switch (derivation) {
    case 'length':
      return cell.length;
    case 'tokens':
      return cell.tokens;
    case 'language':
      return cell.language;
    case 'refusal':
      return cell.refusal ? 'yes' : 'no';
    case 'unknown-words':
      return unknownShare(cell, vocabulary);
    case undefined:
      return WRONG_TYPE;
  }
}

/** A text without words, and texts that no vocabulary is known for, have no share. */
function unknownShare({ words }: TextFacts, vocabulary: ReadonlySet<number> | undefined): number | undefined {
  if (words.length === 0 || vocabulary === undefined) return MISSING;
  let unknown = 0;
  for (const hash of words) if (!vocabulary.has(hash)) unknown += 1;
  return unknown / words.length;
}

/** A cell as it is kept. */
export function sampleCellOf(cell: Cell, kind: FeaturePolicy['kind']): SampleCell {
  if (cell === MISSING) return null;
  if (cell === WRONG_TYPE) return false;
  return kind === 'text' ? textFactsOf(String(cell)) : (cell as number | string);
}
