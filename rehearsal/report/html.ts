import { readFileSync } from 'node:fs';
import path from 'node:path';
import { checkReportData, type ReportData } from './data';
import { scenarioSection } from './sections';
import { broken, countText, outcomeText } from './words';
import { escapeHtml } from './escape';

/** Script and style of the page: uPlot and what draws with it, in one piece each. */
export interface PageAssets {
  script: string;
  style: string;
}

/** Beside the command's own bundle, where the build puts them. */
function builtAssets(): PageAssets {
  const read = (name: string): string => readFileSync(path.join(__dirname, name), 'utf8');
  return { script: read('report-page.js'), style: read('report-page.css') };
}

/** One self-contained page about one or several scenarios. */
export function renderReport(rehearsals: ReportData | ReportData[], assets: PageAssets = builtAssets()): string {
  const scenarios = (Array.isArray(rehearsals) ? rehearsals : [rehearsals]).map(checkReportData);
  const [first] = scenarios;
  if (first === undefined) throw new Error('A report needs at least one scenario; given: none. Rehearse one first.');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(first.useCase)}: rehearsal</title>
<style>${assets.style.replaceAll('</style', '<\\/style')}</style>
</head>
<body>
<header>
<p class="kicker">Sluice rehearsal · ${escapeHtml(first.useCase)}</p>
<h1>${escapeHtml(headline(scenarios))}</h1>
</header>
<main>
${scenarios.length > 1 ? overview(scenarios) : ''}
${scenarios.map(scenarioSection).join('\n')}
</main>
<footer>Virtual time throughout: the synthesized template and the bundled handlers ran on a laptop. The same folder, scenario and seed give the same report. Charts by uPlot (MIT).</footer>
<script type="application/json" id="rehearsals">${embedded(scenarios)}</script>
<script>${assets.script.replaceAll('</script', '<\\/script')}</script>
</body>
</html>
`;
}

function headline(scenarios: ReportData[]): string {
  const failed = scenarios.filter((scenario) => broken(scenario).length > 0);
  if (scenarios.length === 1) return failed.length === 0 ? 'Everything went as expected' : 'Not as expected';
  return failed.length === 0
    ? `All ${scenarios.length} scenarios went as expected`
    : `${failed.length} of ${scenarios.length} scenarios did not go as expected`;
}

/** Whose events the charts mark. */
const MARKED = new Set(['control', 'drift', 'retraining']);

/** Only what the charts need. No text in it can end the script element. */
function embedded(scenarios: ReportData[]): string {
  const data = scenarios.map(({ virtualSeconds, series, timeline }) => ({
    virtualSeconds,
    series,
    turns: timeline
      .filter(({ source, t }) => MARKED.has(source) && t >= 0)
      .map(({ t, event, detail }) => ({ t, event, weight: detail.weight })),
  }));
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}

function overview(scenarios: ReportData[]): string {
  const rows = scenarios.map((scenario) => {
    const ok = broken(scenario).length === 0;
    const { byArm, total } = scenario.requests;
    return `<tr>
<td class="mark ${ok ? 'held' : 'broken'}">${ok ? '✓' : '✗'}<span class="hidden">${ok ? 'as expected' : 'not as expected'}</span></td>
<td><a href="#${escapeHtml(scenario.scenario)}">${escapeHtml(scenario.scenario)}</a></td>
<td>${escapeHtml(outcomeText(scenario.outcome))}</td>
<td class="number">${countText(byArm.candidate)} of ${countText(total)}</td>
</tr>`;
  });
  return `<div class="scroll"><table class="overview">
<thead><tr><th></th><th>Scenario</th><th>Outcome</th><th class="number">Requests to the candidate</th></tr></thead>
<tbody>${rows.join('\n')}</tbody>
</table></div>`;
}
