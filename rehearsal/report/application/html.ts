import type { ApplicationRehearsal } from '../../application/result';
import { applicationText } from '../../application/terminal';
import { escapeHtml } from '../escape';

/** One page about all rehearsals; it asks for nothing from outside. */
export function renderApplicationReport(rehearsals: readonly ApplicationRehearsal[]): string {
  const texts = rehearsals.map((rehearsal) => `<pre>${escapeHtml(applicationText(rehearsal, { colours: false }))}</pre>`);
  return `<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Rehearsal</title>\n${texts.join('\n')}\n</html>\n`;
}
