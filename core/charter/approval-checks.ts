import { personOf } from '../release/principals';
import type { Finding, PathPart } from './problem';
import type { Charter } from './schema';
import { didYouMean } from './suggest';

/** As much of a charter as approvals depend on. */
export type Board = Pick<Charter, 'owners' | 'approvals' | 'lanes'> & { charter: Pick<Charter['charter'], 'risk'> };

/** How approvals and lanes fit the owners, and each other. */
export function approvalFindings(charter: Board): Finding[] {
  const { requiredRoles, vetoRoles, escalation, quorum } = charter.approvals;
  return [
    ...roleFindings(charter, ['approvals', 'requiredRoles'], requiredRoles),
    ...roleFindings(charter, ['approvals', 'vetoRoles'], vetoRoles ?? []),
    ...roleFindings(charter, ['approvals', 'escalation', 'roles'], escalation?.roles ?? []),
    ...quorumFindings(charter, ['approvals'], requiredRoles, quorum),
    ...unaskedFindings(charter),
    ...escalationFindings(charter),
    ...charter.lanes.flatMap((_, index) => laneFindings(charter, index)),
    ...highRiskFindings(charter),
  ];
}

function roleFindings({ owners }: Board, path: PathPart[], roles: string[]): Finding[] {
  const known = Object.keys(owners);
  return roles.flatMap((role, index): Finding[] => {
    const at = [...path, index];
    if (!known.includes(role)) {
      const allowed = `roles named under owners: ${known.join(', ')}`;
      return [{ path: at, message: 'names a role that has no owner', allowed, suggestion: didYouMean(role, known) }];
    }
    return roles.indexOf(role) === index ? [] : [{ path: at, message: 'names a role twice', allowed: 'each role once' }];
  });
}

function quorumFindings(charter: Board, path: PathPart[], named: string[], quorum: number | undefined): Finding[] {
  const roles = [...new Set(named)];
  if (quorum !== undefined && quorum > roles.length) {
    const allowed = `at most ${roles.length}: so many roles are asked`;
    return [{ path: [...path, 'quorum'], message: 'can never be reached', allowed }];
  }
  const needed = quorum ?? roles.length;
  const people = charter.approvals.separationOfDuties ? mostApprovals(charter, roles) : roles.length;
  if (needed <= people) return [];
  const allowed = `principals by which ${needed} different people can decide, or separationOfDuties: false; now ${people} can`;
  return [{ path: [...path, 'requiredRoles'], message: 'can never all be different people', allowed }];
}

/** In how many of the roles different people can approve: each role finds a person, moving others aside where they have another choice. */
function mostApprovals({ owners }: Board, roles: string[]): number {
  const taken = new Map<string, string>();
  const place = (role: string, seen: Set<string>): boolean =>
    (owners[role]?.principals ?? []).some((principal) => {
      const person = personOf(principal);
      if (/:role\/AWSReservedSSO_/.test(person)) return true;
      if (seen.has(person)) return false;
      seen.add(person);
      const holder = taken.get(person);
      if (holder !== undefined && !place(holder, seen)) return false;
      taken.set(person, role);
      return true;
    });
  return roles.filter((role) => owners[role] === undefined || place(role, new Set())).length;
}

function unaskedFindings({ approvals, lanes }: Board): Finding[] {
  if (approvals.requiredRoles.length > 0) return [];
  const given: PathPart[][] = [
    ...(approvals.vetoRoles === undefined ? [] : [['approvals', 'vetoRoles']]),
    ...(approvals.escalation === undefined ? [] : [['approvals', 'escalation']]),
    ...(approvals.callback ? [['approvals', 'callback']] : []),
    ...(lanes.length === 0 ? [] : [['lanes']]),
  ];
  return given.map((path) => ({ path, message: 'has nobody to ask', allowed: 'roles under approvals.requiredRoles, or no such setting' }));
}

function escalationFindings({ approvals }: Board): Finding[] {
  const { escalation, deadlineMinutes, requiredRoles } = approvals;
  if (escalation === undefined) return [];
  const findings: Finding[] = [];
  if (escalation.afterMinutes >= deadlineMinutes) {
    const allowed = `less than the deadline of ${deadlineMinutes}m`;
    findings.push({ path: ['approvals', 'escalation', 'after'], message: 'is too late', given: `${escalation.afterMinutes}m`, allowed });
  }
  escalation.roles.forEach((role, index) => {
    if (!requiredRoles.includes(role)) return;
    const path = ['approvals', 'escalation', 'roles', index];
    findings.push({
      path,
      message: 'names a role that is asked anyway',
      allowed: 'roles that stand in for those of approvals.requiredRoles',
    });
  });
  return findings;
}

function laneFindings(charter: Board, index: number): Finding[] {
  const lane = charter.lanes[index]!;
  const at = (...rest: PathPart[]): PathPart[] => ['lanes', index, ...rest];
  const findings = [
    ...roleFindings(charter, at('requiredRoles'), lane.requiredRoles),
    ...quorumFindings(charter, at(), lane.requiredRoles, lane.quorum),
  ];
  if (charter.lanes.findIndex(({ name }) => name === lane.name) !== index) {
    findings.push({ path: at('name'), message: 'names a lane twice', allowed: 'each name once' });
  }
  for (const path of Object.keys(lane.within ?? {})) {
    if (lane.changes.some((part) => path === part || path.startsWith(`${part}.`))) continue;
    const allowed = `paths that the lane covers: ${lane.changes.join(', ')}, or below`;
    findings.push({ path: at('within', path), message: 'limits what the lane does not allow to change', allowed });
  }
  return findings;
}

/** High risk takes two people whose identity is proven, and silence is no agreement. */
function highRiskFindings({ charter, approvals }: Board): Finding[] {
  if (charter.risk !== 'high') return [];
  const { requiredRoles, quorum, separationOfDuties, onDeadline, callback } = approvals;
  const demanded: [boolean, string, string][] = [
    [requiredRoles.length >= 2, 'requiredRoles', 'at least two roles'],
    [(quorum ?? 2) >= 2, 'quorum', 'at least 2'],
    [separationOfDuties, 'separationOfDuties', 'true'],
    [onDeadline === 'reject', 'onDeadline', 'reject'],
    [!callback, 'callback', "false: it proves nobody's identity"],
  ];
  return demanded
    .filter(([kept]) => !kept)
    .map(([, key, allowed]) => ({ path: ['approvals', key], message: 'is not enough where charter.risk is high', allowed }));
}
