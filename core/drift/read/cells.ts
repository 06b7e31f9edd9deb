import type { FeatureKind } from '../../contracts/drift';
import { hash32 } from '../count/hash';
import { type Cell, MISSING, WRONG_TYPE } from '../types';
import { numberIn } from './numbers';

/** Longer categories are cut, and keep their identity by a hash: samples and layouts hold many of them. */
const LONGEST_CATEGORY = 200;
const NO_NUMBER = /^(?:nan|na|n\/a|null|none)$/i;
const TRUTH = /^(?:true|false)$/i;

/** A value as JSON has it. Nothing is guessed: a number in quotes is of a wrong type. */
export function jsonCell(value: unknown, kind: FeatureKind): Cell {
  if (value === undefined || value === null || value === '') return MISSING;
  switch (kind) {
    case 'numeric':
      return typeof value === 'number' && Number.isFinite(value) ? value : WRONG_TYPE;
    case 'categorical':
      if (typeof value === 'string') return shortened(value);
      return typeof value === 'number' || typeof value === 'boolean' ? String(value) : WRONG_TYPE;
    case 'text':
      return typeof value === 'string' ? value : WRONG_TYPE;
  }
}

/** A field of CSV, where everything is text; blanks around it do not count. */
export function csvCell(field: string, kind: FeatureKind): Cell {
  const text = field.trim();
  if (text === '') return MISSING;
  if (kind !== 'numeric') return kind === 'text' ? text : shortened(categoryOf(text));
  const value = numberIn(text);
  if (Number.isFinite(value)) return value;
  return NO_NUMBER.test(text) ? MISSING : WRONG_TYPE;
}

/** Python writes True, JSON true. */
const categoryOf = (text: string): string => ((text.length === 4 || text.length === 5) && TRUTH.test(text) ? text.toLowerCase() : text);

const shortened = (text: string): string =>
  text.length <= LONGEST_CATEGORY ? text : `${text.slice(0, LONGEST_CATEGORY)}…${hash32(text).toString(16)}`;
