import type { FeatureKind, FeaturePolicy } from '../../contracts/drift';
import { type Find, findIn } from './path';
import type { ReadPolicy } from './types';

export type BodyFormat = 'json' | 'csv' | 'text';

/** A feature of the request, or of the answer. */
export interface SideFeature {
  name: string;
  /** Index in `Row.cells`. */
  cell: number;
  kind: FeatureKind;
  path: string;
  find: Find;
  /** Number of its column in CSV; -1: it has none. */
  column: number;
}

/** What is read of the request, or of the answer. */
export interface Side {
  name: FeaturePolicy['side'];
  /** What it is called. */
  words: 'request' | 'answer';
  features: SideFeature[];
  /** Features by column. */
  byColumn: (SideFeature[] | undefined)[];
  hasAllColumns: boolean;
  /** Fields that a CSV row has; undefined: nobody said. */
  namedColumns: number | undefined;
  /** Content type of the last body, and what it says: types repeat from record to record. */
  lastType: string | undefined;
  lastFormat: BodyFormat | undefined;
}

/** By the content type alone; undefined: it does not say. */
export function formatOf(contentType: string): BodyFormat | undefined {
  const type = contentType.toLowerCase();
  if (type.includes('csv')) return 'csv';
  if (type.includes('json')) return 'json';
  return type.startsWith('text/') ? 'text' : undefined;
}

export function formatOn(side: Side, contentType: string): BodyFormat | undefined {
  if (contentType !== side.lastType) {
    side.lastType = contentType;
    side.lastFormat = formatOf(contentType);
  }
  return side.lastFormat;
}

/** The sides that have features. */
export function sidesOf(policy: ReadPolicy): Side[] {
  return [sideOf(policy, 'input'), sideOf(policy, 'output')].filter(({ features }) => features.length > 0);
}

export function sideOf({ features, csv }: ReadPolicy, name: FeaturePolicy['side']): Side {
  const names = csv?.[name];
  const own = features.flatMap((feature, cell) => (feature.side === name ? [featureOf(feature, cell, names)] : []));
  const byColumn: (SideFeature[] | undefined)[] = [];
  for (const feature of own) if (feature.column >= 0) (byColumn[feature.column] ??= []).push(feature);
  return {
    name,
    words: name === 'input' ? 'request' : 'answer',
    features: own,
    byColumn: Array.from(byColumn),
    hasAllColumns: own.every(({ column }) => column >= 0),
    namedColumns: names?.length,
    lastType: undefined,
    lastFormat: undefined,
  };
}

function featureOf({ name, kind, path, side }: FeaturePolicy, cell: number, names: string[] | undefined): SideFeature {
  const named = names?.indexOf(path) ?? -1;
  const column = named >= 0 ? named : /^\d{1,5}$/.test(path) ? Number(path) : -1;
  if (names !== undefined && (column < 0 || column >= names.length)) {
    throw new Error(
      `feature ${name} is column '${path}', which csv.${side} does not have (${names.join(', ')}): give one of its names, or a number below ${names.length}`,
    );
  }
  return { name, cell, kind, path, find: findIn(path, names !== undefined), column };
}
