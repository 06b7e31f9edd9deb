import type { DriftState } from '../../contracts';
import { cardOf } from './cards';
import { countText, momentText, nameText } from './figures';
import { storiesOf, type FeatureStory } from './order';
import { STYLE } from './style';
import { featureTable, findingTable, groupTable, jointTable, muteTable, qualityTable, skippedTable } from './tables';
import type { DriftReport, DriftReportWindow } from './types';

/** Beyond, features are in the table alone. */
const MOST_CARDS = 40;

export const STATE_WORDS: Record<DriftState, string> = {
  ok: 'no drift',
  drifting: 'drifting',
  'no-data': 'no data',
  'not-enough-data': 'not enough data',
  'broken-input': 'broken input',
};

/** One self-contained page without scripts: what moved, in pictures; then the figures. */
export function renderDriftReport(report: DriftReport): string {
  const stories = storiesOf(report);
  const title = `${nameText(report.title)}: ${STATE_WORDS[report.look.state]}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<p class="kicker">${kicker(report)}</p>
<h1>${headline(report)}</h1>
<p class="verdict">${pill(report.look.state)} ${nameText(report.look.reason, 2000)}</p>
</header>
<main>
${tiles(report.windows)}
${cards(report, stories)}
${qualityTable(report)}
${groupTable(report)}
${jointTable(report)}
${findingTable(report)}
${featureTable(report, stories)}
${skippedTable(report.skipped)}
${muteTable(report)}
</main>
<footer>${footer(report)}</footer>
</body>
</html>
`;
}

function kicker({ title, look }: DriftReport): string {
  const release = look.releaseId === undefined ? [] : [`release ${nameText(look.releaseId)}`];
  return ['Sluice drift', nameText(title, 400), ...release, ...(look.at === undefined ? [] : [momentText(look.at)])].join(' · ');
}

function headline({ look, windows }: DriftReport): string {
  if (look.state !== 'drifting') {
    const words = STATE_WORDS[look.state];
    return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  }
  const names = [...new Set(windows.flatMap(({ window }) => window.findings.map(({ feature }) => feature)))];
  const [first, second, third, ...others] = names.map((name) => nameText(name, 60));
  if (first === undefined) return 'Drift';
  if (second === undefined) return `${first} drifts`;
  if (third === undefined) return `${first} and ${second} drift`;
  return others.length === 0 ? `${first}, ${second} and ${third} drift` : `${first}, ${second} and ${others.length + 1} more drift`;
}

function pill(state: DriftState): string {
  const kind = state === 'ok' ? ' held' : state === 'drifting' || state === 'broken-input' ? ' broken' : '';
  return `<span class="pill${kind}">${STATE_WORDS[state]}</span>`;
}

function tiles(windows: DriftReportWindow[]): string {
  const shown = windows.map(({ name, window }) => {
    const broken = window.broken === 0 ? '' : `, ${countText(window.broken)} unreadable`;
    return `<div><dt>${nameText(name)}</dt><dd>${pill(window.state)}<small>${countText(window.rows)} rows${broken}</small></dd></div>`;
  });
  return shown.length === 0 ? '' : `<dl class="tiles">${shown.join('')}</dl>`;
}

function cards({ baseline }: DriftReport, stories: FeatureStory[]): string {
  if (baseline === undefined) return '<p class="nothing">There is no baseline yet: nothing to compare with.</p>';
  if (stories.length === 0) return '<p class="nothing">No rows to draw.</p>';
  const shown = stories.slice(0, MOST_CARDS).map((story) => cardOf(story));
  const hidden = stories.length - shown.length;
  return `<div class="cards">${shown.join('\n')}</div>${hidden > 0 ? `<p class="reason">${countText(hidden)} more features, which moved less, are in the table below.</p>` : ''}`;
}

function footer({ baseline, notes = [] }: DriftReport): string {
  const lines = [...(baseline === undefined ? [] : [sourceText(baseline)]), ...notes.map((note) => nameText(note, 2000))];
  const drawn = 'In pictures of numbers the outermost cells hold everything beyond; cells are those of the baseline.';
  return [...lines, drawn].map((line) => `<p>${line}</p>`).join('');
}

function sourceText({ source, profile }: NonNullable<DriftReport['baseline']>): string {
  const times = source.from === undefined || source.to === undefined ? [] : [`${momentText(source.from)} to ${momentText(source.to)}`];
  const parts = [
    nameText(source.kind.replaceAll('-', ' ')),
    `${countText(profile.rows)} rows`,
    ...(source.uri === undefined ? [] : [nameText(source.uri, 400)]),
    ...times,
    ...(source.sha256 === undefined ? [] : [`SHA-256 ${nameText(source.sha256)}`]),
  ];
  return `Baseline: ${parts.join(', ')}.`;
}
