import { ARMS, type Arm } from '../../core/contracts';
import type { ReportData } from './data';
import { escapeHtml } from './escape';
import { checkColumns, checkItem, permissions, problemList, tileList, timelineTable } from './parts';
import { broken, countText, durationText, isTurn, percentText, sentence, verdictText } from './words';

const chart = (kind: string, scenario: number, title: string, note: string, kpi?: number): string =>
  `<figure><figcaption><h3>${title}</h3><p>${note}</p></figcaption>
<div class="chart" role="group" aria-label="chart: ${title}" data-chart="${kind}" data-scenario="${scenario}"${kpi === undefined ? '' : ` data-kpi="${kpi}"`}></div></figure>`;

export function scenarioSection(data: ReportData, index: number): string {
  const ok = broken(data).length === 0;
  const reason = data.releases.at(-1)?.reason;
  return `<section id="${escapeHtml(data.scenario)}">
<h2>${escapeHtml(data.scenario)} <span class="pill ${ok ? 'held' : 'broken'}">${ok ? 'as expected' : 'not as expected'}</span></h2>
${data.title === undefined ? '' : `<p class="title">${escapeHtml(data.title)}</p>`}
<p class="verdict">${escapeHtml(verdictText(data))}</p>
${reason === undefined ? '' : `<p class="reason">${escapeHtml(reason)}</p>`}
${problemList(broken(data))}
${tiles(data)}
<div class="charts">
${chart('share', index, 'Who answers', 'Share of units by arm, as the control record has it. Marked: every change of the traffic, drift, retraining.')}
${chart('evidence', index, 'Evidence for rolling back', 'E-values on a log axis, while a canary was open. The strong line, all KPIs together, decides: at the threshold the candidate goes.')}
${data.series.kpis.map((kpi, number) => kpiChart(kpi, index, number)).join('\n')}
</div>
${requests(data)}
${besideBaseline(data)}
${driftAtEnd(data)}
${timeline(data)}
${checks(data)}
</section>`;
}

function kpiChart({ name, better, target, mean }: ReportData['series']['kpis'][number], scenario: number, index: number): string {
  const aim = target === undefined ? '' : `, target ${mean === true ? target : percentText(target)}`;
  const what = mean === true ? 'Mean over the units of the last 3 h' : 'Share of the units of the last 3 h with this outcome';
  const note = `${what}, by time of exposure; ${better} is better${aim}. Drawn from 10 units on.`;
  return chart('kpi', scenario, escapeHtml(name), note, index);
}

function tiles(data: ReportData): string {
  const { requests: sent, kpiEvents } = data;
  const shown: [string, string, string][] = [
    ['requests', countText(sent.total), sent.failed === 0 ? 'none failed' : `${countText(sent.failed)} failed`],
    ['answered by the candidate', countText(sent.byArm.candidate), sent.total === 0 ? '' : percentText(sent.byArm.candidate / sent.total)],
    ['KPI events counted', countText(kpiEvents.counted), `of ${countText(kpiEvents.sent)} sent`],
    ['virtual time', durationText(data.virtualSeconds), `in ${data.wallSeconds.toFixed(1)} s, seed ${data.seed}`],
  ];
  return tileList(shown);
}

function requests(data: ReportData): string {
  const { byArm, total } = data.requests;
  const row = (arm: Arm): string => {
    const share = total === 0 ? 0 : byArm[arm] / total;
    return `<tr><th scope="row">${arm}</th><td class="bar"><span class="${arm}" style="width:${(share * 100).toFixed(2)}%"></span></td>
<td class="number">${countText(byArm[arm])}</td><td class="number">${percentText(share)}</td></tr>`;
  };
  return `<h3>Requests by arm</h3><table class="bars"><tbody>${ARMS.map(row).join('')}</tbody></table>`;
}

/** What the last daily review of the holdout said. */
function besideBaseline({ holdout }: ReportData): string {
  if (holdout === undefined) return '';
  const criterion = ({ state, words }: { state: string; words: string }): string =>
    `<li${state === 'met' ? ' class="broken"' : ''}>${escapeHtml(words)}</li>`;
  const lines = [...holdout.kpis.map(({ words }) => `<li>${escapeHtml(words)}</li>`), ...holdout.criteria.map(criterion)];
  return `<h3>Beside the baseline, on ${escapeHtml(holdout.day)}</h3><ul class="notes">${lines.join('')}</ul>`;
}

/** What the last look at drift said, and what became of retraining. */
function driftAtEnd({ drift, retrainings = [] }: ReportData): string {
  const runs = retrainings.map(
    ({ id, trigger, status, reason }) => `<li>retraining run ${escapeHtml(id)}, for ${trigger}: ${status}. ${escapeHtml(reason)}</li>`,
  );
  if (drift === undefined && runs.length === 0) return '';
  const look =
    drift === undefined ? [] : [`<li${drift.state === 'ok' ? '' : ' class="broken"'}>${drift.state}: ${escapeHtml(drift.reason)}</li>`];
  return `<h3>Drift and retraining</h3><ul class="notes">${[...look, ...runs].join('')}</ul>`;
}

const timeline = (data: ReportData): string =>
  timelineTable(
    data.timeline.filter(({ t }) => t >= 0),
    { isTurn, words: (entry) => sentence(entry, data.releases), machinery: 'the machinery: stacks, endpoints, locks' },
  );

function checks(data: ReportData): string {
  const expectations = data.expectations.map(({ text, held, seen }) =>
    checkItem(held, held || seen === undefined ? text : `${text}, but: ${seen}`),
  );
  const invariants = data.invariants.map(({ name, held, violations }) =>
    checkItem(held, held ? name : `${name}: ${(violations ?? ['broken']).join('; ')}`),
  );
  return `${checkColumns({ Expectations: expectations, Invariants: invariants })}
${permissions(data.iam)}`;
}
