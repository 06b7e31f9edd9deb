import type { ReleaseResult, RehearsalResult } from '../world/result';
import type { TimelineEntry } from '../world/timeline';

const NARROW_SPACE = '\u202f';

/** 8630 → `8 630`. */
export const countText = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE);

/** 0.05 → `5 %`. */
export const percentText = (share: number): string => {
  const percent = share * 100;
  const digits = percent === 0 || percent >= 10 ? 0 : percent >= 1 ? 1 : 2;
  return `${Number(percent.toFixed(digits))}${NARROW_SPACE}%`;
};

/** Hours and minutes since the start: `5:41`; before it `−1:20`. */
export function clockText(seconds: number): string {
  const minutes = Math.floor(Math.abs(seconds) / 60);
  return `${seconds < 0 ? '−' : ''}${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}

export function durationText(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** log10 of evidence → `26`, `3.2 × 10⁴`. */
export function evidenceText(log10: number): string {
  if (log10 >= -2 && log10 < 4) return String(Number((10 ** log10).toPrecision(2)));
  return `10^${Number(log10.toFixed(1))}`;
}

const OUTCOMES: Record<string, string> = {
  promoted: 'Promoted',
  'rolled-back': 'Rolled back',
  rejected: 'Rejected',
  held: 'Held: it waits for people',
  superseded: 'Superseded by a newer release',
  withdrawn: 'Withdrawn',
  killed: 'Killed',
  none: 'No release ended',
};

export const outcomeText = (outcome: string): string => OUTCOMES[outcome] ?? outcome;

const tookText = (release: ReleaseResult): string =>
  release.endedAtSeconds === undefined ? '' : ` after ${durationText(release.endedAtSeconds - release.startedAtSeconds)}`;

/** What happened, in one or two sentences. */
export function verdictText(result: RehearsalResult): string {
  const release = result.releases.at(-1);
  const { total, byArm } = result.requests;
  const answered = `The candidate answered ${countText(byArm.candidate)} of ${countText(total)} requests`;
  const share = total === 0 || byArm.candidate === 0 ? '' : ` (${percentText(byArm.candidate / total)})`;
  if (release === undefined) return `${outcomeText('none')}. ${answered}${share}.`;
  const stage = /^canary:(.+)$/.exec(release.stage ?? '')?.[1];
  const where = stage === undefined ? '' : `, at ${percentText(Number(stage))} of the traffic`;
  const culprit = release.culprit === undefined ? '' : `; ${release.culprit} tipped the verdict`;
  return `${outcomeText(result.outcome)}${tookText(release)}${where}${culprit}. ${answered}${share}.`;
}

/** Expectations and invariants that did not hold, in words. */
export function broken(result: RehearsalResult): string[] {
  return [
    ...result.expectations.filter(({ held }) => !held).map(({ text, seen }) => (seen === undefined ? text : `${text}, but: ${seen}`)),
    ...result.invariants.filter(({ held }) => !held).map(({ name, violations }) => `${name}: ${violations?.[0] ?? 'broken'}`),
  ];
}

type Detail = Record<string, unknown>;

const text = (value: unknown): string => (typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value));
const because = (detail: Detail): string => (text(detail.reason) === '' ? '' : `: ${text(detail.reason)}`);
const by = (detail: Detail): string => {
  const who = text(detail.by ?? detail.as ?? detail.role);
  return who === '' ? '' : ` by ${who.split('/').at(-1)!}`;
};
/** `alarm:x`, an IAM principal, or the workflow, which also carries out what the verdict decides. */
function decider(detail: Detail, releases: readonly ReleaseResult[]): string {
  const who = text(detail.by);
  // Its name is in the reason.
  if (who.startsWith('alarm:')) return 'an alarm';
  if (who !== 'workflow') return who === '' ? 'someone' : who.split('/').at(-1)!;
  const byVerdict = releases.some(({ reason, culprit }) => culprit !== undefined && reason === detail.reason);
  return byVerdict ? 'the verdict' : 'the release workflow';
}

const rest = (detail: Detail): string =>
  Object.entries(detail)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${text(value)}`)
    .join(', ');

