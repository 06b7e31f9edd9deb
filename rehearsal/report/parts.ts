import type { IamReport } from '../cloud/types';
import type { TimelineEntry } from '../world/timeline';
import { escapeHtml } from './escape';
import { clockText } from './figures';

/** Pieces of a page that every report has. */

export const problemList = (problems: readonly string[]): string =>
  problems.length === 0 ? '' : `<ul class="problems">${problems.map((problem) => `<li>${escapeHtml(problem)}</li>`).join('')}</ul>`;

/** Label, figure and a note below it. */
export const tileList = (tiles: readonly [string, string, string][]): string =>
  `<dl class="tiles">${tiles.map(([label, value, note]) => `<div><dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}<small>${escapeHtml(note)}</small></dd></div>`).join('')}</dl>`;

export interface TimelineWords {
  isTurn: (entry: TimelineEntry) => boolean;
  words: (entry: TimelineEntry) => string;
  /** What a click adds. */
  machinery: string;
}

export function timelineTable(entries: readonly TimelineEntry[], { isTurn, words, machinery }: TimelineWords): string {
  const rows = entries.map((entry) => {
    const kind = isTurn(entry) ? 'turn' : 'machinery';
    return `<tr class="${kind}"><td class="number">${clockText(entry.t)}</td><td>${escapeHtml(entry.source)}</td><td>${escapeHtml(words(entry))}</td></tr>`;
  });
  if (rows.length === 0) return '<h3>Timeline</h3><p>Nothing happened.</p>';
  return `<h3>Timeline</h3>
<label class="toggle"><input type="checkbox"> show ${machinery}</label>
<div class="scroll"><table class="timeline"><thead><tr><th class="number">h:mm</th><th>Who</th><th>What</th></tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`;
}

export const checkItem = (held: boolean, text: string): string =>
  `<li class="${held ? 'held' : 'broken'}"><span class="mark">${held ? '✓' : '✗'}</span><span class="hidden">${held ? 'held: ' : 'did not hold: '}</span>${escapeHtml(text)}</li>`;

/** What the scenario expects, and what holds in every rehearsal, side by side. */
export const checkColumns = (columns: Record<string, readonly string[]>): string => `<div class="checks">
${Object.entries(columns)
  .map(
    ([heading, items]) =>
      `<div><h3>${heading}</h3>${items.length === 0 ? '<p>The scenario states none.</p>' : `<ul>${items.join('')}</ul>`}</div>`,
  )
  .join('\n')}
</div>`;

export function permissions({ denied, unused, notJudged = [] }: IamReport): string {
  const rows = (kind: string, list: readonly { role: string; action: string; resource: string }[]): string =>
    list
      .map(
        ({ role, action, resource }) =>
          `<tr><td>${kind}</td><td>${escapeHtml(role)}</td><td>${escapeHtml(action)}</td><td>${escapeHtml(resource)}</td></tr>`,
      )
      .join('');
  if (denied.length + unused.length + notJudged.length === 0) return '';
  return `<details><summary>Permissions: ${denied.length} denied, ${unused.length} never used, ${notJudged.length} that a rehearsal cannot judge</summary>
<div class="scroll"><table><thead><tr><th></th><th>Role</th><th>Action</th><th>Resource</th></tr></thead><tbody>${rows('denied', denied)}${rows('unused', unused)}${rows('not judged', notJudged)}</tbody></table></div></details>`;
}
