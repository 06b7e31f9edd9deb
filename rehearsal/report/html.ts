import { checkReportData, type ReportData } from './data';
import { scenarioSection } from './sections';
import { broken, countText, outcomeText } from './words';
import { escapeHtml } from './escape';
import { builtAssets, headline, markCell, overviewTable, pageText, type PageAssets } from './shell';

export type { PageAssets };

/** One self-contained page about one or several scenarios. */
export function renderReport(rehearsals: ReportData | ReportData[], assets: PageAssets = builtAssets()): string {
  const scenarios = (Array.isArray(rehearsals) ? rehearsals : [rehearsals]).map(checkReportData);
  const [first] = scenarios;
  if (first === undefined) throw new Error('A report needs at least one scenario; given: none. Rehearse one first.');
  return pageText({
    title: `${first.useCase}: rehearsal`,
    kicker: `Sluice rehearsal · ${first.useCase}`,
    headline: headline(scenarios.map((scenario) => broken(scenario).length === 0)),
    main: [scenarios.length > 1 ? overview(scenarios) : '', ...scenarios.map(scenarioSection)].join('\n'),
    footer:
      'Virtual time throughout: the synthesized template and the bundled handlers ran on a laptop. The same folder, scenario and seed give the same report. Charts by uPlot (MIT).',
    style: assets.style,
    script: { data: embedded(scenarios), code: assets.script },
  });
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
    const { byArm, total } = scenario.requests;
    return `<tr>
${markCell(broken(scenario).length === 0)}
<td><a href="#${escapeHtml(scenario.scenario)}">${escapeHtml(scenario.scenario)}</a></td>
<td>${escapeHtml(outcomeText(scenario.outcome))}</td>
<td class="number">${countText(byArm.candidate)} of ${countText(total)}</td>
</tr>`;
  });
  return overviewTable('<th>Scenario</th><th>Outcome</th><th class="number">Requests to the candidate</th>', rows);
}
