import type { GateMeasure, GoldenSetGate } from '../contracts';
import { decided, type Finding, type GateDecision, undecided } from './decision';
import { type GoldenTally, MOST_SLICES } from './golden-tally';
import { biasFinding, sliceFinding } from './slices';
import { meanInterval, meanOf, type Sum } from './sums';
import { figure, many, together } from './words';

/** Whether there is a stable release to compare with; a first release has none. */
export interface Surrounding {
  hasStable: boolean;
}

/** What a golden set says of the candidate. Whatever could not be scored fails the gate: a mean over the rest would hide it. */
export function decideGolden(gate: GoldenSetGate, tally: GoldenTally, { hasStable }: Surrounding): GateDecision {
  if (tally.lines === 0) return undecided('no line of the data set was scored');
  const tooMany = [tally.slices, tally.groups].some((values) => Object.keys(values).length > MOST_SLICES);
  if (tooMany) return undecided(`a field to group by has more than ${MOST_SLICES} values: group by one with fewer`);
  const findings = [
    failureFinding('lines without a score', tally.failures, tally.lines),
    meanFinding(gate, tally.candidate),
    ...(gate.notWorse === undefined ? [] : rivalFindings(gate.notWorse, tally, hasStable)),
    ...(gate.slices === undefined ? [] : [sliceFinding(gate.slices, tally.slices)]),
    ...(gate.bias === undefined ? [] : [biasFinding(gate.bias, tally.groups)]),
  ];
  const worst = tally.worst.map(({ line }) => line);
  return { ...decided(findings, together), ...(worst.length === 0 ? {} : { worstLines: worst }) };
}

function failureFinding(name: string, failures: GoldenTally['failures'], lines: number): Finding {
  const all = Object.entries(failures).sort(([, one], [, other]) => other.n - one.n);
  const value = all.reduce((sum, [, { n }]) => sum + n, 0);
  const causes = all.slice(0, 3).map(([why, { n, firstLine }]) => `${why}: ${n}, first at line ${firstLine}`);
  return {
    measure: { name, value, unit: 'lines', demanded: 'none', passed: value === 0, count: lines },
    words: value === 0 ? '' : `${value} of ${lines} ${name} (${causes.join('; ')})`,
  };
}

function meanFinding({ atLeast }: GoldenSetGate, sum: Sum): Finding {
  const name = 'mean score';
  const mean = meanOf(sum);
  const demanded = atLeast === undefined ? {} : { demanded: `at least ${figure(atLeast)}` };
  if (mean === undefined) {
    const measure: GateMeasure = { name, ...demanded, passed: atLeast === undefined, count: 0 };
    return { measure, words: 'no line has a score' };
  }
  const passed = atLeast === undefined || sum.micros >= Math.round(atLeast * 1e6) * sum.n;
  return {
    measure: { name, value: mean, ...demanded, passed, count: sum.n },
    words: `mean score ${figure(mean)} of ${many(sum.n, 'line')}${atLeast === undefined ? '' : `, at least ${figure(atLeast)} demanded`}${doubt(mean, sum.n, atLeast)}`,
  };
}

/** What so few lines cannot tell. */
function doubt(mean: number, n: number, threshold: number | undefined): string {
  if (threshold === undefined) return '';
  const { lower, upper } = meanInterval(mean, n);
  if (threshold < lower || threshold > upper) return '';
  return ` (${many(n, 'line')} cannot tell it from the threshold: 95 % interval ${figure(lower)} to ${figure(upper)})`;
}

function rivalFindings(
  { than, by }: NonNullable<GoldenSetGate['notWorse']>,
  { pairs, rivalFailures, lines }: GoldenTally,
  hasStable: boolean,
): Finding[] {
  const name = `mean score against ${than}`;
  if (than === 'stable' && !hasStable) {
    return [{ measure: { name, rival: { arm: than }, passed: true }, words: 'no stable release yet to compare with' }];
  }
  const demanded = `at most ${figure(by)} below ${than}`;
  const [mean, rival] = [meanOf(pairs.candidate), meanOf(pairs.rival)];
  const unanswered = failureFinding(`lines without a score of ${than}`, rivalFailures, lines);
  if (mean === undefined || rival === undefined) {
    const measure: GateMeasure = { name, rival: { arm: than }, demanded, passed: false, count: 0 };
    return [unanswered, { measure, words: `no line has a score of both the candidate and ${than}` }];
  }
  const passed = pairs.rival.micros - pairs.candidate.micros <= Math.round(by * 1e6) * pairs.rival.n;
  const measure: GateMeasure = { name, value: mean, rival: { arm: than, value: rival }, demanded, passed, count: pairs.candidate.n };
  const words = `mean score ${figure(mean)}, ${than}'s ${figure(rival)} on the same ${many(pairs.rival.n, 'line')}, ${demanded} demanded`;
  return [unanswered, { measure, words }];
}
