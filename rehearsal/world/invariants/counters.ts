import { NO_RELEASE } from '../../../core/assignment';
import {
  counterAttribute,
  counterName,
  ERROR_RATE_KPI,
  minuteOf,
  type Arm,
  type CounterField,
  type KpiPolicy,
} from '../../../core/contracts';
import { countValue, valueScaleOf } from '../../../core/verdict/value-scale';
import type { History, SentKpiEvent } from '../history';
import { decisionFields } from '../kpi-event';
import { decisionsOf, type Lineage } from './lineage';

/** By `<release>|<minute>|<attribute>`. */
type Counts = Map<string, number>;

/** Where a unit is counted. */
interface Place {
  releaseId: string;
  arm: Arm;
  minuteMillis: number;
}

const placeText = ({ arm, minuteMillis }: Omit<Place, 'releaseId'>): string => `${arm}|${minuteMillis}`;

type Add = (place: Place, counter: string, field: CounterField, value: number) => void;

/** Counters that differ from what the callers were answered and the producers sent: a sentence for each. */
export function wrongCounters(history: History): string[] {
  const policies = steadyPolicies(history);
  const due: Counts = new Map();
  const add: Add = (place, counter, field, value) => {
    const key = `${place.releaseId}|${minuteOf(place.minuteMillis)}|${counterAttribute(counter, place.arm, field)}`;
    due.set(key, (due.get(key) ?? 0) + value);
  };
  const problems = countExposures(history, policies, add);
  countOutcomes(history, policies, add);
  const counted = countersOf(history, new Set([ERROR_RATE_KPI, ...policies.map((policy) => counterName(policy))]));
  for (const key of new Set([...due.keys(), ...counted.keys()])) {
    const holds = counted.get(key) ?? 0;
    const should = due.get(key) ?? 0;
    if (holds !== should) problems.push(`the counter ${key} holds ${holds}, but what happened makes ${should}`);
  }
  return problems;
}

/** KPIs that were the same in every release: of the others nobody knows when the handler began to count them. */
function steadyPolicies({ releases }: History): KpiPolicy[] {
  const all = new Map(releases.flatMap(({ spec }) => spec.kpis.map((policy) => [counterName(policy), policy] as const)));
  return [...all.values()].filter((policy) =>
    releases.every(({ spec }) =>
      spec.kpis.some((other) => counterName(other) === counterName(policy) && other.attribution === policy.attribution),
    ),
  );
}

/** By release and unit key: in which arm and minute each unit made decisions, as its callers and producers know. */
function placesOf(history: History): Map<string, Set<string>> {
  const places = new Map<string, Set<string>>();
  for (const { decisionId, arm } of [...decisionsOf(history), ...history.answers, ...history.kpiSent]) {
    if (decisionId === undefined || arm === undefined) continue;
    const { releaseId, unitKey, minuteMillis } = decisionFields(decisionId);
    const key = `${releaseId}#${unitKey}`;
    places.set(key, (places.get(key) ?? new Set()).add(placeText({ arm, minuteMillis })));
  }
  return places;
}

/** `n` of what every unit is counted for, and `x` of what its first decision says. */
function countExposures(history: History, policies: KpiPolicy[], add: Add): string[] {
  const places = placesOf(history);
  const problems: string[] = [];
  const exposed = new Set<string>();
  for (const [key, item] of history.ledger) {
    if (!key.startsWith('exposure#')) continue;
    const [, releaseId = '', unitKey = ''] = (key.split('|')[0] ?? '').split('#');
    const unit = `${releaseId}#${unitKey}`;
    exposed.add(unit);
    const place = { releaseId, arm: item.arm as Arm, minuteMillis: Number(item.minuteMillis) };
    if (places.get(unit)?.has(placeText(place)) !== true)
      problems.push(`unit ${unit} is counted in ${minuteOf(place.minuteMillis)} as ${place.arm}, where it made no decision`);
    for (const policy of policies)
      if (policy.type !== 'latency' && policy.attribution !== 'variant') add(place, counterName(policy), 'n', 1);
    if (item.decision !== undefined) countDecision(item.decision as Lineage, place, policies, add);
  }
  for (const { decisionId } of decisionsOf(history)) {
    const { releaseId, unitKey } = decisionFields(decisionId);
    if (releaseId !== NO_RELEASE && !exposed.has(`${releaseId}#${unitKey}`)) problems.push(`decision ${decisionId} exposed no unit`);
  }
  return problems;
}

