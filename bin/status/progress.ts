import type { StepDecision } from '../../core/contracts';
import { isGuarded } from '../../core/release/guarded';
import type { StoredRelease } from '../../lambdas/shared/releases';
import type { Snapshot } from './snapshot';
import { percent, span } from './words';

export interface InProgress {
  releaseId: string;
  requestedBy: string;
  requestedAt: string;
  requestReason?: string;
  /** Where it stands, in a sentence. */
  doing: string;
  /** Paths in which it differs from stable. */
  changes?: string[];
  lane?: string;
  gates: { gate: string; passed: boolean; reason: string }[];
  gatesLeft: string[];
}

export interface CandidateStatus {
  releaseId: string;
  /** Share of all units that it answers. */
  weight: number;
  step?: {
    kind: 'canary' | 'shadow';
    /** From 1. */
    number: number;
    of: number;
    openedAt: string;
    bakedMinutes: number;
    bakeMinutes: number;
  };
  verdict?: { at: string; decision: StepDecision; reason: string; words: string[]; evidence?: number; threshold?: number };
}

const MINUTE_MILLIS = 60_000;

/** The release that holds the lock; there is at most one. */
export function inProgressOf(snapshot: Snapshot, nowMillis: number): InProgress | undefined {
  const { control, releases, gates } = snapshot;
  const record = releases.find(({ id }) => id === control?.lockedBy);
  if (record === undefined) return undefined;
  const { id, requestedBy, requestedAt, requestReason, changes, lane } = record;
  return {
    releaseId: id,
    requestedBy,
    requestedAt,
    ...(requestReason === undefined ? {} : { requestReason }),
    doing: doingOf(record, snapshot, nowMillis),
    ...(changes === undefined ? {} : { changes }),
    ...(lane === undefined ? {} : { lane }),
    gates: gates.map(({ gate, passed, reason }) => ({ gate, passed, reason })),
    gatesLeft: gatesLeft(record, snapshot),
  };
}

/** What the ledger proves, the latest stage first. */
function doingOf(record: StoredRelease, snapshot: Snapshot, nowMillis: number): string {
  const { control, step } = snapshot;
  const { id, stop, status } = record;
  if (control?.mode === 'killed') return 'is being taken down: the kill switch is on';
  if (stop !== undefined) return `is being ended (${stop.outcome}): ${stop.reason}`;
  if (record.endedAt !== undefined) return `was ${status}; the endpoint is being cleaned up`;
  if (control?.stable?.releaseId === id) return 'is promoted; the endpoint is being settled';
  if (isGuarded(record)) return 'is rolled out by SageMaker, which moves traffic to its new fleet (blue/green); alarms on it take it back';
  if (control?.candidate?.releaseId !== id) return offTraffic(record, snapshot);
  if (status === 'held') return 'is held: its canary ended without a verdict, it gets no traffic until people decide';
  if (snapshot.approvals.some((one) => one.status === 'open')) return 'stands on the endpoint without traffic and waits for approval';
  if (step?.releaseId === id)
    return step.kind === 'shadow' ? shadowWords(step.openedAt, step.bakeMinutes, nowMillis) : canaryWords(snapshot, nowMillis);
  const named = record.spec.gates?.length ?? 0;
  const done = named - gatesLeft(record, snapshot).length;
  return done < named
    ? `stands on the endpoint without traffic; ${done} of ${named} gates are done`
    : `stands on the endpoint ${control.candidateWeight === 0 ? 'without traffic' : `at ${percent(control.candidateWeight)}`}, between two stages`;
}

/** Whatever had begun was undone; before that nothing tells building from removing. */
function offTraffic({ stage }: StoredRelease, { approvals, gates }: Snapshot): string {
  const begun = stage !== undefined && stage !== 'create';
  const refused = approvals.some(({ status }) => status !== 'open' && status !== 'approved') || gates.some(({ passed }) => !passed);
  return begun || refused
    ? 'is off traffic, and is being taken off the endpoint'
    : 'is being built on the endpoint, or taken off again; it gets no traffic';
}

const gatesLeft = ({ spec }: StoredRelease, { gates }: Pick<Snapshot, 'gates'>): string[] =>
  (spec.gates ?? []).map(({ name }) => name).filter((name) => !gates.some(({ gate }) => gate === name));

const shadowWords = (openedAt: string, bakeMinutes: number, nowMillis: number): string =>
  `shadows stable: gets copies of its requests, no answer is used; ${baked(openedAt, bakeMinutes, nowMillis)}`;

function canaryWords({ control, step, releases }: Snapshot, nowMillis: number): string {
  if (step === undefined) return '';
  const { index, openedAt, bakeMinutes, releaseId } = step;
  const of = releases.find(({ id }) => id === releaseId)?.spec.rollout.steps.length ?? index + 1;
  return `canary step ${index + 1} of ${of} at ${percent(control?.candidateWeight ?? 0)}; ${baked(openedAt, bakeMinutes, nowMillis)}`;
}

function baked(openedAt: string, bakeMinutes: number, nowMillis: number): string {
  const millis = nowMillis - Date.parse(openedAt);
  const total = bakeMinutes * MINUTE_MILLIS;
  return millis < total ? `baked ${span(millis)} of ${span(total)}` : `baked ${span(total)}, as it should, and waits for its verdict`;
}

export function candidateOf({ control, step, releases, verdict }: Snapshot, nowMillis: number): CandidateStatus | undefined {
  const { candidate } = control ?? {};
  if (control === undefined || candidate === undefined) return undefined;
  const record = releases.find(({ id }) => id === candidate.releaseId);
  const open = step?.releaseId === candidate.releaseId ? step : undefined;
  // What was said before the step opened is about another one.
  const said = verdict !== undefined && open !== undefined && verdict.at >= open.openedAt ? verdict : undefined;
  return {
    releaseId: candidate.releaseId,
    weight: control.candidateWeight,
    ...(open === undefined
      ? {}
      : {
          step: {
            kind: open.kind ?? 'canary',
            number: open.index + 1,
            of: open.kind === 'shadow' ? 1 : (record?.spec.rollout.steps.length ?? open.index + 1),
            openedAt: open.openedAt,
            bakedMinutes: Math.floor(Math.max(0, nowMillis - Date.parse(open.openedAt)) / MINUTE_MILLIS),
            bakeMinutes: open.bakeMinutes,
          },
        }),
    ...(said === undefined
      ? {}
      : {
          verdict: {
            at: said.at,
            decision: said.decision as StepDecision,
            reason: said.reason,
            words: said.look?.words ?? [],
            ...(said.look === undefined ? {} : { evidence: said.look.combinedRollbackEvidence, threshold: said.look.threshold }),
          },
        }),
  };
}
