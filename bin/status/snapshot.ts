import {
  type ApprovalRecord,
  type ControlRecord,
  type GateResult,
  type IncidentRecord,
  ledgerKeys,
  type RefusalRecord,
  type StepRecord,
  type VerdictRecord,
} from '../../core/contracts';
import type { HoldoutReview } from '../../core/holdout';
import { type CostReport, readCosts } from '../cost/report';
import { readControl } from '../../lambdas/shared/control-store';
import { type Desired, readDesired } from '../../lambdas/shared/desired';
import type { Ledger } from '../../lambdas/shared/ledger';
import { readLook, type StoredRelease, type StoredVerdict } from '../../lambdas/shared/releases';

/** Everything that the status is told from, as it stood when it was read. */
export interface Snapshot {
  control?: ControlRecord;
  /** What is wanted, as the workflow reads it. */
  desired?: Desired;
  releases: StoredRelease[];
  step?: StepRecord;
  /** Of the release in progress. */
  approvals: ApprovalRecord[];
  gates: GateResult[];
  verdict?: StoredVerdict & { look?: VerdictRecord };
  incidents: IncidentRecord[];
  holdout?: HoldoutReview;
  costs?: CostReport;
  /** Of the last day. */
  refusals: RefusalRecord[];
}

const DAY_MILLIS = 86_400_000;

export async function readSnapshot(ledger: Ledger, nowMillis: number): Promise<Snapshot> {
  const [control, desired, releases, step, incidents, holdout, refusals, costs] = await Promise.all([
    readControl(ledger),
    readDesired(ledger),
    ledger.query<StoredRelease>(ledgerKeys.release('').pk),
    ledger.get<StepRecord>(ledgerKeys.step()),
    ledger.query<IncidentRecord>(ledgerKeys.incident('').pk),
    lastReview(ledger),
    recentRefusals(ledger, nowMillis),
    readCosts(ledger, nowMillis),
  ]);
  const inProgress = control?.lockedBy;
  const [approvals, gates, verdict] = inProgress === undefined ? [[], []] : await ofRelease(ledger, inProgress);
  return {
    releases,
    approvals,
    gates,
    incidents,
    refusals,
    ...(control === undefined ? {} : { control }),
    ...(desired === undefined ? {} : { desired }),
    ...(step === undefined ? {} : { step }),
    ...(verdict === undefined ? {} : { verdict }),
    ...(holdout === undefined ? {} : { holdout }),
    ...(costs === undefined ? {} : { costs }),
  };
}

async function ofRelease(ledger: Ledger, releaseId: string): Promise<[ApprovalRecord[], GateResult[], Snapshot['verdict']]> {
  const [approvals, gates, verdict] = await Promise.all([
    ledger.query<ApprovalRecord>(ledgerKeys.approval(releaseId, '').pk),
    ledger.query<GateResult>(ledgerKeys.gate(releaseId, '').pk),
    ledger.get<StoredVerdict>(ledgerKeys.verdict(releaseId)),
  ]);
  const look = verdict === undefined ? undefined : await readLook(ledger, releaseId, verdict.at);
  return [approvals, gates, verdict && { ...verdict, ...(look === undefined ? {} : { look }) }];
}

async function lastReview(ledger: Ledger): Promise<HoldoutReview | undefined> {
  const latest = await ledger.get<{ day: string }>(ledgerKeys.holdoutLatest());
  if (latest === undefined) return undefined;
  const kept = await ledger.get<{ review: string }>(ledgerKeys.holdoutReview(latest.day));
  return kept === undefined ? undefined : (JSON.parse(kept.review) as HoldoutReview);
}

/** Refusals are filed by their time: two days hold the last 24 hours. */
async function recentRefusals(ledger: Ledger, nowMillis: number): Promise<RefusalRecord[]> {
  const from = new Date(nowMillis - DAY_MILLIS).toISOString();
  const days = [from.slice(0, 10), new Date(nowMillis).toISOString().slice(0, 10)];
  const { pk } = ledgerKeys.refusal('', '');
  const found = await Promise.all(days.map((day) => ledger.query<RefusalRecord>(pk, day)));
  return found.flat().filter(({ at }) => at >= from);
}
