import type { DriftPolicy, FeaturePolicy } from '../../contracts/drift';
import { checkedContent } from '../../checked-json';
import { BadInputError } from '../../errors';
import { cellOf, derivationsOf, nothingSkipped, SAMPLE_ROWS } from '../count';
import { sumOf } from '../judge/two-gates';
import type { DriftBaseline, FeatureCounts, FeatureLayout } from '../types';
import { categoricalLayout, PRIVATE, type Tally } from './categories';
import { demandsOf } from './demands';
import { type Weighted, weightedEdges } from './edges';
import { layoutOf } from './fit';
import {
  columnOf,
  constraintsSchema,
  type FeatureStatistics,
  type NumericalStatistics,
  statisticsSchema,
  type StringStatistics,
} from './statistics';

interface Fitted {
  layout: FeatureLayout;
  counts: FeatureCounts;
}

/**
 * The baseline that SageMaker Model Monitor's baseline job wrote, both files parsed from JSON; `constraints` may be undefined. Texts,
 * joint drift and hours of the day are not in these files. BadInputError names what was expected where.
 */
export function baselineFromStatistics(
  statistics: unknown,
  constraints: unknown,
  policy: DriftPolicy,
  source: DriftBaseline['source'],
): DriftBaseline {
  const { features: columns, dataset } = checkedContent(statisticsSchema, statistics, 'statistics.json');
  const demands = constraints === undefined ? undefined : checkedContent(constraintsSchema, constraints, 'constraints.json');
  const fitted = policy.features.flatMap((feature) => fittedFeatures(feature, columns));
  if (fitted.every(({ counts }) => sumOf(counts.cells) === 0)) throw noColumns(policy, columns);
  const layout = layoutOf({ features: fitted.map((one) => one.layout), vocabularies: {} });
  const rows = Math.max(...fitted.map(({ counts }) => sumOf(counts.cells) + counts.missing));
  return {
    schema: 'sluice.drift-baseline/v1',
    layout,
    profile: {
      schema: 'sluice.drift-profile/v1',
      layoutId: layout.id,
      rows: Math.min(rows, dataset?.item_count ?? rows),
      features: fitted.map(({ counts }) => counts),
      skipped: nothingSkipped(),
    },
    ...(demands === undefined ? {} : { constraints: demandsOf(demands, policy) }),
    source,
  };
}

function fittedFeatures(feature: FeaturePolicy, columns: FeatureStatistics[]): Fitted[] {
  const column = feature.kind === 'text' ? undefined : columnOf(feature, columns);
  if (column === undefined) return derivationsOf(feature).map(({ name, kind }) => unknown(name, feature.name, kind));
  if (feature.kind === 'numeric') {
    if (column.numerical_statistics !== undefined) return [fittedNumbers(feature, column.name, column.numerical_statistics)];
    if (column.string_statistics === undefined) return [unknown(feature.name, feature.name, 'numeric')];
  } else {
    if (column.string_statistics !== undefined) return [fittedCategories(feature, column.string_statistics)];
    if (column.numerical_statistics === undefined) return [unknown(feature.name, feature.name, 'categorical')];
  }
  throw new BadInputError(
    `statistics.json: ${column.name}\n  given:   inferred_type ${column.inferred_type}\n  allowed: the charter calls ${feature.name} ${feature.kind}; change its type there, or take training data as the baseline`,
  );
}

/** Nothing is known of it: it is not compared. */
function unknown(name: string, of: string, kind: 'numeric' | 'categorical'): Fitted {
  const layout: FeatureLayout = kind === 'numeric' ? { name, of, kind, edges: [] } : { name, of, kind, categories: [] };
  return { layout, counts: { cells: [0], missing: 0, wrongType: 0, unseen: 0, outOfRange: 0 } };
}

function fittedNumbers({ name }: FeaturePolicy, column: string, { common, distribution }: NumericalStatistics): Fitted {
  const rows = distribution.kll.sketch.data.flatMap((level, index): Weighted[] => level.map((value) => ({ value, weight: 2 ** index })));
  if (rows.length === 0 && common.num_present > 0) {
    throw new BadInputError(
      `statistics.json: ${column}: numerical_statistics.distribution.kll.sketch.data\n  given:   no items, but num_present ${common.num_present}\n  allowed: the items of the KLL sketch, by level`,
    );
  }
  const edges = weightedEdges(rows);
  const cells = Array.from({ length: edges.length + 1 }, () => 0);
  for (const { value, weight } of rows) cells[cellOf(edges, value)]! += weight;
  return { layout: { name, of: name, kind: 'numeric', edges }, counts: scaled(cells, common, 0) };
}

function fittedCategories(
  { name, oneOf = [] }: FeaturePolicy,
  { common, distinct_count: distinct, distribution }: StringStatistics,
): Fitted {
  const tally: Tally = new Map();
  for (const { value, count } of distribution.categorical.buckets) tally.set(value, (tally.get(value) ?? 0) + count);
  const isWhole = tally.size >= (distinct ?? tally.size) && sumOf([...tally.values()]) >= common.num_present;
  const layout = categoricalLayout(name, name, tally, tally, { ...PRIVATE, always: oneOf }, isWhole);
  const categories = layout.kind === 'categorical' ? layout.categories : [];
  const cells = categories.map((category) => tally.get(category) ?? 0);
  cells.push(Math.max(0, common.num_present - sumOf(cells)));
  return { layout, counts: scaled(cells, common, [...tally.values()].filter((count) => count === 1).length) };
}

/** As many rows as there are, at most as many as a sample has: a sketch knows its quantiles no better than that. */
function scaled(cells: number[], common: { num_present: number; num_missing: number }, unseen: number): FeatureCounts {
  const rows = common.num_present + common.num_missing;
  const factor = Math.min(1, SAMPLE_ROWS / Math.max(1, rows));
  const present = Math.round(common.num_present * factor);
  const counted = apportioned(cells, present);
  const scale = (value: number): number => Math.round(value * factor);
  return { cells: counted, missing: scale(common.num_missing), wrongType: 0, unseen: scale(unseen), outOfRange: 0 };
}

/** Whole numbers of that sum, in the cells' proportions: what is left over goes to the largest fractions. */
function apportioned(cells: number[], total: number): number[] {
  const sum = sumOf(cells);
  if (sum === 0) return cells;
  const exact = cells.map((count) => (count * total) / sum);
  const whole = exact.map(Math.floor);
  const order = exact
    .map((value, index) => ({ index, fraction: value - Math.floor(value) }))
    .sort((a, b) => b.fraction - a.fraction || a.index - b.index);
  for (const { index } of order.slice(0, total - sumOf(whole))) whole[index]! += 1;
  return whole;
}

function noColumns({ features }: DriftPolicy, columns: FeatureStatistics[]): BadInputError {
  const wanted = features.map(({ name, path }) => (name === path ? name : `${name} (${path})`)).join(', ');
  const given = columns.map(({ name }) => name).join(', ');
  return new BadInputError(
    `statistics.json\n  given:   the columns ${given}\n  allowed: at least one of the watched features with rows: ${wanted}`,
  );
}
