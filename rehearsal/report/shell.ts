import { readFileSync } from 'node:fs';
import path from 'node:path';
import { escapeHtml } from './escape';

/** Script and style of the page: uPlot and what draws with it, in one piece each. */
export interface PageAssets {
  script: string;
  style: string;
}

/** Beside the command's own bundle, where the build puts them. */
export function builtAssets(): PageAssets {
  const read = (name: string): string => readFileSync(path.join(__dirname, name), 'utf8');
  return { script: read('report-page.js'), style: read('report-page.css') };
}

export interface Page {
  title: string;
  kicker: string;
  headline: string;
  /** HTML, as the others are text. */
  main: string;
  footer: string;
  style: string;
  /** What draws the charts, and JSON of what they show. */
  script?: { data: string; code: string };
}

/** One self-contained page. */
export function pageText({ title, kicker, headline: words, main, footer, style, script }: Page): string {
  const scripts =
    script === undefined
      ? ''
      : `<script type="application/json" id="rehearsals">${script.data}</script>
<script>${script.code.replaceAll('</script', '<\\/script')}</script>
`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${style.replaceAll('</style', '<\\/style')}</style>
</head>
<body>
<header>
<p class="kicker">${escapeHtml(kicker)}</p>
<h1>${escapeHtml(words)}</h1>
</header>
<main>
${main}
</main>
<footer>${escapeHtml(footer)}</footer>
${scripts}</body>
</html>
`;
}

/** How all scenarios of a page went. */
export function headline(succeeded: readonly boolean[]): string {
  const failed = succeeded.filter((one) => !one).length;
  if (succeeded.length === 1) return failed === 0 ? 'Everything went as expected' : 'Not as expected';
  return failed === 0
    ? `All ${succeeded.length} scenarios went as expected`
    : `${failed} of ${succeeded.length} scenarios did not go as expected`;
}

export const markCell = (ok: boolean): string =>
  `<td class="mark ${ok ? 'held' : 'broken'}">${ok ? '✓' : '✗'}<span class="hidden">${ok ? 'as expected' : 'not as expected'}</span></td>`;

/** One row for each scenario, below headings that follow the one of the mark. */
export const overviewTable = (headings: string, rows: readonly string[]): string => `<div class="scroll"><table class="overview">
<thead><tr><th></th>${headings}</tr></thead>
<tbody>${rows.join('\n')}</tbody>
</table></div>`;
