import type { Severity } from '../contracts';

/** What the event bus carries of a notification, as far as a chat shows it. */
export interface Announced {
  useCase: string;
  severity: Severity;
  roles: string[];
  subject: string;
  /** Address of the page that says what to do. */
  runbook?: string;
  reason?: unknown;
  deadline?: unknown;
  decide?: unknown;
}

const LONGEST = 2_000;
const LABELS: Record<Severity, string> = { info: 'info', warning: 'warning', page: 'PAGE' };

/** Plain text, which every chat's incoming webhook takes as `{ "text": … }`. */
export function chatText({ useCase, severity, roles, subject, runbook, reason, deadline, decide }: Announced): string {
  const lines = [
    `[${LABELS[severity]}] ${useCase}: ${subject}`,
    ...(typeof reason === 'string' && !subject.includes(reason) ? [reason] : []),
    ...(roles.length === 0 ? [] : [`for: ${roles.join(', ')}`]),
    ...(typeof deadline === 'string' ? [`until: ${deadline}`] : []),
    ...(typeof decide === 'string' ? [`to decide: ${decide}`] : []),
  ];
  const foot = runbook === undefined ? '' : `\nWhat to do: ${runbook}`;
  return `${lines.join('\n').slice(0, LONGEST - foot.length)}${foot}`;
}
