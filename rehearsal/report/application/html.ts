import { applicationSucceeded, type ApplicationRehearsal } from '../../application/result';
import { escapeHtml } from '../escape';
import { builtAssets, headline, markCell, overviewTable, pageText } from '../shell';
import { countText } from '../words';
import { applicationSection } from './sections';

const FOOTER =
  'Virtual time throughout: the synthesized templates and the application’s own functions ran on a laptop. The same assembly, scenario and seed give the same report.';

/** One self-contained page about one or several scenarios of an application: it asks for nothing from outside, and runs no script. */
export function renderApplicationReport(rehearsals: readonly ApplicationRehearsal[], style: string = builtAssets().style): string {
  const [first] = rehearsals;
  if (first === undefined) throw new Error('A report needs at least one scenario; given: none. Rehearse one first.');
  const { application } = first.result;
  return pageText({
    title: `${application}: rehearsal`,
    kicker: `Sluice rehearsal · ${application}`,
    headline: headline(rehearsals.map(({ result }) => applicationSucceeded(result))),
    main: [rehearsals.length > 1 ? overview(rehearsals) : '', ...rehearsals.map(applicationSection)].join('\n'),
    footer: FOOTER,
    style,
  });
}

function overview(rehearsals: readonly ApplicationRehearsal[]): string {
  const rows = rehearsals.map(({ result }) => {
    const { scenario, title, inputs, inputsLeftOut = 0, executions } = result;
    return `<tr>
${markCell(applicationSucceeded(result))}
<td><a href="#${escapeHtml(scenario)}">${escapeHtml(scenario)}</a><small>${escapeHtml(title)}</small></td>
<td class="number">${countText(inputs.length + inputsLeftOut)}</td>
<td class="number">${countText(executions.length)}</td>
</tr>`;
  });
  return overviewTable('<th>Scenario</th><th class="number">Inputs</th><th class="number">Executions</th>', rows);
}
