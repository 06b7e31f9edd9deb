import pc from 'picocolors';
import type { Progress } from '../world/job';
import type { RehearsalResult } from '../world/result';
import { COMBINED_EVIDENCE, type EvidenceSeries, type ReportSeries } from '../world/series';
import { broken, clockText, countText, evidenceText, isTurn, percentText, sentence, verdictText } from './words';

const BLOCKS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const CHART_COLUMNS = 48;
const BAR_COLUMNS = 16;

type Colours = ReturnType<typeof pc.createColors>;

/** Colours only on a terminal, and never where NO_COLOR asks for none. */
const coloursFor = (stream: { isTTY?: boolean }): Colours => pc.createColors(stream.isTTY === true && !process.env.NO_COLOR);

const bar = (share: number): string => {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * BAR_COLUMNS);
  return '█'.repeat(filled) + '░'.repeat(BAR_COLUMNS - filled);
};

/** Where a running scenario stands, in one line. */
export function progressLine(progress: Progress, colours: Colours = coloursFor(process.stderr)): string {
  const { scenarioName, t, ofSeconds, requests, candidateShare, log10Evidence, log10Threshold } = progress;
  const parts = [
    `${colours.bold(scenarioName)} ${colours.dim(bar(t / ofSeconds))} ${clockText(t)} of ${clockText(ofSeconds)}`,
    `${countText(requests)} requests`,
    `candidate ${percentText(candidateShare)}`,
  ];
  // What was measured last says nothing any more once the candidate is off.
  if (candidateShare > 0 && log10Evidence !== undefined && log10Threshold !== undefined) {
    const evidence = `evidence ${evidenceText(log10Evidence)} of ${evidenceText(log10Threshold)}`;
    parts.push(log10Evidence >= log10Threshold ? colours.red(evidence) : evidence);
  }
  return parts.join('  ');
}

export interface TimelineOptions {
  /** With them the evidence is drawn against its threshold. */
  series?: ReportSeries;
  colours?: boolean;
}

/** One scenario for the terminal: verdict, share and evidence over time, what happened when, and what held. */
export function timelineText(result: RehearsalResult, options: TimelineOptions = {}): string {
  const colours = options.colours === undefined ? coloursFor(process.stdout) : pc.createColors(options.colours);
  const sections = [
    heading(result, colours),
    charts(result, options.series, colours),
    turns(result, colours),
    holdoutLines(result, colours),
    verdicts(result, colours),
  ].filter((lines) => lines.length > 0);
  return sections.map((lines) => lines.join('\n')).join('\n\n');
}

function heading(result: RehearsalResult, colours: Colours): string[] {
  const ok = broken(result).length === 0;
  const lines = [
    `${ok ? colours.green('✓') : colours.red('✗')} ${colours.bold(`${result.useCase} · ${result.scenario}`)}  ${result.title ?? ''}`,
  ];
  lines.push(`  ${verdictText(result)}`);
  const reason = result.releases.at(-1)?.reason;
  if (reason !== undefined) lines.push(`  ${colours.dim(reason)}`);
  return lines;
}

function charts(result: RehearsalResult, series: ReportSeries | undefined, colours: Colours): string[] {
  const { virtualSeconds } = result;
  const share = stepped(
    result.traffic.map(({ t, candidateShare }) => ({ t, value: candidateShare })),
    virtualSeconds,
  );
  const most = Math.max(0, ...result.traffic.map(({ candidateShare }) => candidateShare));
  const evidence = (series?.evidence ?? []).map((line) => ({
    ...line,
    label: line.name === COMBINED_EVIDENCE ? 'evidence' : `· ${line.name}`,
  }));
  const width = Math.max('candidate share'.length, ...evidence.map(({ label }) => label.length));
  const lines = [`  ${'candidate share'.padEnd(width)} │${colours.yellow(blocks(share, 1))}│ at most ${percentText(most)}`];
  for (const line of evidence)
    lines.push(`  ${line.label.padEnd(width)} │${evidenceChart(line, series!.log10Threshold, virtualSeconds, colours)}`);
  lines.push(`  ${''.padEnd(width)} └${'─'.repeat(CHART_COLUMNS)}┘`);
  const end = clockText(virtualSeconds);
  lines.push(`  ${''.padEnd(width)}  0:00${end.padStart(CHART_COLUMNS - 4)}  hours`);
  return lines;
}

