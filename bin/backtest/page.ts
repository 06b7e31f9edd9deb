import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { BacktestResult, KpiResult, MarginOutcome } from '../../core/backtest';
import { percent } from '../../core/verdict';
import { escapeHtml } from '../../rehearsal/report/escape';
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

/** Script and style of the page, in one piece each. */
export interface PageAssets {
  script: string;
  style: string;
}

/** Beside the command's own bundle, where the build puts them. */
function builtAssets(): PageAssets {
  const read = (name: string): string => readFileSync(path.join(__dirname, name), 'utf8');
  return { script: read('backtest-page.js'), style: read('backtest-page.css') };
}

/** One self-contained page about one backtest. */
export function renderBacktest(result: BacktestResult, file: string, assets: PageAssets = builtAssets()): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(file)}: backtest</title>
<style>${assets.style.replaceAll('</style', '<\\/style')}</style>
</head>
<body>
<header>
<p class="kicker">Sluice backtest · ${escapeHtml(file)}</p>
<h1>${escapeHtml(title(result))}</h1>
</header>
<main>
<section>
<h2>${bound(headline(result))}</h2>
<p class="reason">${escapeHtml(result.verdict.reason)}</p>
${tiles(result)}
<div class="charts">
${chart('evidence', 'Evidence of harm', 'E-values on a log axis. The strong line, all KPIs together, decides: at the threshold the candidate is rolled back.')}
${chart('promotion', 'Evidence of being no worse', 'For each KPI, from minutes whose outcomes are all in. Promotion needs every line above the threshold.')}
${chart('units', 'Exposed units', 'How many units had met each arm by then.')}
</div>
${kpiTable(result)}
${marginTable(result.margins)}
${suggestions(result.kpis)}
${rows(result)}
</section>
</main>
<footer>What the policy would have decided from these rows alone. Guarantees hold for the alpha above, however often one looks. Charts by uPlot (MIT).</footer>
<script type="application/json" id="backtest">${embedded(result)}</script>
<script>${assets.script.replaceAll('</script', '<\\/script')}</script>
</body>
</html>
`;
}

const TITLES: Record<MarginOutcome['decision'], string> = {
  promote: 'It would have been promoted',
  'roll-back': 'It would have been rolled back',
  hold: 'It would have been held for a person',
  continue: 'The history ends before a decision',
};

const title = ({ verdict }: BacktestResult): string => TITLES[verdict.decision];

const chart = (kind: string, name: string, note: string): string =>
  `<figure class="${kind}"><figcaption><h3>${name}</h3><p>${note}</p></figcaption>
<div class="chart" role="group" aria-label="chart: ${name}" data-chart="${kind}"></div></figure>`;

function tiles({ history, policy, verdict }: BacktestResult): string {
  const shown: [string, string, string][] = [
    ['history', minutesText(history.minutes), `${clock(history.from)} to ${clock(history.to)}`],
    [
      `candidate: ${history.candidate.name}`,
      countText(history.candidate.units),
      `control ${history.control.name} (“stable”): ${countText(history.control.units)}`,
    ],
    ['exposed at the decision', countText(verdict.candidateUnits), 'candidate units'],
    ['alpha', percent(policy.rollbackAlpha), `${looksText(history)}, units compared within ${policy.stratumMinutes} min`],
  ];
  return `<dl class="tiles">${shown
    .map(
      ([label, value, note]) => `<div><dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}<small>${escapeHtml(note)}</small></dd></div>`,
    )
    .join('')}</dl>`;
}

/** A figure stays with its unit. */
const bound = (text: string): string => escapeHtml(text).replaceAll(/(\d) (%|h|min|units|ms)(?!\w)/g, '$1\u00a0$2');
const cell = (text: string): string => `<td>${bound(text)}</td>`;

function table(heading: string, header: string[], body: string[][]): string {
  return `<h3>${heading}</h3>
<div class="scroll"><table><thead><tr>${header.map((text) => `<th>${escapeHtml(text)}</th>`).join('')}</tr></thead>
<tbody>${body.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('\n')}</tbody></table></div>`;
}

function kpiTable({ kpis, policy }: BacktestResult): string {
  const header = [
    'KPI',
    'policy',
    'candidate',
    'control',
    `ratio (${percent(1 - policy.rollbackAlpha)})`,
    'harm proven',
    'no worse proven',
  ];
  const body = kpis.map((kpi) => {
    const { candidate, control } = levels(kpi);
    return [kpi.policy.name, policyText(kpi), candidate, control, effectText(kpi), shortMoment(kpi.harmfulAt), shortMoment(kpi.passedAt)];
  });
  return table('KPIs, at the end of the history', header, body);
}

function marginTable(margins: MarginOutcome[]): string {
  const names = margins[0]?.kpis.map(({ name }) => name) ?? [];
  const body = margins.map(({ margin, kpis, decision, at }) => [
    margin === undefined ? 'declared' : percent(margin),
    ...kpis.map(({ passedAt }) => shortMoment(passedAt)),
    decisionText(decision),
    at === undefined ? '–' : shortMoment(at),
  ]);
  return table('Other margins', ['margin', ...names.map((name) => `${name} passes`), 'decision', 'when'], body);
}

function suggestions(kpis: KpiResult[]): string {
  const items = kpis.map(
    (kpi) =>
      `<dt>${escapeHtml(kpi.policy.name)}</dt><dd><ul>${suggestionLines(kpi)
        .map((line) => `<li>${escapeHtml(line)}</li>`)
        .join('')}</ul></dd>`,
  );
  return `<h3>What the history suggests</h3><dl class="suggestions">${items.join('')}</dl>`;
}

function rows(result: BacktestResult): string {
  const lines = rowLines(result);
  if (lines.length === 0) return '';
  return `<h3>Rows that were not counted as they stand</h3><ul class="rows">${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>`;
}

/** Only what the charts need. No text in it can end the script element. */
function embedded({ series, verdict, history, kpis }: BacktestResult): string {
  const at = verdict.minutes === undefined ? undefined : { minutes: verdict.minutes, label: decisionText(verdict.decision) };
  const data = {
    series,
    at,
    arms: [history.candidate.name, history.control.name],
    windowMinutes: kpis.map(({ policy }) => policy.windowMinutes),
  };
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}
