import type pc from 'picocolors';
import type { BacktestResult } from '../../core/backtest';
import { percent } from '../../core/verdict';
import { countText } from '../../rehearsal/report/figures';
import {
  clock,
  decisionText,
  effectText,
  headline,
  levels,
  looksText,
  minutesText,
  policyText,
  rowLines,
  shortMoment,
  suggestionLines,
} from './words';

type Colours = ReturnType<typeof pc.createColors>;

const LABEL_COLUMNS = 11;

/** A backtest for the terminal. */
export function backtestText(result: BacktestResult, colours: Colours): string {
  const { history, policy, verdict } = result;
  const paint = { promote: colours.green, 'roll-back': colours.red, hold: colours.yellow, continue: colours.yellow }[verdict.decision];
  return [
    ...labelled(colours, 'history', [
      `${clock(history.from)} to ${clock(history.to)} (${minutesText(history.minutes)}), ${looksText(history)}`,
      `candidate ${history.candidate.name}: ${countText(history.candidate.units)} units; control ${history.control.name} (“stable”): ${countText(history.control.units)}`,
      ...rowLines(result),
    ]),
    ...labelled(colours, 'policy', [policySentence(policy), ...result.kpis.map((kpi) => `${kpi.policy.name}: ${policyText(kpi)}`)]),
    ...labelled(colours, 'verdict', [paint(colours.bold(headline(result))), verdict.reason]),
    '',
    ...kpiTable(result),
    '',
    ...marginTable(result),
    '',
    ...result.kpis.flatMap((kpi) => [`${kpi.policy.name}:`, ...suggestionLines(kpi).map((line) => `  ${line}`)]),
  ].join('\n');
}

function policySentence({
  rollbackAlpha,
  promotionAlpha,
  stratumMinutes,
  bakeMinutes,
  maxDurationMinutes,
  share,
}: BacktestResult['policy']): string {
  const alpha =
    rollbackAlpha === promotionAlpha
      ? `alpha ${percent(rollbackAlpha)}`
      : `alpha ${percent(rollbackAlpha)} for rollback, ${percent(promotionAlpha)} for promotion`;
  const parts = [alpha, `units compared within ${stratumMinutes} min`];
  if (bakeMinutes > 0) parts.push(`no promotion before ${minutesText(bakeMinutes)}`);
  if (maxDurationMinutes !== undefined) parts.push(`undecided after ${minutesText(maxDurationMinutes)}`);
  parts.push(share === undefined ? 'sample ratio not checked (--share)' : `sample ratio checked against ${percent(share)}`);
  return parts.join(', ');
}

function labelled(colours: Colours, label: string, lines: string[]): string[] {
  return lines.map((line, index) => (index === 0 ? colours.dim(label.padEnd(LABEL_COLUMNS)) : ' '.repeat(LABEL_COLUMNS)) + line);
}

function kpiTable({ kpis, verdict, policy }: BacktestResult): string[] {
  const confidence = percent(1 - policy.rollbackAlpha);
  const header = ['KPI', 'candidate', 'control', `ratio (${confidence})`, 'harm proven', 'no worse proven'];
  const rows = kpis.map((kpi) => {
    const { candidate, control } = levels(kpi);
    const mark = kpi.policy.name === verdict.culprit ? ' ←' : '';
    return [kpi.policy.name + mark, candidate, control, effectText(kpi), shortMoment(kpi.harmfulAt), shortMoment(kpi.passedAt)];
  });
  return columns([header, ...rows]);
}

function marginTable({ margins }: BacktestResult): string[] {
  const names = margins[0]?.kpis.map(({ name }) => name) ?? [];
  const header = ['margin', ...names.map((name) => `${name} passes`), 'decision'];
  const rows = margins.map(({ margin, kpis, decision, at }) => [
    margin === undefined ? 'declared' : percent(margin),
    ...kpis.map(({ passedAt }) => shortMoment(passedAt)),
    at === undefined ? decisionText(decision) : `${decisionText(decision)}: ${shortMoment(at)}`,
  ]);
  return columns([header, ...rows]);
}

function columns(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => [...(row[column] ?? '')].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - [...cell].length))
      .join('  ')
      .trimEnd(),
  );
}
