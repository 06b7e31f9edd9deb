import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { DriftPolicy, FeatureKind } from '../../core/contracts';
import { nothingSkipped } from '../../core/drift/count';
import { baselineFromStatistics } from '../../core/drift/fit';
import type { DriftBaseline } from '../../core/drift/types';
import { BadInputError } from '../../core/errors';
import type { LocalBaseline } from './baseline';
import type { AnyColumn } from './columns';

const CONSTRAINTS = 'constraints.json';
const ALLOWED = "statistics.json as SageMaker's baseline job writes it, a baseline of Sluice, or a file of rows (.csv, .jsonl, .parquet)";

/** A document with figures, not rows. */
export const isDocument = (given: string): boolean =>
  /\.json$/i.test(given) && statSync(given, { throwIfNoEntry: false })?.isFile() === true;

/** What `statistics.json`, or a baseline that Sluice wrote, says. */
export function documentedBaseline(given: string, policy: DriftPolicy): LocalBaseline {
  const document = jsonIn(given);
  if (isBaseline(document)) return ownBaseline(given, document, policy);
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

/** It counts what it was fitted for: no more, no less. */
function ownBaseline(given: string, baseline: DriftBaseline, { features }: DriftPolicy): LocalBaseline {
  const fitted = [...new Set(baseline.layout.features.map(({ of }) => of))];
  const asked = features.map(({ name }) => name);
  if (fitted.length !== asked.length || fitted.some((name) => !asked.includes(name))) {
    throw new BadInputError(`${given}: is fitted for other features\n  given:   ${asked.join(', ')}\n  allowed: ${fitted.join(', ')}`);
  }
  return { baseline, rows: baseline.profile.rows, skipped: nothingSkipped(), notes: [`${given} is a baseline of Sluice.`] };
}

/** Columns as the document names them; undefined: it says nothing of columns, which is said when it is read. */
export function documentedColumns(given: string): AnyColumn[] {
  const document = jsonIn(given);
  if (isBaseline(document)) {
    const kinds = new Map<string, FeatureKind>(document.layout.features.map(({ of, name, kind }) => [of, of === name ? kind : 'text']));
    return [...kinds].map(([name, kind]) => columnOf(name, kind));
  }
  const { features } = (document ?? {}) as { features?: unknown };
  if (!Array.isArray(features)) throw new BadInputError(`${given}: names no features\n  allowed: ${ALLOWED}`);
  return features.flatMap((feature: unknown) => {
    const { name, inferred_type: type } = (feature ?? {}) as { name?: unknown; inferred_type?: unknown };
    if (typeof name !== 'string') return [];
    return [columnOf(name, type === 'Integral' || type === 'Fractional' ? 'numeric' : 'categorical')];
  });
}

const columnOf = (name: string, kind: FeatureKind): AnyColumn => ({
  side: 'input',
  path: name,
  label: name,
  judged: () => ({ kind }),
  asked: () => kind,
});

const isBaseline = (document: unknown): document is DriftBaseline =>
  typeof document === 'object' && document !== null && (document as DriftBaseline).schema === 'sluice.drift-baseline/v1';

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new BadInputError(`${file}: is no JSON: ${(error as Error).message}\n  allowed: ${ALLOWED}`);
  }
}
