import type { ReleaseResult, RehearsalResult } from '../world/result';
import type { TimelineEntry } from '../world/timeline';
import { because, lastPart, text, type Detail } from './detail-text';
import { countText, durationText, percentText } from './figures';
import { SERVICE_SENTENCES } from './service-words';

export { clockText, countText, durationText, evidenceText, percentText } from './figures';

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
  const window = release.stage === 'rollback-window' ? ', within its rollback window' : '';
  const culprit = release.culprit === undefined ? '' : `; ${release.culprit} tipped the verdict`;
  return `${outcomeText(result.outcome)}${tookText(release)}${where}${window}${culprit}. ${answered}${share}.`;
}

/** Expectations and invariants that did not hold, in words. */
export function broken(result: RehearsalResult): string[] {
  return [
    ...result.expectations.filter(({ held }) => !held).map(({ text, seen }) => (seen === undefined ? text : `${text}, but: ${seen}`)),
    ...result.invariants.filter(({ held }) => !held).map(({ name, violations }) => `${name}: ${violations?.[0] ?? 'broken'}`),
  ];
}

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
  if (what.capture !== undefined) return 'fault: disks are full, data capture stops';
  if (what.start !== undefined) return `fault: ${text(what.function)} starts cold`;
  if (what.function !== undefined) return `fault: ${text(what.function)} fails (${text(what.error)})`;
  if (what.operation !== undefined) {
    const how = what.error === undefined ? 'answers slowly' : what.error === 'timeout' ? 'does not answer' : `answers ${text(what.error)}`;
    return `fault: ${text(what.service)} ${text(what.operation)} ${how}`;
  }
  return `fault: ${rest(what)}`;
}

const featureText = ({ feature }: Detail): string => (feature === '*' ? 'every feature' : text(feature));

const waiting = ({ execution, state }: Detail): string => `${text(state)} of execution ${text(execution)}`;

type Say = (detail: Detail, releases: readonly ReleaseResult[]) => string;

