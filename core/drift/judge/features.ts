import type { DriftCheck, DriftPolicy, FeaturePolicy } from '../../contracts/drift';
import type { FeatureCounts, FeatureLayout, Layout, Profile } from '../types';
import type { Significance } from './significance';
import { compareFlaws, isAbove, isOver } from './rates';
import { compareCounts, type Rate, sumOf } from './two-gates';
import type { ComparedCell, FeatureComparison } from './types';

/** √JSD in bits. */
export const DEFAULT_THRESHOLD = 0.1;

/** Both sides of a comparison, and what is significant. */
export interface Sides {
  layout: Layout;
  baseline: Profile;
  window: Profile;
  policy: DriftPolicy;
  significance: Significance;
}

export const thresholdOf = (policy: DriftPolicy, feature: string): number =>
  policy.features.find(({ name }) => name === feature)?.threshold ?? DEFAULT_THRESHOLD;

export function compareFeatures(sides: Sides): FeatureComparison[] {
  const seen = new Set<string>();
  return sides.layout.features.map((layout, index) => {
    // What is missing or of a wrong type is a text's matter, told with the first of what is derived from it.
    const isFirst = !seen.has(layout.of);
    seen.add(layout.of);
    return compareFeature(sides, layout, index, isFirst);
  });
}

function compareFeature(
  { baseline, window, policy, significance }: Sides,
  layout: FeatureLayout,
  index: number,
  isFirst: boolean,
): FeatureComparison {
  const before = baseline.features[index]!;
  const after = window.features[index]!;
  const limit = thresholdOf(policy, layout.of);
  const rates = { limit, alpha: significance.rate };
  const compared = compareCounts(before.cells, after.cells, layout.kind === 'numeric');
  const fired = compared !== undefined && isOver(compared, { limit, alpha: significance.moved });
  // What the baseline's rows never have, say the answer in training data, is not missing from the window.
  const rateGates = sumOf(before.cells) === 0 ? undefined : rates;
  const missing = compareFlaws(rateOf(before, 'missing'), rateOf(after, 'missing'), isFirst ? rateGates : undefined);
  const wrongType = compareFlaws(rateOf(before, 'wrongType'), rateOf(after, 'wrongType'), isFirst ? rateGates : undefined);
  const unseen = knowsValues(layout) ? compareFlaws(unseenOf(before), unseenOf(after), rateGates) : undefined;
  const feature = isFirst ? policy.features.find(({ name }) => name === layout.of) : undefined;
  return {
    name: layout.name,
    of: layout.of,
    kind: layout.kind,
    cells: comparedCells(layout, before, after),
    baselineRows: sumOf(before.cells),
    windowRows: sumOf(after.cells),
    compared: compared !== undefined,
    distance: compared?.distance ?? 0,
    log10P: compared?.log10P ?? 0,
    limit,
    fired,
    missing,
    wrongType,
    ...(unseen === undefined ? {} : { unseen }),
    outOfRange: after.outOfRange,
    checks: [
      ...named('distribution', fired),
      ...named('missing', missing.fired),
      ...named('wrong-type', wrongType.fired || (isFirst && rateGates !== undefined && isMistyped(before, after, policy, rates.alpha))),
      ...named('unseen', unseen?.fired ?? false),
      ...named('out-of-range', feature !== undefined && isOutOfRange(after, policy, rates.alpha)),
      ...named('incomplete', feature !== undefined && isIncomplete(feature, after, rates.alpha)),
    ],
  };
}

const named = (check: DriftCheck, fired: boolean): DriftCheck[] => (fired ? [check] : []);

const knowsValues = (layout: FeatureLayout): boolean => layout.kind === 'categorical' && layout.known !== undefined;

const rowsOf = ({ cells, missing, wrongType }: FeatureCounts): number => sumOf(cells) + missing + wrongType;

const rateOf = (counts: FeatureCounts, what: 'missing' | 'wrongType'): Rate => ({ count: counts[what], rows: rowsOf(counts) });

/** The baseline's values that it has once stand for those that it has not: Good and Turing's estimate of what is never seen. */
const unseenOf = ({ unseen, cells }: FeatureCounts): Rate => ({ count: unseen, rows: sumOf(cells) });

/** Values outside their bounds: more than the charter puts up with. */
const isOutOfRange = ({ outOfRange, cells }: FeatureCounts, { brokenShareAbove }: DriftPolicy, alpha: number): boolean =>
  isAbove({ count: outOfRange, rows: sumOf(cells) }, brokenShareAbove, alpha);

const isIncomplete = ({ completenessAtLeast }: FeaturePolicy, counts: FeatureCounts, alpha: number): boolean =>
  completenessAtLeast !== undefined && isAbove(rateOf(counts, 'missing'), 1 - completenessAtLeast, alpha);

/** A share of rows that is too small to be far from the baseline's, and still more than the charter puts up with beside that. */
const isMistyped = (before: FeatureCounts, after: FeatureCounts, { brokenShareAbove }: DriftPolicy, alpha: number): boolean =>
  isAbove(rateOf(after, 'wrongType'), allowedMistyped(rateOf(before, 'wrongType'), brokenShareAbove), alpha);

export const allowedMistyped = ({ count, rows }: Rate, brokenShareAbove: number): number =>
  Math.min(1, brokenShareAbove + (rows === 0 ? 0 : count / rows));

function comparedCells(layout: FeatureLayout, before: FeatureCounts, after: FeatureCounts): ComparedCell[] {
  return before.cells.map((baseline, cell) => ({ ...cellName(layout, cell), baseline, window: after.cells[cell] ?? 0 }));
}

function cellName(layout: FeatureLayout, cell: number): Partial<ComparedCell> & Pick<ComparedCell, 'label'> {
  if (layout.kind === 'categorical') return { label: layout.categories[cell] ?? '(other)' };
  const from = layout.edges[cell - 1];
  const to = layout.edges[cell];
  return { label: intervalText(from, to), ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function intervalText(from: number | undefined, to: number | undefined): string {
  if (from === undefined) return to === undefined ? 'any' : `below ${short(to)}`;
  return to === undefined ? `${short(from)} or more` : `${short(from)} to ${short(to)}`;
}

const short = (value: number): string => String(Number(value.toPrecision(4)));
