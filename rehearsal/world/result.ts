import {
  incidentStatusOf,
  type Arm,
  type ControlRecord,
  type IncidentKind,
  type IncidentRecord,
  type IncidentStatus,
  type ReleaseRecord,
} from '../../core/contracts';
import { armWeights } from '../../core/assignment';
import type { CloudEvent, IamReport } from '../cloud/types';
import type { ExecutionTold } from './executions';
import { checkCapacityAndCost } from './cost-expectations';
import { checkDriftAndRetraining } from './drift-expectations';
import { driftResult, type DriftResult, type RetrainingResult } from './drift-result';
import { checkExpectations, type ExpectationResult } from './expectations';
import type { Answer, History } from './history';
import { holdoutResult, type HoldoutResult } from './holdout';
import { checkInvariants, type InvariantResult } from './invariants';
import { kpiFate } from './invariants/kpi-fate';
import type { Scenario } from './scenario-schema';
import { meteredResult, type MeteredResult, type MeteredServerlessResult } from './metered';
import { timelineOf, type TimelineEntry } from './timeline';

export interface ReleaseResult {
  id: string;
  outcome: string;
  stage?: string;
  reason?: string;
  culprit?: string;
  startedAtSeconds: number;
  endedAtSeconds?: number;
}

export interface IncidentResult {
  id: string;
  kind: IncidentKind;
  status: IncidentStatus;
  reason: string;
  openedAtSeconds: number;
  recoveredAtSeconds?: number;
}

export interface KpiEventCounts {
  /** With copies. */
  sent: number;
  counted: number;
  duplicates: number;
  /** Kept, without the late ones. */
  rejected: number;
  late: number;
  /** Gave way to a correction. */
  superseded: number;
  /** Not taken by the way they went; their producer knows. */
  refused: number;
  /** Of other use cases: the bus takes them there. */
  elsewhere: number;
  /** Never sent. */
  lost: number;
  rejectedByReason: Record<string, number>;
}

/** What `--json` prints of one scenario: an interface (design: the rehearsal's contract). */
export interface RehearsalResult {
  useCase: string;
  scenario: string;
  title: string;
  seed: number;
  outcome: string;
  /** The scenario's duration. */
  virtualSeconds: number;
  /** When outcomes and queues had run dry, counted from the start. */
  drainedAtSeconds: number;
  wallSeconds: number;
  releases: ReleaseResult[];
  requests: { total: number; failed: number; byArm: Record<Arm, number> };
  kpiEvents: KpiEventCounts;
  traffic: { t: number; candidateShare: number }[];
  timeline: TimelineEntry[];
  invariants: InvariantResult[];
  iam: IamReport;
  expectations: ExpectationResult[];
  incidents: IncidentResult[];
  /** Of the workflows, and of what they started. */
  executions: ExecutionTold[];
  /** What was asked for and refused, as the ledger keeps it. */
  refusals: { t: number; what: string; by: string; releaseId?: string; reason: string }[];
  /** Seconds for which instances of endpoints existed, from the first deploy to the end: what AWS would bill. */
  metered: MeteredResult[];
  meteredServerless: MeteredServerlessResult[];
  /** Where a night passed with a release live. */
  holdout?: HoldoutResult;
  /** Where drift is watched. */
  drift?: DriftResult;
  /** Runs and refusals, where there were any. */
  retrainings?: RetrainingResult[];
}

const ENDED = new Set(['promoted', 'rolled-back', 'rejected', 'superseded', 'withdrawn', 'killed']);

const outcomeOf = (release: ReleaseRecord | undefined): string =>
  release === undefined ? 'none' : ENDED.has(release.status) || release.status === 'held' ? release.status : 'none';

const seconds = (iso: string, startMillis: number): number => Math.round((Date.parse(iso) - startMillis) / 1000);

function releaseResult(release: ReleaseRecord, startMillis: number): ReleaseResult {
  const { id, stage, reason, culprit, endedAt } = release;
  return {
    id,
    outcome: outcomeOf(release),
    ...(stage === undefined ? {} : { stage }),
    ...(reason === undefined ? {} : { reason }),
    ...(culprit === undefined ? {} : { culprit }),
    startedAtSeconds: seconds(release.requestedAt, startMillis),
    ...(endedAt === undefined ? {} : { endedAtSeconds: seconds(endedAt, startMillis) }),
  };
}

function incidentResult(incident: IncidentRecord, startMillis: number): IncidentResult {
  const { id, kind, reason, openedAt, recoveredAt } = incident;
  return {
    id,
    kind,
    status: incidentStatusOf(incident),
    reason,
    openedAtSeconds: seconds(openedAt, startMillis),
    ...(recoveredAt === undefined ? {} : { recoveredAtSeconds: seconds(recoveredAt, startMillis) }),
  };
}

function countArms(answers: Answer[]): Record<Arm, number> {
  const byArm: Record<Arm, number> = { baseline: 0, stable: 0, candidate: 0 };
  for (const { arm } of answers) if (arm !== undefined) byArm[arm] += 1;
  return byArm;
}