const SENTENCES: Record<string, Say> = {
  ...SERVICE_SENTENCES,
  'control locked': (detail) => `the release takes the lock${because(detail)}`,
  'control unlocked': (detail) => `the release gives the lock back${because(detail)}`,
  'control dark': (detail) => `candidate ${text(detail.candidate)} stands on the endpoint, without traffic`,
  'control weight': (detail) => `candidate ${text(detail.candidate)} gets ${percentText(Number(detail.weight))} of the units`,
  'control promoted': (detail) => `${text(detail.stable)} is promoted: it is stable now${because(detail)}`,
  'control returned': (detail) => `${text(detail.stable)} is stable again${by(detail)}, within the rollback window${because(detail)}`,
  'control candidate-removed': (detail, releases) => `${decider(detail, releases)} takes the candidate off the traffic${because(detail)}`,
  'control killed': (detail) => `kill switch on${by(detail)}${because(detail)}`,
  'control revived': (detail) => `kill switch off${by(detail)}${because(detail)}`,
  'control parked': (detail) => `the endpoint is switched off${by(detail)}, the baseline answers${because(detail)}`,
  'control woken': (detail) => `the endpoint is switched on again${by(detail)}${because(detail)}`,
  'control changed': (detail) => `the control record changes${by(detail)}${because(detail)}`,
  'gate passed': (detail) => `gate ${text(detail.gate)} is passed${because(detail)}`,
  'gate not-passed': (detail) => `gate ${text(detail.gate)} is not passed${because(detail)}`,
  'incident open': (detail) => `incident ${text(detail.id)} is opened${because(detail)}`,
  'incident acknowledged': (detail) => `incident ${text(detail.id)} is acknowledged${by(detail)}`,
  'incident resolved': (detail) => `incident ${text(detail.id)} is resolved${by(detail)}`,
  'drift detected': (detail) => `drift in ${text(detail.features)}${because(detail)}`,
  'drift broken-input': (detail) => `what the endpoint is asked is broken${because(detail)}`,
  'drift no-data': (detail) => `drift cannot be judged${because(detail)}`,
  'drift ended': (detail) => `no drift any more${because(detail)}`,
  'retraining begun': (detail) => `retraining run ${text(detail.id)} begins, for ${text(detail.trigger)}${because(detail)}`,
  'retraining refused': (detail) => `retraining is refused${because(detail)}`,
  'retraining training': (detail) => `retraining run ${text(detail.id)} trains a model`,
  'retraining evaluating': (detail) => `retraining run ${text(detail.id)} holds its model against stable`,
  'retraining approving': (detail) => `retraining run ${text(detail.id)} waits for people`,
  'retraining registered': (detail) => `retraining run ${text(detail.id)} registers ${text(detail.package)}${because(detail)}`,
  'retraining rejected': (detail) => `retraining run ${text(detail.id)} rejects its model${because(detail)}`,
  'retraining failed': (detail) => `retraining run ${text(detail.id)} fails${because(detail)}`,
  'people retrain': (detail) => `${text(detail.role)} asks for a retrained model${because(detail)}`,
  'people snooze': (detail) => `${text(detail.role)} snoozes drift of ${featureText(detail)} until ${text(detail.until)}${because(detail)}`,
  'people acknowledge-drift': (detail) => `${text(detail.role)} acknowledges drift of ${featureText(detail)}${because(detail)}`,
  'people deploys': () => 'cdk deploy',
  'people approve': (detail) => `${text(detail.role)} approves${detail.comment === undefined ? '' : `: ${text(detail.comment)}`}`,
  'people reject': (detail) => `${text(detail.role)} rejects${detail.comment === undefined ? '' : `: ${text(detail.comment)}`}`,
  'people delegate': (detail) => `${text(detail.role)} lends its role to ${lastPart(detail.to)}`,
  'people calls-back': (detail) => `a tool answers the task token: ${detail.approved === true ? 'approved' : 'not approved'}`,
  'people rollback': (detail) => `${text(detail.role)} rolls back${because(detail)}`,
  'people kill': (detail) => `${text(detail.role)} turns the kill switch on${because(detail)}`,
  'people revive': (detail) => `${text(detail.role)} turns the kill switch off${because(detail)}`,
  'people park': (detail) => `${text(detail.role)} switches the endpoint off${because(detail)}`,
  'people wake': (detail) => `${text(detail.role)} switches the endpoint on${because(detail)}`,
  'people refused': (detail) => `${text(detail.role)} is refused ${text(detail.path)}: ${text(detail.answer)}`,
  'people not-deployed': (detail) => `${text(detail.role)} finds nothing deployed to send ${text(detail.path)} to`,
  'people succeeds': (detail) => `${waiting(detail)} is answered: it succeeds`,
  'people fails': (detail) => `${waiting(detail)} is answered: it fails`,
  'people answer-refused': (detail) => `${waiting(detail)} takes no answer any more: ${text(detail.answer)}`,
  'people comes-too-late': (detail) => `${waiting(detail)} will not be answered: the scenario ends before`,
  'people never-asked': (detail) =>
    `${text(detail.person)} was never asked: no such task waited in ${text(detail.state)} of ${text(detail.stateMachine)}`,
  'inputs unmatched': (detail) => `${text(detail.input)}: no enabled rule of ${text(detail.to)} matches the event`,
  'inputs failed': (detail) => `${text(detail.input)} to ${text(detail.to)}: ${text(detail.answer)}`,
  'iam denied': (detail) => `${text(detail.role)} may not ${text(detail.action)} on ${text(detail.resource)}`,
  'fault begins': faultText,
};

/** How an entry of this kind is said; undefined: nobody has found words for it. */
export function wordsFor(source: string, event: string): Say | undefined {
  const known = SENTENCES[`${source} ${event}`];
  if (known !== undefined) return known;
  if (source === 'cloudformation')
    return (detail) =>
      `${detail.stack === undefined ? 'the deployment' : `stack ${text(detail.stack)}`} ${event.toLowerCase().replaceAll('_', ' ')}${because(detail)}`;
  if (event.startsWith('asks-for-')) return (detail) => `${text(detail.as)} asks for ${event.slice('asks-for-'.length)}${because(detail)}`;
  return undefined;
}

/** One entry of the timeline, as a person would say it; the releases tell what ended them. */
export function sentence({ source, event, detail }: TimelineEntry, releases: readonly ReleaseResult[] = []): string {
  const words = wordsFor(source, event);
  if (words !== undefined) return words(detail, releases);
  const facts = rest(detail);
  return `${source} ${event.replaceAll('-', ' ')}${facts === '' ? '' : `: ${facts}`}`;
}

const TURNS = new Set(['dark', 'weight', 'promoted', 'returned', 'candidate-removed', 'killed', 'revived', 'parked', 'woken']);

const RETRAINING_TURNS = new Set(['begun', 'refused', 'registered', 'rejected', 'failed']);

/** What a reader should not miss; the rest is machinery. */
export function isTurn({ source, event, detail }: TimelineEntry): boolean {
  if (source === 'control') return TURNS.has(event);
  if (source === 'alarm') return detail.state === 'ALARM' || event === 'action-failed';
  if (source === 'retraining') return RETRAINING_TURNS.has(event);
  return (
    source === 'people' || source === 'drift' || source === 'gate' || source === 'incident' || source === 'fault' || source === 'rehearsal'
  );
}
