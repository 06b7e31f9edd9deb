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
