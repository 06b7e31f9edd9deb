import { ERROR_RATE_KPI, ledgerKeys, type LedgerKey } from '../../../core/contracts';
import { stood, type History } from '../history';

const keyText = ({ pk, sk }: LedgerKey): string => `${pk}|${sk}`;

interface KpiFate {
  counted: Set<string>;
  rejected: Set<string>;
}

/** Which events the ledger counted, and which it kept as rejected. */
export function kpiFate(history: Pick<History, 'ledger'>): KpiFate {
  const fate: KpiFate = { counted: new Set(), rejected: new Set() };
  for (const key of history.ledger.keys()) {
    const [pk = '', sk = ''] = key.split('|');
    if (pk.startsWith('event#')) fate.counted.add(pk.slice('event#'.length));
    if (pk.startsWith('rejected#')) fate.rejected.add(sk.split('#')[0] ?? sk);
  }
  return fate;
}

/** Sums of `n` and `x` over all minutes, shards, releases and arms, by KPI. */
export function counterSums(history: Pick<History, 'ledger'>): Map<string, { n: number; x: number }> {
  const sums = new Map<string, { n: number; x: number }>();
  for (const [key, item] of history.ledger) {
    if (!key.startsWith('counters#')) continue;
    for (const [attribute, value] of Object.entries(item)) {
      const [kpi = '', , what] = attribute.split('|');
      if (what !== 'n' && what !== 'x') continue;
      const sum = sums.get(kpi) ?? { n: 0, x: 0 };
      sum[what] += Number(value);
      sums.set(kpi, sum);
    }
  }
  sums.delete(ERROR_RATE_KPI);
  return sums;
}

/** Every KPI event sent is counted once, or kept with the reason why not; the counters hold what was counted, no more and no less. */
export function kpiExactlyOnce(history: History): string[] {
  const { counted, rejected } = kpiFate(history);
  const answerable = history.kpiSent.filter(({ atMillis }) => stood(history, atMillis));
  const lost = answerable.filter(({ eventId }) => !counted.has(eventId) && !rejected.has(eventId));
  const violations = lost.map(({ eventId, kpi }) => `event ${eventId} (${kpi}) is neither counted nor kept as rejected`);
  const sent = new Set(history.kpiSent.map(({ eventId }) => eventId));
  const unknown = [...counted].filter((eventId) => !sent.has(eventId));
  violations.push(...unknown.map((eventId) => `event ${eventId} was counted but never sent`));
  return [...violations, ...wrongCounters(history, counted)];
}

/** `n` counts every unit once per release; `x` those of which an event says that it happened. */
function wrongCounters(history: History, counted: Set<string>): string[] {
  const units = [...history.ledger.keys()].filter((key) => key.startsWith('exposure#')).length;
  const happened = new Map<string, number>();
  for (const { eventId, kpi, happened: did } of history.kpiSent)
    if (did && counted.has(eventId)) happened.set(kpi, (happened.get(kpi) ?? 0) + 1);
  return [...counterSums(history)].flatMap(([kpi, { n, x }]) => {
    const events = happened.get(kpi) ?? 0;
    return [
      ...(n === units ? [] : [`the counters of ${kpi} hold ${n} units, but ${units} were exposed`]),
      ...(x === events ? [] : [`the counters of ${kpi} hold ${x} outcomes that happened, but ${events} such events were counted`]),
    ];
  });
}

/** Every answered request has its lineage record. */
export function everyDecisionRecorded(history: History): string[] {
  return history.answers
    .filter(({ status, atMillis }) => status < 400 && stood(history, atMillis))
    .filter(({ decisionId }) => decisionId === undefined || !history.ledger.has(keyText(ledgerKeys.decision(decisionId))))
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
