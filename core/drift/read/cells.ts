import type { FeatureKind } from '../../contracts/drift';
import { type Cell, MISSING, WRONG_TYPE } from '../types';
import { numberIn } from './numbers';

const NO_NUMBER = /^(?:nan|na|n\/a|null|none)$/i;
const TRUTH = /^(?:true|false)$/i;

/** A value as JSON has it. Nothing is guessed: a number in quotes is of a wrong type. */
export function jsonCell(value: unknown, kind: FeatureKind): Cell {
  if (value === undefined || value === null || value === '') return MISSING;
  switch (kind) {
    case 'numeric':
      return typeof value === 'number' && Number.isFinite(value) ? value : WRONG_TYPE;
    case 'categorical':
      if (typeof value === 'string') return value;
      return typeof value === 'number' || typeof value === 'boolean' ? String(value) : WRONG_TYPE;
    case 'text':
      return typeof value === 'string' ? value : WRONG_TYPE;
  }
}

/** A field of CSV, where everything is text: `text` from `start` to `end`, blanks around it do not count. */
export function csvCell(text: string, start: number, end: number, kind: FeatureKind): Cell {
  let from = start;
  let to = end;
  while (from < to && text.charCodeAt(from) <= 0x20) from += 1;
  while (to > from && text.charCodeAt(to - 1) <= 0x20) to -= 1;
  if (from === to) return MISSING;
  if (kind === 'numeric') {
    const value = numberIn(text, from, to);
    if (Number.isFinite(value)) return value;
    return NO_NUMBER.test(text.slice(from, to)) ? MISSING : WRONG_TYPE;
  }
  return kind === 'text' ? text.slice(from, to) : categoryOf(text.slice(from, to));
}

/** Python writes True, JSON true. */
const categoryOf = (text: string): string => ((text.length === 4 || text.length === 5) && TRUTH.test(text) ? text.toLowerCase() : text);