/** Full height is the threshold: a full block means that the evidence reached it. Only that of all KPIs together decides. */
function evidenceChart({ name, points }: EvidenceSeries, log10Threshold: number, virtualSeconds: number, colours: Colours): string {
  const values = points.map(({ t, log10 }) => ({ t, value: Math.max(0, log10) }));
  const drawn = blocks(stepped(values, virtualSeconds, virtualSeconds / CHART_COLUMNS), log10Threshold);
  if (points.length === 0) return `${drawn}│ none measured`;
  const highest = points.reduce((most, { log10 }) => Math.max(most, log10), Number.NEGATIVE_INFINITY);
  const most = `at most ${evidenceText(highest)}`;
  if (name !== COMBINED_EVIDENCE) return `${colours.dim(drawn)}│ ${colours.dim(most)}`;
  const against = `${most}, threshold ${evidenceText(log10Threshold)}`;
  return highest >= log10Threshold ? `${colours.red(drawn)}│ ${colours.red(against)}` : `${colours.cyan(drawn)}│ ${against}`;
}

/** The largest value within each column; a value lasts until the next one, and not longer than `lastsSeconds`. */
function stepped(points: { t: number; value: number }[], endSeconds: number, lastsSeconds = endSeconds): number[] {
  const columns = new Array<number>(CHART_COLUMNS).fill(0);
  points.forEach(({ t, value }, index) => {
    const next = Math.min(points[index + 1]?.t ?? endSeconds, t + lastsSeconds);
    const first = Math.floor((Math.max(0, t) / endSeconds) * CHART_COLUMNS);
    const last = Math.ceil((Math.min(next, endSeconds) / endSeconds) * CHART_COLUMNS) - 1;
    for (let column = first; column <= Math.min(last, CHART_COLUMNS - 1); column += 1) columns[column] = Math.max(columns[column]!, value);
  });
  return columns;
}

/** Anything above zero shows at least the lowest block. */
function blocks(values: number[], full: number): string {
  const top = BLOCKS.length - 1;
  return values.map((value) => BLOCKS[value <= 0 ? 0 : Math.min(top, Math.max(1, Math.floor((value / full) * top)))]).join('');
}

function turns(result: RehearsalResult, colours: Colours): string[] {
  const told = result.timeline.filter((entry) => isTurn(entry) && entry.t >= 0);
  const width = Math.max(4, ...told.map(({ t }) => clockText(t).length));
  return told.map((entry) => `  ${colours.dim(clockText(entry.t).padStart(width))}  ${sentence(entry, result.releases)}`);
}

/** What the last daily look at the holdout said. */
function holdoutLines({ holdout }: RehearsalResult, colours: Colours): string[] {
  if (holdout === undefined) return [];
  const met = ({ state, words }: { state: string; words: string }): string => (state === 'met' ? colours.red(words) : words);
  return [
    `  ${colours.bold(`Beside the baseline, on ${holdout.day}`)}`,
    ...holdout.kpis.map(({ words }) => `  ${words}`),
    ...holdout.criteria.map((criterion) => `  ${met(criterion)}`),
  ];
}

function verdicts(result: RehearsalResult, colours: Colours): string[] {
  const mark = (held: boolean): string => (held ? colours.green('✓') : colours.red('✗'));
  const lines = result.expectations.map(
    ({ text, held, seen }) => `  ${mark(held)} ${text}${held || seen === undefined ? '' : `, but: ${seen}`}`,
  );
  const failed = result.invariants.filter(({ held }) => !held);
  if (failed.length === 0) lines.push(`  ${mark(true)} all ${result.invariants.length} invariants held`);
  for (const { name, violations } of failed) lines.push(`  ${mark(false)} ${name}: ${violations?.[0] ?? 'broken'}`);
  return lines;
}
