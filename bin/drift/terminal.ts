import type { DriftFinding, DriftState } from '../../core/contracts';
import type { FeatureComparison } from '../../core/drift/judge';
import { chanceText, countText, distanceText, percentText, STATE_WORDS } from '../../core/drift/report';
import type { Skipped } from '../../core/drift/types';
import type { ComparedWindow } from './compare';
import type { LocalBaseline } from './baseline';
import type { Watched } from './policy';

export interface Colours {
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  bold(text: string): string;
  dim(text: string): string;
}

const BAR_SIGNS = 16;
const MOST_FEATURES = 25;
const MOST_FINDINGS = 5;
const NAME_SIGNS = 32;

/** All of it in words and small bars, the farthest first. */
export function driftText(
  result: { state: DriftState; reason: string; windows: ComparedWindow[]; local: LocalBaseline; watched: Watched },
  colours: Colours,
): string {
  const { state, reason, windows, local, watched } = result;
  return [
    `${stateText(state, colours)}: ${reason}`,
    '',
    baselineLine(local),
    ...watchedLines(watched),
    ...windows.flatMap((window) => ['', ...windowLines(window, colours)]),
    ...skippedLines('baseline', local.skipped),
    ...windows.flatMap(({ name, skipped }) => skippedLines(name, skipped)),
    ...noteLines([...local.notes, ...windows.flatMap(({ notes }) => notes)]),
  ].join('\n');
}

function stateText(state: DriftState, colours: Colours): string {
  const words = colours.bold(STATE_WORDS[state]);
  if (state === 'ok') return colours.green(words);
  return state === 'drifting' || state === 'broken-input' ? colours.red(words) : colours.yellow(words);
}

function baselineLine({ baseline: { source, profile }, rows }: LocalBaseline): string {
  const times = source.from === undefined || source.to === undefined ? '' : `, ${source.from.slice(0, 16)} to ${source.to.slice(0, 16)}`;
  const sampled = profile.rows < rows ? ` (${countText(profile.rows)} of them sampled)` : '';
  return `baseline  ${source.uri ?? source.kind}: ${rowsText(rows)}${sampled}${times}`;
}

const rowsText = (rows: number): string => (rows === 1 ? '1 row' : `${countText(rows)} rows`);

export function watchedLines({ policy, inferred, leftOut }: Watched): string[] {
  const features = policy.features.map(({ name, kind }) => `${name} (${kind})`).join(', ');
  const left = leftOut.map(({ name, reason }) => `${name} ${reason}`).join(', ');
  return [
    `watched   ${inferred ? 'inferred from the baseline: ' : 'as the charter says: '}${features}`,
    ...(left === '' ? [] : [`left out  ${left}`]),
  ];
}

function windowLines({ name, from, to, window, comparison }: ComparedWindow, colours: Colours): string[] {
  const times = from === undefined || to === undefined ? '' : `, ${from.slice(0, 16)} to ${to.slice(0, 16)}`;
  const why = window.reason === undefined ? '' : ` (${window.reason})`;
  const head = `${colours.bold(name)}  ${rowsText(window.rows)}${times}: ${stateText(window.state, colours)}${why}`;
  const features = [...(comparison?.features ?? [])].sort((left, right) => order(right) - order(left));
  const width = Math.min(NAME_SIGNS, Math.max(0, ...features.map((feature) => feature.name.length)));
  const hidden = features.length - MOST_FEATURES;
  return [
    head,
    ...features.slice(0, MOST_FEATURES).map((feature) => featureLine(feature, width, colours)),
    ...(hidden > 0 ? [colours.dim(`  and ${hidden} more that moved less`)] : []),
    ...window.findings.slice(0, MOST_FINDINGS).flatMap((finding) => findingLines(finding)),
    ...(window.findings.length > MOST_FINDINGS
      ? [colours.dim(`  and ${window.findings.length - MOST_FINDINGS} more: --report or --json`)]
      : []),
  ];
}

const order = ({ distance, limit, checks }: FeatureComparison): number => distance / limit + (checks.length > 0 ? 1000 : 0);

function featureLine(feature: FeatureComparison, width: number, colours: Colours): string {
  const { name, compared, distance, limit, log10P, checks, missing } = feature;
  const label = (name.length > width ? `${name.slice(0, width - 1)}…` : name).padEnd(width);
  const fired = checks.length > 0;
  const gone = missing.fired ? `missing ${percentText(missing.window.count / Math.max(1, missing.window.rows))}` : '';
  const others = checks.filter((check) => check !== 'distribution' && check !== 'missing').map((check) => check.replaceAll('-', ' '));
  const figures = compared
    ? `${bar(distance, limit)} ${distanceText(distance)} of ${limit}  ${chanceText(log10P)}`
    : `${' '.repeat(BAR_SIGNS)} not compared`;
  const line = `  ${label}  ${figures}${[gone, ...others]
    .filter((text) => text !== '')
    .map((text) => `  ${text}`)
    .join('')}`;
  return fired ? colours.red(line) : line;
}

/** Half of the bar is the limit. */
function bar(distance: number, limit: number): string {
  const signs = Math.min(BAR_SIGNS, Math.round((distance / limit) * (BAR_SIGNS / 2)));
  return `${'█'.repeat(signs)}${'░'.repeat(BAR_SIGNS - signs)}`;
}

const findingLines = ({ words, examples }: DriftFinding): string[] => [
  `  ! ${words}`,
  ...(examples.length === 0 ? [] : [`    see ${examples.join(', ')}`]),
];

function skippedLines(name: string, { counts, samples }: Skipped): string[] {
  const entries = Object.entries(counts).filter(([, count]) => count > 0);
  if (entries.length === 0) return [];
  return [
    '',
    `left out of ${name}:`,
    ...entries.map(([problem, count]) => `  ${countText(count)} × ${problem}`),
    ...samples.slice(0, 3).map(({ place, problem }) => `  such as ${place}: ${problem}`),
  ];
}

const noteLines = (notes: string[]): string[] => (notes.length === 0 ? [] : ['', ...notes]);