function faultText(detail: Detail): string {
  const what = { ...detail };
  delete what.at;
  if (what.start !== undefined) return `fault: ${text(what.function)} starts cold`;
  if (what.function !== undefined) return `fault: ${text(what.function)} fails (${text(what.error)})`;
  if (what.operation !== undefined) {
    const how = what.error === undefined ? 'answers slowly' : what.error === 'timeout' ? 'does not answer' : `answers ${text(what.error)}`;
    return `fault: ${text(what.service)} ${text(what.operation)} ${how}`;
  }
  return `fault: ${rest(what)}`;
}

const SENTENCES: Record<string, (detail: Detail, releases: readonly ReleaseResult[]) => string> = {
  'control locked': (detail) => `the release takes the lock${because(detail)}`,
  'control unlocked': (detail) => `the release gives the lock back${because(detail)}`,
  'control dark': (detail) => `candidate ${text(detail.candidate)} stands on the endpoint, without traffic`,
  'control weight': (detail) => `candidate ${text(detail.candidate)} gets ${percentText(Number(detail.weight))} of the units`,
  'control promoted': (detail) => `${text(detail.stable)} is promoted: it is stable now${because(detail)}`,
  'control candidate-removed': (detail, releases) => `${decider(detail, releases)} takes the candidate off the traffic${because(detail)}`,
  'control killed': (detail) => `kill switch on${by(detail)}${because(detail)}`,
  'control revived': (detail) => `kill switch off${by(detail)}${because(detail)}`,
  'control changed': (detail) => `the control record changes${by(detail)}${because(detail)}`,
  'people deploys': () => 'cdk deploy',
  'people approve': (detail) => `${text(detail.role)} approves${detail.comment === undefined ? '' : `: ${text(detail.comment)}`}`,
  'people reject': (detail) => `${text(detail.role)} rejects${detail.comment === undefined ? '' : `: ${text(detail.comment)}`}`,
  'people refused': (detail) => `${text(detail.role)} is refused ${text(detail.path)}: ${text(detail.answer)}`,
  'people not-deployed': (detail) => `${text(detail.role)} finds nothing deployed to send ${text(detail.path)} to`,
  'fault begins': faultText,
  'alarm state-changed': (detail) => `alarm ${text(detail.alarmName)} is ${text(detail.state)}${because(detail)}`,
  'alarm action-failed': (detail) => `alarm ${text(detail.alarmName)} could not run ${text(detail.action)}: ${text(detail.error)}`,
  'sagemaker endpoint-status': (detail) => {
    const towards = detail.pendingConfigName === undefined ? '' : ` towards ${text(detail.pendingConfigName)}`;
    const why = detail.failureReason === undefined ? '' : `: ${text(detail.failureReason)}`;
    return `endpoint ${text(detail.endpointName)} is ${text(detail.status)}${towards === '' ? `, config ${text(detail.endpointConfigName)}` : towards}${why}`;
  },
  'sagemaker endpoint-deleted': (detail) => `endpoint ${text(detail.endpointName)} is deleted`,
};

/** One entry of the timeline, as a person would say it; the releases tell what ended them. */
export function sentence({ source, event, detail }: TimelineEntry, releases: readonly ReleaseResult[] = []): string {
  const known = SENTENCES[`${source} ${event}`];
  if (known !== undefined) return known(detail, releases);
  if (source === 'cloudformation') return `stack ${text(detail.stack)} ${event.toLowerCase().replaceAll('_', ' ')}${because(detail)}`;
  if (event.startsWith('asks-for-')) return `${text(detail.as)} asks for ${event.slice('asks-for-'.length)}${because(detail)}`;
  if (source === 'people') return `${text(detail.role)}: ${event}${because(detail)}`;
  const facts = rest(detail);
  return `${source} ${event.replaceAll('-', ' ')}${facts === '' ? '' : `: ${facts}`}`;
}

const TURNS = new Set(['dark', 'weight', 'promoted', 'candidate-removed', 'killed', 'revived']);

/** What a reader should not miss; the rest is machinery. */
export function isTurn({ source, event, detail }: TimelineEntry): boolean {
  if (source === 'control') return TURNS.has(event);
  if (source === 'alarm') return detail.state === 'ALARM' || event === 'action-failed';
  return source === 'people' || source === 'fault' || source === 'rehearsal';
}
