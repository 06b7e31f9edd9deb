import { orderWords } from '../cost/text';
import type { OwedApproval } from './approvals';
import type { Status } from './status';
import { clock, listed, principal, since, span, until } from './words';

/** The verdict looks each minute; its workflow gives up after five. */
const SILENT_AFTER_MINUTES = 10;
/** The workflow ends a rollback window by the minute. */
const OVERDUE_AFTER_MINUTES = 30;
const MINUTE_MILLIS = 60_000;

/** What needs somebody, most urgent first; each says what to do. */
export function attentionTo(status: Status, nowMillis: number): string[] {
  const { mode, killed, approvals, killCriteria, reviewBy } = status;
  return [
    ...(mode === 'none' ? ['nothing is deployed yet: cdk deploy writes the first record'] : []),
    ...(killed === undefined ? [] : [killedWords(killed, nowMillis)]),
    ...incidents(status, nowMillis),
    ...silentVerdict(status, nowMillis),
    ...overdueWindow(status, nowMillis),
    ...(status.costs === undefined ? [] : orderWords(status.costs, nowMillis)),
    ...approvals.map((approval) => owed(approval, nowMillis)),
    ...killCriteria
      .filter(({ state }) => state === 'met')
      .map(({ words }) => `kill criterion met: ${words} – sluice kill, or change the charter`),
    ...(status.costs?.criteria ?? [])
      .filter(({ met }) => met)
      .map(({ words }) => `kill criterion met: ${words} – sluice kill, or change the charter`),
    ...(reviewBy?.overdue === true ? [`the use case was to be reviewed by ${reviewBy.day}: review it and set charter.reviewBy anew`] : []),
  ];
}

function killedWords({ since: from, by, reason }: NonNullable<Status['killed']>, nowMillis: number): string {
  const who = by === undefined ? '' : ` by ${principal(by)}`;
  const why = reason === undefined ? '' : `: ${reason}`;
  return `kill switch on since ${since(from, nowMillis)}${who}${why} – sluice revive --reason "…"`;
}

/** One that somebody looks after, and that has recovered, can wait. */
function incidents({ incidents: open }: Status, nowMillis: number): string[] {
  return open
    .filter(({ status, recoveredAt }) => status === 'open' || recoveredAt === undefined)
    .map(({ id, kind, status, openedAt, recoveredAt, reason }) => {
      const waits = kind === 'budget' ? 'its order stands' : 'traffic is not safe yet';
      const state = recoveredAt === undefined ? waits : `traffic was safe again at ${clock(recoveredAt)}`;
      const next = status === 'open' ? `sluice incident acknowledge ${id}` : 'acknowledged';
      return `incident ${id} since ${since(openedAt, nowMillis)}: ${reason}; ${state} – ${next}`;
    });
}

function silentVerdict({ candidate }: Status, nowMillis: number): string[] {
  const { step, verdict } = candidate ?? {};
  if (step === undefined) return [];
  const heard = verdict?.at ?? step.openedAt;
  const silent = nowMillis - Date.parse(heard);
  return silent < SILENT_AFTER_MINUTES * MINUTE_MILLIS
    ? []
    : [`the verdict has not looked at ${candidate?.releaseId} for ${span(silent)}: sluice rollback --reason "…" takes it off traffic`];
}

function overdueWindow({ rollbackWindow }: Status, nowMillis: number): string[] {
  if (rollbackWindow === undefined || nowMillis < Date.parse(rollbackWindow.until) + OVERDUE_AFTER_MINUTES * MINUTE_MILLIS) return [];
  return [
    `the rollback window ended at ${clock(rollbackWindow.until)}, and ${rollbackWindow.releaseId} is still on the endpoint and billed`,
  ];
}

function owed({ releaseId, kind, approvals, needed, undecided, escalatedTo, deadline }: OwedApproval, nowMillis: number): string {
  const who = [listed(undecided), ...(escalatedTo.length === 0 ? [] : [`${listed(escalatedTo)} may stand in`])].join('; ');
  const what = kind === 'release' ? 'waits for approval' : 'was inconclusive and waits for a decision';
  return `${releaseId} ${what} by ${who} (${approvals} of ${needed}) until ${until(deadline, nowMillis)} – sluice approve --release ${releaseId}`;
}
