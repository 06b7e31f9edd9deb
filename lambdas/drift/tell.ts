import type { DriftEvent, DriftFinding, DriftLook, DriftState, Notification } from '../../core/contracts';
import type { Notice, NoticeEvent } from '../../core/drift/look/telling';
import type { DriftParts } from './parts';

/** An event holds 256 KB, a look of many features more. */
const MOST_FINDINGS = 20;
const MOST_EXAMPLES = 5;

const SEVERITY: Record<NoticeEvent, Notification['severity']> = {
  DriftDetected: 'warning',
  DriftBrokenInput: 'warning',
  DriftNoData: 'warning',
  DriftEnded: 'info',
};

/** The owner's role, and with it the process owner. */
export async function tell(
  { useCase, notify }: DriftParts,
  owner: string,
  look: DriftLook,
  loud: DriftState,
  notice: Notice,
): Promise<void> {
  const { releaseId, hour, reportUri } = look;
  const state = notice.event === 'DriftBrokenInput' ? 'broken-input' : loud;
  const facts: DriftEvent = {
    useCase,
    ...(releaseId === undefined ? {} : { releaseId }),
    hour,
    state,
    findings: shortened(notice.findings),
    ...(reportUri === undefined ? {} : { reportUri }),
  };
  await notify({
    event: notice.event,
    severity: SEVERITY[notice.event],
    roles: [owner],
    subject: notice.subject,
    runbook: 'drift',
    ...(releaseId === undefined ? {} : { releaseId }),
    facts: { ...facts },
  });
}

export const shortened = (findings: DriftFinding[], most = MOST_FINDINGS): DriftFinding[] =>
  findings.slice(0, most).map((finding) => ({ ...finding, examples: finding.examples.slice(0, MOST_EXAMPLES) }));

/** As the ledger keeps it: an item holds 400 KB. The whole look lies in the bucket. */
export const shortenedLook = (look: DriftLook): DriftLook => ({
  ...look,
  windows: look.windows.map((window) => ({ ...window, findings: shortened(window.findings) })),
});

export const shortenedNotice = (notice: Notice): Notice => ({ ...notice, findings: shortened(notice.findings) });