function countDecision({ failed, latencyMillis, firstByteMillis }: Lineage, place: Place, policies: KpiPolicy[], add: Add): void {
  add(place, ERROR_RATE_KPI, 'n', 1);
  add(place, ERROR_RATE_KPI, 'x', failed ? 1 : 0);
  for (const policy of policies) {
    if (policy.type !== 'latency') continue;
    add(place, counterName(policy), 'n', 1);
    add(place, counterName(policy), 'x', (firstByteMillis ?? latencyMillis) > (policy.aboveMillis ?? Infinity) ? 1 : 0);
  }
}

/** What the outcomes that stand say. */
function countOutcomes(history: History, policies: KpiPolicy[], add: Add): void {
  const sent = new Map(history.kpiSent.map((event) => [event.eventId, event]));
  const byName = new Map(policies.map((policy) => [policy.name, policy]));
  for (const [key, item] of history.ledger) {
    if (!key.startsWith('outcome#')) continue;
    const [pk = '', kpi = ''] = key.split('|');
    if (kpi.includes('#')) continue;
    const [, releaseId = '', unitKey = ''] = pk.split('#');
    const event = sent.get(String(item.eventId));
    const policy = byName.get(kpi);
    if (event === undefined || policy === undefined) continue;
    const place = placeOf(history, releaseId, unitKey, event, policy);
    if (place === undefined) continue;
    if (policy.attribution === 'variant') add(place, counterName(policy), 'n', 1);
    countOutcome(policy, event.value, (field, value) => add(place, counterName(policy), field, value));
  }
}

/** Attributed by variant, an outcome has its own place; else its unit's. */
function placeOf(history: History, releaseId: string, unitKey: string, event: SentKpiEvent, policy: KpiPolicy): Place | undefined {
  if (policy.attribution === 'variant')
    return event.arm === undefined ? undefined : { releaseId, arm: event.arm, minuteMillis: event.decidedAtMillis };
  const exposure = history.ledger.get(`exposure#${releaseId}#${unitKey}|exposure`);
  return exposure === undefined ? undefined : { releaseId, arm: exposure.arm as Arm, minuteMillis: Number(exposure.minuteMillis) };
}

function countOutcome(policy: KpiPolicy, value: number, add: (field: CounterField, value: number) => void): void {
  if (policy.type === 'binary') {
    add('x', value === 1 ? 1 : 0);
    return;
  }
  const { sum, squares, tilts } = countValue(valueScaleOf(policy), value);
  add('x', 1);
  add('s', sum);
  add('q', squares);
  tilts.forEach((tilt, index) => add(`e${index}` as CounterField, tilt));
}

/** Shards added up. */
function countersOf(history: History, counters: Set<string>): Counts {
  const counts: Counts = new Map();
  for (const [key, item] of history.ledger) {
    const [, releaseId, minute] = /^counters#(.+)#\d+\|minute#(.+)$/.exec(key) ?? [];
    if (releaseId === undefined) continue;
    for (const [attribute, value] of Object.entries(item)) {
      const [counter = '', , field] = attribute.split('|');
      if (field === undefined || !counters.has(counter)) continue;
      const name = `${releaseId}|${minute}|${attribute}`;
      counts.set(name, (counts.get(name) ?? 0) + Number(value));
    }
  }
  return counts;
}
