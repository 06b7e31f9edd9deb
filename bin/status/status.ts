import { armWeights } from '../../core/assignment';
import { type ControlMode, type IncidentKind, type IncidentStatus, incidentStatusOf } from '../../core/contracts';
import type { CriterionState } from '../../core/holdout';
import { frozenUntil } from '../../core/release/freeze';
import { isGuarded } from '../../core/release/guarded';
import type { CostReport } from '../cost/report';
import { approvalsOwed, type OwedApproval } from './approvals';
import { attentionTo } from './attention';
import { candidateOf, type CandidateStatus, inProgressOf, type InProgress } from './progress';
import { queueOf, type Queued } from './queue';
import type { Snapshot } from './snapshot';
import { percent } from './words';

/** What `sluice status --json` prints. Times are ISO 8601, UTC. */
export interface Status {
  useCase: string;
  at: string;
  /** `none`: nothing is deployed yet. */
  mode: ControlMode | 'none';
  /** Who answers, in a sentence. */
  answers: string;
  /** What needs somebody, most urgent first, with what to do. Empty: exit code 0. */
  attention: string[];
  killed?: { since: string; by?: string; reason?: string };
  stable?: { releaseId: string; since?: string; requestedBy?: string; adopted?: true };
  /** The release that holds the lock. */
  inProgress?: InProgress;
  /** What stands on the endpoint beside stable, or alone. */
  candidate?: CandidateStatus;
  approvals: OwedApproval[];
  /** Releases that wait for their turn, next first. */
  queue: Queued[];
  freeze?: { until: string; reason: string };
  /** The release before stable, which answers again with one write until then. */
  rollbackWindow?: { releaseId: string; until: string };
  incidents: { id: string; kind: IncidentKind; status: IncidentStatus; openedAt: string; recoveredAt?: string; reason: string }[];
  /** Stable beside the units that stay with the baseline for good. */
  holdout?: { share: number; day: string; words: string[] };
  costs?: CostReport;
  killCriteria: { criterion: string; state: CriterionState; dueAt?: string; words: string }[];
  reviewBy?: { day: string; overdue: boolean };
  /** Asked for and refused within the last day. */
  refusals: { at: string; what: string; by: string; reason: string }[];
}

export function statusOf(snapshot: Snapshot, nowMillis: number): Status {
  const { control, desired, incidents, holdout, refusals } = snapshot;
  const at = new Date(nowMillis).toISOString();
  const inProgress = inProgressOf(snapshot, nowMillis);
  const candidate = candidateOf(snapshot, nowMillis);
  const freeze = frozenUntil(desired?.spec.rollout.freezes, at);
  const reviewBy = desired?.spec.reviewBy;
  const unresolved = incidents.filter(({ resolved }) => resolved === undefined);
  const status: Status = {
    useCase: desired?.spec.useCase ?? '',
    at,
    mode: control?.mode ?? 'none',
    answers: answersOf(snapshot),
    attention: [],
    ...killedOf(snapshot),
    ...stableOf(snapshot),
    ...(inProgress === undefined ? {} : { inProgress }),
    ...(candidate === undefined ? {} : { candidate }),
    approvals: approvalsOwed(snapshot),
    queue: queueOf(snapshot),
    ...(freeze === undefined ? {} : { freeze }),
    ...(control?.warm === undefined ? {} : { rollbackWindow: { releaseId: control.warm.release.releaseId, until: control.warm.until } }),
    incidents: unresolved
      .sort((one, other) => other.openedAt.localeCompare(one.openedAt))
      .map((incident) => ({
        id: incident.id,
        kind: incident.kind,
        status: incidentStatusOf(incident),
        openedAt: incident.openedAt,
        ...(incident.recoveredAt === undefined ? {} : { recoveredAt: incident.recoveredAt }),
        reason: incident.reason,
      })),
    ...(holdout === undefined
      ? {}
      : { holdout: { share: holdout.holdout, day: holdout.day, words: holdout.kpis.map(({ words }) => words) } }),
    ...(snapshot.costs === undefined ? {} : { costs: snapshot.costs }),
    killCriteria: (holdout?.criteria ?? []).map(({ criterion, state, dueAt, words }) => ({
      criterion,
      state,
      ...(dueAt === undefined ? {} : { dueAt }),
      words,
    })),
    ...(reviewBy === undefined ? {} : { reviewBy: { day: reviewBy, overdue: reviewBy < at.slice(0, 10) } }),
    refusals: refusals.map(({ at: when, what, by, reason }) => ({ at: when, what, by, reason })),
  };
  return { ...status, attention: attentionTo(status, nowMillis) };
}

/** By the control record, which the gateway obeys. */
function answersOf({ control, releases }: Snapshot): string {
  if (control === undefined) return 'nobody: nothing is deployed yet (cdk deploy)';
  if (control.mode === 'killed') return 'the baseline answers everything: the kill switch is on';
  const { parked } = control;
  if (control.mode === 'parked' && parked !== undefined)
    return `the baseline answers everything: the endpoint is switched off since ${parked.since} (${parked.reason}); sluice wake switches it on`;
  const weights = armWeights(control);
  const guarded = isGuarded(releases.find(({ id }) => id === control.lockedBy));
  const stable = control.stable?.releaseId ?? 'stable';
  const named: [string, number][] = [
    [guarded ? `${stable} and ${control.candidate?.releaseId ?? 'the candidate'} (SageMaker says how much)` : stable, weights.stable],
    [control.candidate?.releaseId ?? 'the candidate', weights.candidate],
    [control.mode === 'live' ? 'the baseline (holdout)' : 'the baseline', weights.baseline],
  ];
  const answering = named.filter(([, share]) => share > 0);
  if (answering.length === 1) return `${answering[0]![0]} answers everything${control.mode === 'live' ? '' : ': nothing is promoted yet'}`;
  return answering.map(([who, share]) => `${who} ${percent(share)}`).join(', ');
}

/** The control record names its last writer only; who killed is in the incident. */
function killedOf({ control, incidents }: Snapshot): Pick<Status, 'killed'> {
  if (control?.mode !== 'killed') return {};
  const { changedAt, changedBy, reason } = control;
  const at = control.killedAt ?? changedAt;
  if (changedAt === at) return { killed: { since: at, by: changedBy, reason } };
  const kill = incidents.find(({ kind, openedAt }) => (kind === 'kill' || kind === 'failed-rollback') && openedAt >= at);
  return { killed: { since: at, ...(kill === undefined ? {} : { by: kill.openedBy, reason: kill.reason }) } };
}

function stableOf({ control, releases }: Snapshot): Pick<Status, 'stable'> {
  const { stable, endpointAdopted, mode } = control ?? {};
  if (stable === undefined || mode === 'killed') return {};
  const record = releases.find(({ id }) => id === stable.releaseId);
  return {
    stable: {
      releaseId: stable.releaseId,
      ...(record?.liveSince === undefined ? {} : { since: record.liveSince }),
      ...(record === undefined ? {} : { requestedBy: record.requestedBy }),
      ...(record === undefined && endpointAdopted === true ? { adopted: true as const } : {}),
    },
  };
}
