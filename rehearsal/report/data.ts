import { ARMS } from '../../core/contracts';
import type { RehearsalResult } from '../world/result';
import { COMBINED_EVIDENCE, type ReportSeries } from '../world/series';

/** What the report shows of one scenario: the result as `--json` prints it, and the series that the charts draw. */
export type ReportData = RehearsalResult & { series: ReportSeries };

type Problem = (path: string, allowed: string, given: unknown) => never;

const shown = (given: unknown): string => (given === undefined ? 'nothing' : (JSON.stringify(given)?.slice(0, 60) ?? String(given)));

/** Reports are also made from files: what is no rehearsal is refused with the place that is wrong. */
export function checkReportData(input: unknown): ReportData {
  const data = input as Partial<ReportData> | null;
  const scenario = typeof data?.scenario === 'string' ? data.scenario : '?';
  const problem: Problem = (path, allowed, given) => {
    throw new Error(`The report of scenario ${scenario} cannot be drawn: ${path} must be ${allowed}; given: ${shown(given)}.`);
  };
  if (typeof data !== 'object' || data === null) return problem('the result', 'an object', input);
  for (const name of ['useCase', 'scenario', 'outcome'] as const) if (typeof data[name] !== 'string') problem(name, 'a text', data[name]);
  for (const name of ['virtualSeconds', 'wallSeconds', 'seed'] as const) checkNumber(problem, name, data[name]);
  for (const name of ['releases', 'timeline', 'invariants', 'expectations'] as const) checkList(problem, name, data[name]);
  for (const name of ['requests', 'kpiEvents', 'iam', 'series'] as const)
    if (typeof data[name] !== 'object' || data[name] === null) problem(name, 'an object', data[name]);
  checkSeries(problem, data.series!);
  return data as ReportData;
}

function checkSeries(problem: Problem, series: ReportSeries): void {
  checkPoints(problem, 'series.share', series.share, ARMS);
  checkNumber(problem, 'series.log10Threshold', series.log10Threshold);
  checkList(problem, 'series.evidence', series.evidence);
  series.evidence.forEach(({ name, points }, index) => {
    if (index === 0 ? name !== COMBINED_EVIDENCE : typeof name !== 'string')
      problem(`series.evidence[${index}].name`, index === 0 ? `"${COMBINED_EVIDENCE}"` : 'a text', name);
    checkPoints(problem, `series.evidence[${index}].points`, points, ['log10']);
  });
  checkList(problem, 'series.kpis', series.kpis);
  series.kpis.forEach((kpi, index) => {
    const path = `series.kpis[${index}]`;
    if (typeof kpi.name !== 'string') problem(`${path}.name`, 'a text', kpi.name);
    for (const arm of ARMS) checkPoints(problem, `${path}.byArm.${arm}`, kpi.byArm?.[arm], ['n', 'x']);
  });
}

function checkPoints(problem: Problem, path: string, points: unknown, members: string[]): void {
  checkList(problem, path, points);
  let last = Number.NEGATIVE_INFINITY;
  (points as Record<string, unknown>[]).forEach((point, index) => {
    for (const member of ['t', ...members]) checkNumber(problem, `${path}[${index}].${member}`, point?.[member]);
    const t = point.t as number;
    if (t < last) problem(`${path}[${index}].t`, `at least ${last}: points are in order of time`, t);
    last = t;
  });
}

function checkList(problem: Problem, path: string, value: unknown): void {
  if (!Array.isArray(value)) problem(path, 'a list', value);
}

function checkNumber(problem: Problem, path: string, value: unknown): void {
  if (typeof value !== 'number' || !Number.isFinite(value)) problem(path, 'a finite number', value);
}
