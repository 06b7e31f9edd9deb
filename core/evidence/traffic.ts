import type { ControlRecord, EvidenceBundle, GatePolicy, ReleaseSpec, TrafficChange } from '../contracts';

/** Writes of the control record that moved traffic, from the first that names the release. `changes` in order of their versions. */
export function trafficOf(releaseId: string, changes: ControlRecord[]): TrafficChange[] {
  const from = changes.findIndex((change) => names(change, releaseId));
  if (from < 0) return [];
  const traffic: TrafficChange[] = [];
  for (const change of changes.slice(from).map(trafficChange)) {
    const before = traffic.at(-1);
    if (before === undefined || !sameTraffic(before, change)) traffic.push(change);
  }
  return traffic;
}

function names({ lockedBy, candidate, stable, warm }: ControlRecord, releaseId: string): boolean {
  return [lockedBy, candidate?.releaseId, stable?.releaseId, warm?.release.releaseId].includes(releaseId);
}

function trafficChange({
  changedAt,
  changedBy,
  reason,
  version,
  mode,
  candidateWeight,
  stable,
  candidate,
  warm,
}: ControlRecord): TrafficChange {
  return {
    at: changedAt,
    by: changedBy,
    reason,
    version,
    mode,
    candidateWeight,
    ...(stable === undefined ? {} : { stable: stable.releaseId }),
    ...(candidate === undefined ? {} : { candidate: candidate.releaseId }),
    ...(warm === undefined ? {} : { warm: warm.release.releaseId }),
  };
}

function sameTraffic(left: TrafficChange, right: TrafficChange): boolean {
  return (['mode', 'candidateWeight', 'stable', 'candidate', 'warm'] as const).every((member) => left[member] === right[member]);
}

const MILLIS_PER_HOUR = 3_600_000;

/**
 * What the candidate took while it stood beside stable: the instances that the workflow asked for, without what scaling added.
 * Undefined when it never stood: what SageMaker ran until then is not known.
 */
export function candidateCosts(releaseId: string, spec: ReleaseSpec, traffic: TrafficChange[], endedAt: string): EvidenceBundle['costs'] {
  const stood = traffic.some(({ candidate }) => candidate === releaseId);
  if (!stood) return undefined;
  let instances = 1;
  let hours = 0;
  traffic.forEach(({ at, candidate, candidateWeight }, index) => {
    if (candidate !== releaseId) return;
    const share = candidateWeight > 0 ? candidateWeight : (spec.rollout.steps[0]?.weight ?? 1);
    instances = Math.max(instances, Math.ceil(share * spec.serving.minInstances));
    const until = traffic[index + 1]?.at ?? endedAt;
    hours += instances * Math.max(0, Date.parse(until) - Date.parse(at));
  });
  const candidateInstanceHours = hours / MILLIS_PER_HOUR;
  const pricePerInstanceHour = priceOf(spec.gates ?? []);
  return {
    candidateInstanceHours,
    ...(pricePerInstanceHour === undefined ? {} : { pricePerInstanceHour, amount: candidateInstanceHours * pricePerInstanceHour }),
  };
}

/** Prices are inputs: one that a load gate was given. */
function priceOf(gates: GatePolicy[]): number | undefined {
  for (const gate of gates) {
    if (gate.kind === 'load' && gate.pricePerInstanceHour !== undefined) return gate.pricePerInstanceHour;
  }
  return undefined;
}