function kpiEvents(history: History): KpiEventCounts {
  const fate = kpiFate(history);
  const rejectedByReason: Record<string, number> = {};
  for (const reason of [...fate.rejected.values()].sort()) rejectedByReason[reason] = (rejectedByReason[reason] ?? 0) + 1;
  const late = rejectedByReason.late ?? 0;
  const ways = history.kpiSent.filter((event) => event.fate !== 'lost');
  const sent = ways.reduce((sum, { copies }) => sum + copies, 0);
  return {
    sent,
    counted: fate.counted.size,
    duplicates: sent - ways.length,
    rejected: fate.rejected.size - late,
    late,
    superseded: fate.superseded.size,
    refused: ways.filter((event) => event.fate === 'refused').length,
    elsewhere: ways.filter((event) => event.fate === 'elsewhere').length,
    lost: history.kpiSent.length - ways.length,
    rejectedByReason,
  };
}

/** The candidate's share of units, whenever it changed. */
function shareSeries(history: History): { t: number; candidateShare: number }[] {
  const series: { t: number; candidateShare: number }[] = [];
  for (const { atMillis, record } of history.control) {
    const t = Math.max(0, Math.round((atMillis - history.startMillis) / 1000));
    const candidateShare = armWeights(record).candidate;
    if (series.at(-1)?.candidateShare !== candidateShare) series.push({ t, candidateShare });
  }
  return series;
}

export interface ResultInput {
  useCase: string;
  scenarioName: string;
  scenario: Scenario;
  seed: number;
  wallSeconds: number;
  history: History;
  log: readonly CloudEvent[];
  weightsMovedByDeploy?: boolean;
}

export function buildResult(input: ResultInput): RehearsalResult {
  const { history, scenario, log } = input;
  // The stable release's own past is no part of the scenario.
  const releases = history.releases.filter((release) => Date.parse(release.requestedAt) >= history.startMillis);
  const last = releases.at(-1);
  const results = releases.map((release) => releaseResult(release, history.startMillis));
  const lastResult = results.at(-1);
  const byArm = countArms(history.answers);
  const failed = history.answers.filter(({ status }) => status >= 400 || status === 0).length;
  const outcome = outcomeOf(last);
  const timeline = timelineOf(log, history.startMillis);
  const expectations = checkExpectations(scenario.expect, {
    outcome,
    outcomes: results.map((release) => release.outcome),
    timeline,
    incidents: history.incidents,
    refusals: history.refusals,
    ...(last?.stage === undefined ? {} : { stage: last.stage }),
    ...(last?.reason === undefined ? {} : { reason: last.reason }),
    candidateRequests: byArm.candidate,
    failedRequests: failed,
    ...(last?.culprit === undefined ? {} : { culprit: last.culprit }),
    ...(lastResult?.endedAtSeconds === undefined ? {} : { tookSeconds: lastResult.endedAtSeconds - lastResult.startedAtSeconds }),
    ...(input.weightsMovedByDeploy === undefined ? {} : { weightsMovedByDeploy: input.weightsMovedByDeploy }),
  });
  const holdout = holdoutResult(history, log);
  return {
    useCase: input.useCase,
    scenario: input.scenarioName,
    title: scenario.title,
    seed: input.seed,
    outcome,
    virtualSeconds: Math.round(scenario.duration / 1000),
    drainedAtSeconds: Math.round((history.endMillis - history.startMillis) / 1000),
    wallSeconds: input.wallSeconds,
    releases: results,
    requests: { total: history.answers.length, failed, byArm },
    kpiEvents: kpiEvents(history),
    traffic: shareSeries(history),
    timeline,
    invariants: checkInvariants(history),
    iam: history.iam,
    expectations: [
      ...expectations,
      ...checkCapacityAndCost(scenario.expect, history),
      ...checkDriftAndRetraining(scenario.expect, history),
    ],
    executions: history.executions,
    ...meteredResult(history),
    incidents: history.incidents.map((incident) => incidentResult(incident, history.startMillis)),
    refusals: history.refusals.map(({ at, what, by, releaseId, reason }) => ({
      t: seconds(at, history.startMillis),
      what,
      by,
      ...(releaseId === undefined ? {} : { releaseId }),
      reason,
    })),
    ...(holdout === undefined ? {} : { holdout }),
    ...driftResult(history),
  };
}

/** Everything that was expected, and every invariant, held. */
export const succeeded = (result: RehearsalResult): boolean => [...result.expectations, ...result.invariants].every(({ held }) => held);

export const sameTraffic = (left: ControlRecord | undefined, right: ControlRecord | undefined): boolean =>
  left?.candidateWeight === right?.candidateWeight &&
  left?.stable?.releaseId === right?.stable?.releaseId &&
  left?.candidate?.releaseId === right?.candidate?.releaseId;
