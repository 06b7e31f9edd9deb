import type { GateMeasure, LoadGate } from '../contracts';
import { decided, type Finding, type GateDecision, undecided } from './decision';
import { countOf, fewestFor, percentileOf } from './histogram';
import { failuresOf, type LoadTally } from './load-tally';
import type { Surrounding } from './decide-golden';
import { figure, many, together } from './words';

/** What was measured at one multiple of the expected load. */
export interface LoadLevel {
  multiple: number;
  /** How long requests were sent. */
  seconds: number;
  tally: LoadTally;
  /** Requests that were to be sent. */
  planned: number;
}

/** What stood while the load ran. */
export interface Fleet {
  instances: number;
  /** Share of the fleet that the release needs once it is stable: the load was scaled by it. */
  share: number;
}

/** What the load says of the candidate, level by level. */
export function decideLoad(
  gate: LoadGate,
  levels: LoadLevel[],
  rival: LoadTally | undefined,
  fleet: Fleet,
  { hasStable }: Surrounding,
): GateDecision {
  if (levels.length === 0) return undecided('no level of the load was measured');
  const findings = levels.flatMap((level) => levelFindings(gate, level, fleet));
  const compared = gate.notSlower === undefined ? [] : [rivalFinding(gate.notSlower, levels, rival, hasStable)];
  return decided([...fleetNote(fleet), ...findings, ...compared], together);
}

function fleetNote({ instances, share }: Fleet): Finding[] {
  if (share >= 1) return [];
  const words = `load scaled to ${figure(share * 100)} % of the fleet, which is what stands (${many(instances, 'instance')})`;
  return [{ measure: { name: 'share of the fleet that stood', value: share, passed: true, count: instances }, words }];
}

function levelFindings(gate: LoadGate, level: LoadLevel, fleet: Fleet): Finding[] {
  const at = `at ${figure(level.multiple)} × load`;
  const { tally } = level;
  if (tally.sent < level.planned) {
    const measure: GateMeasure = {
      name: `requests sent ${at}`,
      value: tally.sent,
      demanded: `${level.planned}`,
      passed: false,
      count: tally.sent,
    };
    return [
      { measure, words: `only ${tally.sent} of ${level.planned} requests were sent ${at}` },
      ...measuredFindings(gate, level, at, fleet),
    ];
  }
  return measuredFindings(gate, level, at, fleet);
}

const measuredFindings = (gate: LoadGate, level: LoadLevel, at: string, fleet: Fleet): Finding[] => [
  errorFinding(gate, level.tally, at),
  latencyFinding(gate, level.tally, at),
  ...costFindings(gate, level, at, fleet),
];

function errorFinding({ errorRateAtMost }: LoadGate, tally: LoadTally, at: string): Finding {
  const failed = failuresOf(tally);
  const name = `error rate ${at}`;
  const demanded = `at most ${figure(errorRateAtMost)}`;
  if (tally.sent === 0) return { measure: { name, demanded, passed: false, count: 0 }, words: `no request was sent ${at}` };
  const value = failed / tally.sent;
  const causes = Object.entries(tally.failures).map(([why, n]) => `${why}: ${n}`);
  const why = causes.length === 0 ? '' : ` (${causes.slice(0, 3).join(', ')})`;
  return {
    measure: { name, value, demanded, passed: value <= errorRateAtMost, count: tally.sent },
    words: `${name} ${figure(value)} of ${many(tally.sent, 'request')}${why}, ${demanded} demanded`,
  };
}

function latencyFinding({ latency }: LoadGate, { latencies }: LoadTally, at: string): Finding {
  const percentile = latency?.percentile ?? 95;
  const name = `p${figure(percentile)} ${at}`;
  const value = percentileOf(latencies, percentile);
  const count = countOf(latencies);
  const demanded = latency === undefined ? {} : { demanded: `below ${figure(latency.belowMillis)} ms` };
  if (value === undefined) {
    const words = `${many(count, 'answer')} ${at}, at least ${fewestFor(percentile)} are needed for p${figure(percentile)}`;
    return { measure: { name, unit: 'ms', ...demanded, passed: latency === undefined, count }, words };
  }
  const measure = { name, value, unit: 'ms', ...demanded, passed: latency === undefined || value < latency.belowMillis, count };
  const asked = latency === undefined ? '' : `, below ${figure(latency.belowMillis)} ms demanded`;
  return { measure, words: `${name} ${figure(value)} ms of ${many(count, 'answer')}${asked}` };
}

/** Instances are paid by the hour, whatever they answer. */
function costFindings(gate: LoadGate, { seconds, tally }: LoadLevel, at: string, { instances }: Fleet): Finding[] {
  const { pricePerInstanceHour: price, costPerAnswerAtMost: most } = gate;
  if (price === undefined) return [];
  const name = `cost per answer ${at}`;
  const demanded = most === undefined ? {} : { demanded: `at most ${figure(most)}` };
  const answered = countOf(tally.latencies);
  if (answered === 0) {
    return [{ measure: { name, ...demanded, passed: most === undefined, count: 0 }, words: `nothing was answered ${at}` }];
  }
  const value = (instances * price * (seconds / 3600)) / answered;
  const asked = most === undefined ? '' : `, at most ${figure(most)} demanded`;
  return [
    {
      measure: { name, value, ...demanded, passed: most === undefined || value <= most, count: answered },
      words: `${name} ${figure(value)} (${many(instances, 'instance')}, ${many(answered, 'answer')})${asked}`,
    },
  ];
}

/** Stable is asked sparingly, while it answers its callers: compared is the candidate's level closest to the expected load. */
function rivalFinding(
  { than, percentile, ratioAtMost }: NonNullable<LoadGate['notSlower']>,
  levels: LoadLevel[],
  rival: LoadTally | undefined,
  hasStable: boolean,
): Finding {
  const p = `p${figure(percentile)}`;
  const name = `${p} against ${than}`;
  if (than === 'stable' && !hasStable) {
    return { measure: { name, rival: { arm: than }, passed: true }, words: 'no stable release yet to compare with' };
  }
  const demanded = `at most ${figure(ratioAtMost)} × ${than}'s`;
  const [level] = [...levels].sort((one, other) => Math.abs(one.multiple - 1) - Math.abs(other.multiple - 1));
  const value = level === undefined ? undefined : percentileOf(level.tally.latencies, percentile);
  const other = rival === undefined ? undefined : percentileOf(rival.latencies, percentile);
  if (level === undefined || value === undefined || other === undefined) {
    const answers = rival === undefined ? 0 : countOf(rival.latencies);
    const own = level === undefined ? 0 : countOf(level.tally.latencies);
    const words = `${many(own, 'answer')} of the candidate and ${answers} of ${than}, at least ${fewestFor(percentile)} of each are needed for ${p}`;
    return { measure: { name, unit: 'ms', rival: { arm: than }, demanded, passed: false, count: answers }, words };
  }
  return {
    measure: {
      name,
      value,
      unit: 'ms',
      rival: { arm: than, value: other },
      demanded,
      passed: value <= ratioAtMost * other,
      count: countOf(level.tally.latencies),
    },
    words: `${p} ${figure(value)} ms, ${than}'s ${figure(other)} ms, ${demanded} demanded`,
  };
}
