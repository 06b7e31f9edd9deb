import { stood, type History } from '../history';
import { wrongCounters } from './counters';
import { kpiFate, misjudgedGarbage, wronglySuperseded } from './kpi-fate';
import { decisionsOf } from './lineage';

/** Every KPI event sent is counted once, or kept with the reason why not; the counters hold what was counted, no more and no less. */
export function kpiExactlyOnce(history: History): string[] {
  const fate = kpiFate(history);
  const { counted, rejected, superseded } = fate;
  const sent = history.kpiSent.filter((event) => event.fate === undefined);
  const lost = sent.filter(
    ({ eventId, atMillis }) => stood(history, atMillis) && !counted.has(eventId) && !rejected.has(eventId) && !superseded.has(eventId),
  );
  const ids = new Set(sent.map(({ eventId }) => eventId));
  const unknown = [...counted, ...superseded.keys()].filter((eventId) => !ids.has(eventId));
  return [
    ...lost.map(({ eventId, kpi }) => `event ${eventId} (${kpi}) is neither counted nor kept as rejected`),
    ...unknown.map((eventId) => `event ${eventId} was counted but never sent`),
    ...wronglySuperseded(fate),
    ...misjudgedGarbage(sent, fate),
    ...wrongCounters(history),
  ];
}

/** Every answered request has its lineage record. */
export function everyDecisionRecorded(history: History): string[] {
  const recorded = new Set(decisionsOf(history).map(({ decisionId }) => decisionId));
  return history.answers
    .filter(({ status, atMillis }) => status < 400 && stood(history, atMillis))
    .filter(({ decisionId }) => decisionId === undefined || !recorded.has(decisionId))
    .map(({ decisionId }) =>
      decisionId === undefined ? 'an answer carries no decision id' : `decision ${decisionId} has no lineage record`,
    );
}

/** Every ended release has a bundle that names who approved, what was measured and why it ended. */
export function evidenceComplete(history: History): string[] {
  const bundles = new Map(history.evidence.map((bundle) => [bundle.releaseId, bundle]));
  const violations: string[] = [];
  for (const release of history.releases.filter(({ endedAt }) => endedAt !== undefined)) {
    const bundle = bundles.get(release.id);
    const approved =
      release.stage !== 'create' && release.stage !== 'approval' && release.status !== 'superseded' && release.status !== 'withdrawn';
    if (bundle === undefined) violations.push(`release ${release.id} ended without an evidence bundle`);
    else if (bundle.outcome !== release.status)
      violations.push(`the bundle of ${release.id} says ${bundle.outcome}, the ledger ${release.status}`);
    else if (bundle.reason.trim() === '') violations.push(`the bundle of ${release.id} does not say why it ended`);
    else if (approved && bundle.spec.approvals.requiredRoles.length > 0 && bundle.approvals.length === 0)
      violations.push(`the bundle of ${release.id} names nobody who approved`);
    else if (bundle.steps.length > 0 && bundle.measurements.length === 0)
      violations.push(`the bundle of ${release.id} holds no measurements`);
  }
  return violations;
}
