import type { DriftFinding } from '../../contracts';
import type { FeatureComparison } from '../judge/types';
import type { Skipped } from '../types';
import { chanceText, countText, distanceText, momentText, nameText, percentText, valueText } from './figures';
import type { FeatureStory } from './order';
import type { DriftReport } from './types';

/** Cells are markup already. */
function table(header: string[], rows: string[][], numbersFrom = header.length): string {
  const cellOf = (text: string, index: number): string => `<td${index >= numbersFrom ? ' class="number"' : ''}>${text}</td>`;
  const heads = header.map((text, index) => `<th scope="col"${index >= numbersFrom ? ' class="number"' : ''}>${text}</th>`);
  return `<div class="scroll"><table${header.length > 3 ? ' class="wide"' : ''}><thead><tr>${heads.join('')}</tr></thead><tbody>
${rows.map((row) => `<tr>${row.map(cellOf).join('')}</tr>`).join('\n')}
</tbody></table></div>`;
}

const section = (heading: string, body: string): string => `<section><h2>${heading}</h2>${body}</section>`;

/** Every feature in every window: how far it moved. */
export function featureTable({ windows }: DriftReport, stories: FeatureStory[]): string {
  if (stories.length === 0) return '';
  const header = ['feature', 'large from', ...windows.map(({ name }) => nameText(name, 40))];
  const rows = stories.map(({ name, seen }) => [
    nameText(name),
    distanceText(seen[0].feature.limit),
    ...windows.map((window) => figures(seen.find((one) => one.window === window)?.feature)),
  ]);
  const note =
    '<p class="reason">Distance: square root of the Jensen–Shannon divergence in bits, 0 to 1, less what chance alone gives. A feature drifts where the distance is large and chance hardly explains it: both, never one alone.</p>';
  return section('All features, all windows', note + table(header, rows, 1));
}

function figures(feature: FeatureComparison | undefined): string {
  if (feature?.compared !== true) return '–';
  const text = `${distanceText(feature.distance)}<small>${chanceText(feature.log10P)}</small>`;
  return feature.fired ? `<b class="broken">${text}</b>` : text;
}

/** All numeric features together: how badly the baseline's components describe a row. */
export function jointTable({ windows }: DriftReport): string {
  const rows = windows.flatMap(({ name, comparison }) => {
    const joint = comparison?.joint;
    if (joint === undefined) return [];
    const shift = `${joint.shift < 0 ? '−' : '+'}${Math.abs(joint.shift).toFixed(2)}`;
    return [
      [
        nameText(name, 40),
        joint.fired ? '<b class="broken">drifts</b>' : 'as before',
        valueText(joint.baselineMean),
        valueText(joint.windowMean),
        shift,
        valueText(joint.z),
      ],
    ];
  });
  if (rows.length === 0) return '';
  const note =
    '<p class="reason">Numbers can each look as before while their relation changes. The error that is left when a row is described by the principal components of the baseline shows it.</p>';
  return section(
    'Numbers together',
    note + table(['window', '', 'error in the baseline', 'now', 'shift in standard deviations', 'z'], rows, 2),
  );
}

/** Checks that fired, and records that show them. */
export function findingTable(report: DriftReport): string {
  const rows = report.windows.flatMap(({ name, window }) => window.findings.map((finding) => findingRow(name, finding)));
  if (rows.length === 0) return '';
  return section('What fired', table(['check', 'feature', 'window', 'what', 'records that show it'], rows));
}

const findingRow = (window: string, { check, feature, words, examples }: DriftFinding): string[] => [
  nameText(check.replaceAll('-', ' ')),
  nameText(feature),
  nameText(window, 40),
  nameText(words, 600),
  examples.length === 0 ? '–' : examples.map((id) => `<code>${nameText(id)}</code>`).join(' '),
];

export function qualityTable({ look }: DriftReport): string {
  const quality = look.quality ?? [];
  if (quality.length === 0) return '';
  const limitOf = (measure: string, limit: number | undefined): string =>
    limit === undefined ? 'none' : `${measure === 'mae' || measure === 'calibration-error' ? 'at most' : 'at least'} ${valueText(limit)}`;
  const rows = quality.map(({ measure, value, labels, limit, passed }) => [
    measure.replaceAll('-', ' '),
    passed ? 'held' : '<b class="broken">missed</b>',
    limitOf(measure, limit),
    valueText(value),
    countText(labels),
  ]);
  return section('Answers whose truth is known', table(['measure', 'limit held', 'limit', 'value', 'labelled answers'], rows, 3));
}

/** Rates of the favourable outcome by group, before and now. */
export function groupTable({ windows }: DriftReport): string {
  const rows = windows.flatMap(({ name, comparison }) =>
    (comparison?.groups ?? []).map((group) => [
      nameText(group.group),
      nameText(name, 40),
      group.fired ? '<b class="broken">drifts</b>' : 'as before',
      rateText(group.baseline),
      rateText(group.window),
      distanceText(group.distance),
    ]),
  );
  if (rows.length === 0) return '';
  const header = ['group', 'window', '', 'baseline', 'now', 'distance'];
  return section('Favourable outcomes by group', table(header, rows, 3));
}

const rateText = ({ count, rows }: { count: number; rows: number }): string =>
  rows === 0 ? '–' : `${percentText(count / rows)}<small>of ${countText(rows)}</small>`;

/** What could not be read: how often, why, and where the first of them stand. */
export function skippedTable(skipped: Skipped | undefined): string {
  const counts = Object.entries(skipped?.counts ?? {}).filter(([, count]) => count > 0);
  if (skipped === undefined || counts.length === 0) return '';
  const byCount = counts.sort(([, left], [, right]) => right - left).map(([problem, count]) => [nameText(problem, 300), countText(count)]);
  const samples = skipped.samples.map(({ place, problem }) => `<li><code>${nameText(place, 300)}</code> ${nameText(problem, 300)}</li>`);
  return section(
    'Records that were left out',
    table(['problem', 'records'], byCount, 1) +
      (samples.length === 0 ? '' : `<h3>The first of them</h3><ul class="words">${samples.join('')}</ul>`),
  );
}

export function muteTable({ mutes = [] }: DriftReport): string {
  if (mutes.length === 0) return '';
  const rows = mutes.map(({ feature, kind, until, reason, by }) => [
    feature === '*' ? 'all' : nameText(feature),
    kind === 'snooze' ? 'snoozed' : 'acknowledged',
    momentText(until),
    nameText(reason, 600),
    nameText(by),
  ]);
  return section('Known, and not told again', table(['feature', 'how', 'until', 'why', 'by'], rows));
}
