import type { BacktestResult, KpiResult, MarginOutcome, Moment } from '../../core/backtest';
import { figure, percent } from '../../core/verdict';
import { countText, durationText } from '../../rehearsal/report/figures';

export const minutesText = (minutes: number): string => durationText(minutes * 60);

const DECISIONS: Record<MarginOutcome['decision'], string> = {
  promote: 'promoted',
  'roll-back': 'rolled back',
  hold: 'held for a person',
  continue: 'undecided',
};

export const decisionText = (decision: MarginOutcome['decision']): string => DECISIONS[decision];

/** `2026-03-02 09:05 UTC`. */
export const clock = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;

/** `after 3 h 20 min and 1 145 candidate units`. */
export const momentText = ({ minutes, candidateUnits }: Moment): string =>
  `after ${minutesText(minutes)} and ${countText(candidateUnits)} candidate units`;

export const shortMoment = (moment: Moment | undefined): string =>
  moment === undefined ? 'never' : `${minutesText(moment.minutes)}, ${countText(moment.candidateUnits)} units`;

/** The verdict in one sentence. */
export function headline({ verdict, history }: BacktestResult): string {
  const { decision, at, minutes, candidateUnits } = verdict;
  if (at === undefined || minutes === undefined) {
    return `undecided: the history ends after ${minutesText(history.minutes)} and ${countText(candidateUnits)} candidate units`;
  }
  return `${decisionText(decision)} at ${clock(at)}, ${momentText({ minutes, candidateUnits })}`;
}

/** `1 441 looks`, or how many of all moments were looked at. */
export const looksText = ({ looks, moments }: BacktestResult['history']): string =>
  looks >= moments ? `${countText(looks)} looks` : `${countText(looks)} looks at ${countText(moments)} moments`;

const isValue = ({ policy }: KpiResult): boolean => policy.type === 'mean' || policy.type === 'count';

/** What both arms showed at the end of the history. */
export function levels(kpi: KpiResult): { candidate: string; control: string } {
  const { candidateMean, controlMean, candidateUnits, candidateEvents, controlUnits, controlEvents } = kpi.evidence;
  if (isValue(kpi)) {
    const mean = (value: number | undefined): string => (value === undefined ? '–' : figure(value));
    return { candidate: mean(candidateMean), control: mean(controlMean) };
  }
  const rate = (events: number, units: number): string => (units === 0 ? '–' : percent(events / units));
  return { candidate: rate(candidateEvents, candidateUnits), control: rate(controlEvents, controlUnits) };
}

/** `0.79 (0.68 to 0.93)`. */
export function effectText({ interval }: KpiResult): string {
  if (interval === undefined) return '–';
  const { low, estimate, high } = interval.ratio;
  return `${figure(estimate)} (${figure(low)} to ${Number.isFinite(high) ? figure(high) : '∞'})`;
}

/** `conversion binary, higher is better, margin 20 %`. */
export function policyText({ policy, fromHistory }: KpiResult): string {
  const { type, better, margin, cap, typical, aboveMillis, windowMinutes } = policy;
  const parts = [type, `${better} is better`, `margin ${percent(margin)}`];
  if (aboveMillis !== undefined) parts.push(`slower than ${figure(aboveMillis)} ms`);
  if (cap !== undefined) parts.push(`cap ${figure(cap)}`);
  if (typical !== undefined) parts.push(`typical ${figure(typical.mean)} ± ${figure(typical.standardDeviation)}`);
  if (windowMinutes > 0) parts.push(`window ${minutesText(windowMinutes)}`);
  return fromHistory.length === 0 ? parts.join(', ') : `${parts.join(', ')} (${fromHistory.join(', ')} from this history)`;
}

/** What to declare, and what it takes. One line each. */
export function suggestionLines(kpi: KpiResult): string[] {
  const { cap, typical, aboveMillis, baseRate, unitsNeeded, hoursNeeded, passedMargins, worstCase } = kpi.suggestion;
  const lines: string[] = [];
  if (cap !== undefined && typical !== undefined) {
    lines.push(
      `declare cap: ${cap} and typical: { mean: ${typical.mean}, deviation: ${typical.standardDeviation} } (99.5 % quantile, mean and deviation of the control)`,
    );
  }
  if (aboveMillis !== undefined) lines.push(`declare above: ${aboveMillis} (the control's 95th percentile, in ms)`);
  if (unitsNeeded !== undefined) {
    const rate = baseRate === undefined ? '' : `base rate ${percent(baseRate)}: `;
    const hours = hoursNeeded === undefined ? '' : `, about ${figure(hoursNeeded)} h at this traffic and split`;
    lines.push(
      `${rate}a verdict at the margin of ${percent(kpi.policy.margin)} takes about ${countText(2 * unitsNeeded)} units in each arm of a half-and-half split${hours}`,
    );
  } else if (baseRate !== undefined) lines.push(`base rate ${percent(baseRate)}`);
  lines.push(
    `margins that would have passed: ${passedMargins.length === 0 ? 'none of those tried' : passedMargins.map(percent).join(', ')}`,
  );
  if (worstCase !== undefined) lines.push(worstCaseText(worstCase));
  return lines;
}

const worstCaseText = (worstCase: number): string =>
  worstCase >= 0
    ? `all of the history together: worse by at most ${percent(worstCase)}`
    : `all of the history together: better by at least ${percent(-worstCase)}`;

/** What of the rows was not counted as it stands. */
export function rowLines(result: BacktestResult): string[] {
  const { rows } = result.history;
  const lines: [number, string][] = [
    [rows.otherArms, 'of other arms'],
    [rows.otherKpis, 'of other KPIs'],
    [rows.crossedOver, 'of units that were in the other arm before: counted there'],
  ];
  const outcomes: [number, string][] = [
    [rows.late, 'outcomes observed after their window: not counted, as in production'],
    [rows.repeated, 'further outcomes of a unit that has one: the first stands'],
  ];
  const said = lines.filter(([count]) => count > 0).map(([count, what]) => `${countText(count)} rows ${what}`);
  said.push(...outcomes.filter(([count]) => count > 0).map(([count, what]) => `${countText(count)} ${what}`));
  said.push(...assumptions(result));
  if (rows.bad > 0) {
    said.push(`${countText(rows.bad)} of ${countText(rows.read)} rows cannot be used, such as:`);
    said.push(...rows.badSamples.map(({ line, problem }) => `  line ${line}: ${problem}`));
  }
  return said;
}

/** What had to be assumed of columns that were not named. */
function assumptions({ history, kpis }: BacktestResult): string[] {
  const said: string[] = [];
  const units = [...new Set(kpis.map(({ policy }) => policy.unit))].filter((unit) => unit !== 'request');
  if (history.unitColumn === undefined && units.length > 0) {
    said.push(`each row is taken for a ${units.join(' or ')} of its own: --unit-column says otherwise`);
  }
  const early = kpis.filter(({ policy }) => !policy.delayDependsOnArm && policy.windowMinutes > 0).map(({ policy }) => policy.name);
  if (history.observedColumn === undefined && early.length > 0) {
    said.push(`outcomes of ${early.join(', ')} are taken as seen at once: with --observed-column as late as they came`);
  }
  return said;
}
