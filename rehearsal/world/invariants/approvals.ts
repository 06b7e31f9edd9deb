import type { ApprovalRecord, ReleaseRecord } from '../../../core/contracts';
import { personOf } from '../../../core/release/principals';
import type { History } from '../history';

/** Roles that owe their approval before traffic: those of the lane that it lies in, none for a return to what was approved before. */
function owedRoles({ spec, lane, returnTo }: ReleaseRecord): { requiredRoles: string[]; quorum?: number } {
  if (returnTo !== undefined) return { requiredRoles: [] };
  return spec.lanes?.find(({ name }) => name === lane) ?? spec.approvals;
}

/** Why a release may not have traffic at this time, as far as people are concerned; undefined: it may. */
export function unapproved(history: History, release: ReleaseRecord, atMillis: number): string | undefined {
  const { requiredRoles, quorum = requiredRoles.length } = owedRoles(release);
  if (requiredRoles.length === 0) return undefined;
  const approvedAt = history.approvedAtMillis.get(release.id);
  if (approvedAt === undefined || approvedAt > atMillis) return `release ${release.id} answered before it was approved`;
  const approval = history.approvals.find(({ releaseId, kind }) => releaseId === release.id && kind === 'release');
  if (approval === undefined) return `release ${release.id} answered, and no approval of it is kept`;
  return approval.status === 'expired' ? unheard(approval, release) : uncounted(approval, release, { requiredRoles, quorum });
}

const unheard = ({ decisions }: ApprovalRecord, { id, spec }: ReleaseRecord): string | undefined =>
  spec.approvals.onDeadline === 'approve' && decisions.every(({ decision }) => decision === 'approve')
    ? undefined
    : `release ${id} answered although its approval expired`;

/** The decisions themselves are counted anew: so many roles, by people of whom nobody asked for it or spoke twice. */
function uncounted(
  approval: ApprovalRecord,
  { id, spec, requestedBy }: ReleaseRecord,
  owed: { requiredRoles: string[]; quorum: number },
): string | undefined {
  const said = approval.decisions.filter(({ decision }) => decision === 'approve');
  if (approval.callback === true && said.some(({ by }) => by === 'callback')) return undefined;
  const may = new Set([...owed.requiredRoles, ...(approval.escalatedTo ?? [])]);
  const roles = new Set(said.map(({ role }) => role).filter((role) => may.has(role)));
  if (roles.size < owed.quorum) return `release ${id} answered with ${roles.size} of ${owed.quorum} approvals`;
  if (spec.approvals.separationOfDuties === false) return undefined;
  const people = said.map(({ by }) => personOf(by));
  if (people.includes(personOf(requestedBy))) return `release ${id} was approved by whoever asked for it`;
  return new Set(people).size < owed.quorum ? `release ${id} was approved by one person in two roles` : undefined;
}
