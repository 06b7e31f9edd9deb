import {
  counterAttribute,
  counterName,
  ERROR_RATE_KPI,
  minuteOf,
  type Arm,
  type CounterField,
  type DecisionObserved,
  type KpiPolicy,
} from '../../../core/contracts';
import { countValue, valueScaleOf } from '../../../core/verdict/value-scale';
import type { History, SentKpiEvent } from '../history';
import { decisionFields } from '../kpi-event';

/** By `<release>|<minute>|<attribute>`. */
type Counts = Map<string, number>;

/** Where a unit is counted. */
interface Place {
  releaseId: string;
  arm: Arm;
  minuteMillis: number;
}

/** What is true of a unit in one release: its decisions may differ, and any of them may have come first. */
interface UnitFacts {
  places: Set<string>;
  decisions: DecisionObserved[];
}

const placeText = ({ arm, minuteMillis }: Omit<Place, 'releaseId'>): string => `${arm}|${minuteMillis}`;

/** Counters differ from what the callers were answered and the producers sent: a sentence for each. */
export function wrongCounters(history: History): string[] {
  const policies = steadyPolicies(history);
  const facts = unitFacts(history);
  const least: Counts = new Map();
  const most: Counts = new Map();
  const add = (place: Place, counter: string, field: CounterField, sure: number, possible = sure): void => {
    const key = `${place.releaseId}|${minuteOf(place.minuteMillis)}|${counterAttribute(counter, place.arm, field)}`;
    least.set(key, (least.get(key) ?? 0) + sure);
    most.set(key, (most.get(key) ?? 0) + possible);
  };
  const problems = countExposures(history, policies, facts, add);
  countOutcomes(history, policies, add);
  const counted = countersOf(history, new Set([ERROR_RATE_KPI, ...policies.map((policy) => counterName(policy))]));
  for (const key of new Set([...least.keys(), ...counted.keys()])) {
    const holds = counted.get(key) ?? 0;
    const [from, to] = [least.get(key) ?? 0, most.get(key) ?? 0];
    if (holds < from || holds > to)
      problems.push(`the counter ${key} holds ${holds}, but what happened makes ${from}${from === to ? '' : ` to ${to}`}`);
  }
  return problems;
}

type Add = (place: Place, counter: string, field: CounterField, sure: number, possible?: number) => void;

/** KPIs that were the same in every release: of the others nobody knows when the handler began to count them. */
function steadyPolicies({ releases }: History): KpiPolicy[] {
  const all = new Map(releases.flatMap(({ spec }) => spec.kpis.map((policy) => [counterName(policy), policy] as const)));
  return [...all.values()].filter((policy) =>
    releases.every(({ spec }) =>
      spec.kpis.some((other) => counterName(other) === counterName(policy) && other.attribution === policy.attribution),
    ),
  );
}

/** By release and unit key, from the lineage and from the events that were sent. */
function unitFacts(history: History): Map<string, UnitFacts> {
  const facts = new Map<string, UnitFacts>();
  const of = (releaseId: string, unitKey: string): UnitFacts => {
    const key = `${releaseId}#${unitKey}`;
    const known = facts.get(key) ?? { places: new Set(), decisions: [] };
    facts.set(key, known);
    return known;
  };
  for (const [key, item] of history.ledger) {
    if (!key.startsWith('decision#')) continue;
    const decision = item as unknown as DecisionObserved;
    const unit = of(decision.releaseId, decision.unitKey);
    unit.decisions.push(decision);
    unit.places.add(placeText({ arm: decision.arm, minuteMillis: decisionFields(decision.decisionId).minuteMillis }));
  }
  for (const { decisionId, arm } of history.kpiSent) {
    const { releaseId, unitKey, minuteMillis } = decisionFields(decisionId);
    if (arm !== undefined) of(releaseId, unitKey).places.add(placeText({ arm, minuteMillis }));
  }
  return facts;
}

/** `n` of what every unit is counted for, and `x` of what its first decision says. */
function countExposures(history: History, policies: KpiPolicy[], facts: Map<string, UnitFacts>, add: Add): string[] {
  const problems: string[] = [];
  for (const [key, item] of history.ledger) {
    if (!key.startsWith('exposure#')) continue;
    const [, releaseId = '', unitKey = ''] = (key.split('|')[0] ?? '').split('#');
    const place = { releaseId, arm: item.arm as Arm, minuteMillis: Number(item.minuteMillis) };
    const unit = facts.get(`${releaseId}#${unitKey}`);
    if (unit?.places.has(placeText(place)) !== true) {
      problems.push(
        `unit ${unitKey} of release ${releaseId} is counted in ${minuteOf(place.minuteMillis)} as ${place.arm}, where it made no decision`,
      );
      continue;
    }
    for (const policy of policies)
      if (policy.type !== 'latency' && policy.attribution !== 'variant') add(place, counterName(policy), 'n', 1);
    if (item.decided === true) countDecision(unit.decisions, place, policies, add);
  }
  return problems;
}

function countDecision(decisions: DecisionObserved[], place: Place, policies: KpiPolicy[], add: Add): void {
  const count = (counter: string, happened: (decision: DecisionObserved) => boolean): void => {
    add(place, counter, 'n', 1);
    add(place, counter, 'x', decisions.every(happened) ? 1 : 0, decisions.some(happened) ? 1 : 0);
  };
  count(ERROR_RATE_KPI, ({ failed }) => failed);
  for (const policy of policies)
    if (policy.type === 'latency') count(counterName(policy), ({ latencyMillis }) => latencyMillis > (policy.aboveMillis ?? Infinity));
}

/** What the outcomes that stand say. */
function countOutcomes(history: History, policies: KpiPolicy[], add: Add): void {
  const sent = new Map(history.kpiSent.map((event) => [event.eventId, event]));
  const byName = new Map(policies.map((policy) => [policy.name, policy]));
  for (const [key, item] of history.ledger) {
    if (!key.startsWith('outcome#')) continue;
    const [pk = '', kpi = ''] = key.split('|');
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
