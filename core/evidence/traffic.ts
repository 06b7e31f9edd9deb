import type { EvidenceBundle, GatePolicy, ReleaseSpec, TrafficChange } from '../contracts';
import { darkInstances, instancesFor } from '../release/capacity';

/** Writes of the control record that moved traffic, from the first that names the release. `changes` in order of their versions. */
export function trafficOf(releaseId: string, changes: TrafficChange[]): TrafficChange[] {
  const from = changes.findIndex(({ lockedBy, candidate, stable, warm }) => [lockedBy, candidate, stable, warm].includes(releaseId));
  if (from < 0) return [];
  const traffic: TrafficChange[] = [];
  for (const change of changes.slice(from)) {
    const before = traffic.at(-1);
    if (before === undefined || !sameTraffic(before, change)) traffic.push(change);
  }
  return traffic;
}

function sameTraffic(left: TrafficChange, right: TrafficChange): boolean {
  return (['mode', 'candidateWeight', 'stable', 'candidate', 'warm'] as const).every((member) => left[member] === right[member]);
}

const MILLIS_PER_HOUR = 3_600_000;

/**
 * What the candidate took while it stood beside stable: the instances that the workflow asked for, without what scaling added.
 * Undefined when it never stood: what SageMaker ran until then is not known. Its price is what a load gate was given, else the meter's.
 */
export function candidateCosts(
  releaseId: string,
  spec: ReleaseSpec,
  traffic: TrafficChange[],
  endedAt: string,
  metered?: { perHour: number; currency: string },
): EvidenceBundle['costs'] {
  const stood = traffic.some(({ candidate }) => candidate === releaseId);
  if (!stood) return undefined;
  let instances = darkInstances(spec);
  let millis = 0;
  traffic.forEach(({ at, candidate, candidateWeight }, index) => {
    if (candidate !== releaseId) return;
    // It grows with its share and never shrinks.
    instances = Math.max(instances, instancesFor(candidateWeight, spec.serving.minInstances));
    const until = traffic[index + 1]?.at ?? endedAt;
    millis += instances * Math.max(0, Date.parse(until) - Date.parse(at));
  });
  const candidateInstanceHours = millis / MILLIS_PER_HOUR;
  const given = priceOf(spec.gates ?? []);
  const pricePerInstanceHour = given ?? metered?.perHour;
  return {
    candidateInstanceHours,
    ...(pricePerInstanceHour === undefined ? {} : { pricePerInstanceHour, amount: candidateInstanceHours * pricePerInstanceHour }),
    ...(given === undefined && metered !== undefined ? { currency: metered.currency } : {}),
  };
}

/** Prices are inputs: one that a load gate was given. */
function priceOf(gates: GatePolicy[]): number | undefined {
  for (const gate of gates) {
    if (gate.kind === 'load' && gate.pricePerInstanceHour !== undefined) return gate.pricePerInstanceHour;
  }
  return undefined;
}
