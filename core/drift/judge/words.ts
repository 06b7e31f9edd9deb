import type { DriftFinding, DriftPolicy } from '../../contracts/drift';
import type { ComparedCell, FeatureComparison, GroupComparison, JointComparison, RateComparison, WindowComparison } from './types';
import { allowedMistyped } from './features';
import { SMALLEST_SHIFT } from './joint';

const LONGEST_LABEL = 60;

/** What fired, each with a sentence for people, the strongest first. */
export function findingsOf(comparison: WindowComparison, policy: DriftPolicy): DriftFinding[] {
  const of = findingOf(comparison.hours);
  return [
    ...comparison.features.flatMap((feature) => featureFindings(feature, policy, of)),
    ...comparison.groups.filter(({ fired }) => fired).map((group) => of(groupFinding(group, policy))),
    ...(comparison.joint?.fired === true ? [of(jointFinding(comparison.joint))] : []),
  ].sort((a, b) => strength(b) - strength(a) || (a.feature < b.feature ? -1 : 1));
}

type Draft = Omit<DriftFinding, 'windowHours' | 'examples'>;

const findingOf =
  (windowHours: number) =>
  (draft: Draft): DriftFinding => ({ ...draft, windowHours, examples: [] });

/** How far beyond its limit; a limit of nothing is beaten by anything. */
const strength = ({ check, value, limit }: DriftFinding): number =>
  check === 'incomplete' ? (1 - value) / Math.max(1 - limit, 1e-6) : Math.abs(value) / Math.max(limit, 1e-6);

function featureFindings(feature: FeatureComparison, policy: DriftPolicy, of: (draft: Draft) => DriftFinding): DriftFinding[] {
  return feature.checks.map((check) => {
    switch (check) {
      case 'missing':
        return of(rateFinding(check, feature.of, feature.missing, feature.limit, 'have no value'));
      case 'wrong-type':
        return of(typeFinding(feature, policy));
      case 'unseen':
        return of(rateFinding(check, feature.name, feature.unseen!, feature.limit, 'have a value that the baseline never had'));
      case 'out-of-range':
        return of(rangeFinding(feature, policy));
      case 'incomplete':
        return of(completenessFinding(feature, policy));
      default:
        return of(distributionFinding(feature));
    }
  });
}

function distributionFinding(feature: FeatureComparison): Draft {
  const { name, distance, limit, log10P, windowRows, baselineRows } = feature;
  return {
    check: 'distribution',
    feature: name,
    value: distance,
    limit,
    log10P,
    rows: windowRows,
    baselineRows,
    words: `${name} moved by ${figure(distance)} (large from ${figure(limit)}): ${mostMoved(feature)}.`,
  };
}

/** The cell whose share changed most. */
function mostMoved({ cells, kind, baselineRows, windowRows }: FeatureComparison): string {
  const change = ({ baseline, window }: ComparedCell): number => Math.abs(window / windowRows - baseline / baselineRows);
  const cell = cells.reduce((most, one) => (change(one) > change(most) ? one : most));
  const what = kind === 'numeric' ? `values ${cell.label}` : `'${clipped(cell.label)}'`;
  return `${what} went from ${percent(cell.baseline / baselineRows)} to ${percent(cell.window / windowRows)} of the rows`;
}

function rateFinding(
  check: 'missing' | 'wrong-type' | 'unseen',
  feature: string,
  rate: RateComparison,
  limit: number,
  what: string,
): Draft {
  return { check, feature, ...rateFigures(rate, limit), words: `${feature}: ${movedShare(rate)} of the rows ${what}.` };
}

function typeFinding({ of, wrongType, limit }: FeatureComparison, { brokenShareAbove }: DriftPolicy): Draft {
  const draft = rateFinding('wrong-type', of, wrongType, limit, 'have a value of another type');
  if (wrongType.fired) return draft;
  // Few, but more than the charter puts up with.
  return { ...draft, value: wrongType.window.count / wrongType.window.rows, limit: allowedMistyped(wrongType.baseline, brokenShareAbove) };
}

function groupFinding(group: GroupComparison, { groups, features }: DriftPolicy): Draft {
  const limit = groups?.threshold ?? features.find(({ name }) => name === groups?.outcome)?.threshold ?? 0.1;
  const feature = `${groups?.by}=${clipped(group.group)}`;
  const words = `${feature}: ${movedShare(group)} of the rows have the outcome ${groups?.outcome} = ${groups?.favourable}.`;
  return { check: 'group', feature, ...rateFigures(group, limit), words };
}

function rateFigures({ distance, log10P, window, baseline }: RateComparison, limit: number): Omit<Draft, 'check' | 'feature' | 'words'> {
  return { value: distance, limit, log10P, rows: window.rows, baselineRows: baseline.rows };
}

const movedShare = ({ baseline, window }: RateComparison): string =>
  `${percent(window.count / window.rows)} (baseline ${percent(baseline.count / baseline.rows)})`;

function rangeFinding({ of, outOfRange, windowRows }: FeatureComparison, policy: DriftPolicy): Draft {
  const share = outOfRange / windowRows;
  const limit = policy.brokenShareAbove;
  const words = `${of}: ${outOfRange} of ${windowRows} values (${percent(share)}) are outside ${rangeText(of, policy)}; allowed are ${percent(limit)}.`;
  return { check: 'out-of-range', feature: of, value: share, limit, rows: windowRows, words };
}

function rangeText(name: string, { features }: DriftPolicy): string {
  const { atLeast, atMost, oneOf } = features.find((feature) => feature.name === name) ?? {};
  if (oneOf !== undefined) return `the ${oneOf.length} values that are allowed`;
  if (atLeast === undefined) return `up to ${atMost}`;
  return atMost === undefined ? `${atLeast} or more` : `${atLeast} to ${atMost}`;
}

function completenessFinding({ of, missing }: FeatureComparison, { features }: DriftPolicy): Draft {
  const limit = features.find(({ name }) => name === of)?.completenessAtLeast ?? 1;
  const { count, rows } = missing.window;
  const value = 1 - count / rows;
  return {
    check: 'incomplete',
    feature: of,
    value,
    limit,
    rows,
    words: `${of}: ${percent(value)} of the rows have a value; at least ${percent(limit)} are promised.`,
  };
}

function jointFinding({ shift, z, rows, baselineRows }: JointComparison): Draft {
  const words = `Numeric features no longer go together as in the baseline: what their components leave unexplained moved by ${figure(shift)} standard deviations (large from ${SMALLEST_SHIFT}), z = ${figure(z)}.`;
  return { check: 'joint', feature: 'joint', value: shift, limit: SMALLEST_SHIFT, rows, baselineRows, words };
}

/** Values of requests stay short in messages. */
const clipped = (label: string): string => (label.length > LONGEST_LABEL ? `${label.slice(0, LONGEST_LABEL - 1)}…` : label);

const figure = (value: number): string => String(Number(value.toPrecision(3)));

const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;
