import { NO_RELEASE } from '../../core/assignment';
import { counterName, ledgerKeys } from '../../core/contracts';
import type { Aside, Counted } from './count';
import { type Draft, observation } from './draft';
import { countsItsUnits, keyText, type Known, outcomeKey } from './known';
import { type DecisionWork, type KpiWork, rejectionOf, type Work } from './work';

/** Decides what a work is, given what the ledger knows, and puts it where it belongs. */
export function place(work: Work, draft: Draft, known: Known, counted: Counted, asides: Aside[]): void {
  if (work.kind === 'decision') {
    placeDecision(work, draft, counted, asides);
  } else {
    placeEvent(work, draft, known, counted, asides);
  }
}

/** The unit's first decision exposes it; the others are only kept. */
function placeDecision(work: DecisionWork, draft: Draft, counted: Counted, asides: Aside[]): void {
  const { decision, of } = work;
  const first = of.releaseId === NO_RELEASE ? undefined : draft.exposureOf(work)?.decision;
  if (of.releaseId !== NO_RELEASE && first === undefined) {
    draft.addDecision(work);
  } else if (first?.decisionId === decision.decisionId) {
    counted.duplicates.push(work);
  } else {
    asides.push({ work, key: ledgerKeys.decision(decision.decisionId), item: { ...decision, expiresAt: draft.expiresAt } });
  }
}

/** One outcome per unit and KPI: the one with the highest revision, of equal ones the first. */
function placeEvent(work: KpiWork, draft: Draft, known: Known, counted: Counted, asides: Aside[]): void {
  const { of, policy, event, revision } = work;
  const before = known.outcomes.get(keyText(outcomeKey(work)));
  if (before !== undefined && revision < before.revision) {
    const key = ledgerKeys.superseded(of.releaseId, policy.name, of.unitKey, revision, event.eventId);
    asides.push({ work, key, item: { ...observation(work), expiresAt: draft.expiresAt } });
    counted.outranked.push(work);
  } else if (before !== undefined && revision === before.revision && event.eventId === before.eventId) {
    counted.duplicates.push(work);
  } else if (before !== undefined && revision === before.revision) {
    const detail = `Event ${before.eventId} is this unit's outcome for the KPI; a correction has a higher revision than ${revision}`;
    counted.refused.push(rejectionOf(work, 'already-observed', detail));
  } else if (hasNoUnit(work, draft)) {
    const detail = `The unit was exposed before ${policy.name} was counted as it is now: it is missing among the KPI's units`;
    counted.refused.push(rejectionOf(work, 'no-comparison', detail));
  } else {
    draft.addOutcome(work, before);
  }
}

function hasNoUnit(work: KpiWork, draft: Draft): boolean {
  const exposure = countsItsUnits(work.policy) ? undefined : draft.exposureOf(work);
  return exposure !== undefined && !exposure.counted.includes(counterName(work.policy));
}
