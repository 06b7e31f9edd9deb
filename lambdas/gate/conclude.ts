import { type GateMeasure, type GatePolicy, type GateResult, ledgerKeys } from '../../core/contracts';
import { readCustomAnswer } from '../../core/gates/custom';
import { type GateDecision, undecided } from '../../core/gates/decision';
import { decideGolden } from '../../core/gates/decide-golden';
import { decideLoad } from '../../core/gates/decide-load';
import { decideSmoke } from '../../core/gates/decide-smoke';
import { type GoldenTally, mergeGolden, noGoldenTally } from '../../core/gates/golden-tally';
import { type LoadTally, mergeLoad, noLoadTally } from '../../core/gates/load-tally';
import { shortened } from '../../core/gates/words';
import type { ConcludeRequest, Heard } from './event';
import { gateOf, type GateParts, type Opening, readOpening, readParts } from './parts';

/** Puts the parts together, decides, and keeps the result: figures and reasons, nothing of what was asked or answered. */
export async function conclude(parts: GateParts, request: ConcludeRequest): Promise<GateResult> {
  const { gate } = await gateOf(parts, request);
  const opening = await readOpening(parts, request, gate.name);
  const decision = await decide(parts, request, gate, opening);
  const endedAt = new Date(parts.now()).toISOString();
  const result: GateResult = {
    releaseId: request.releaseId,
    gate: gate.name,
    kind: gate.kind,
    passed: decision.passed,
    reason: shortened(decision.reason),
    startedAt: opening?.startedAt ?? endedAt,
    endedAt,
    measured: decision.measured.map(rounded),
    ...(opening?.data === undefined ? {} : { data: { uri: opening.data.uri, sha256: opening.data.sha256, lines: opening.data.lines } }),
    ...(decision.worstLines === undefined ? {} : { worstLines: decision.worstLines }),
  };
  await parts.ledger.put(ledgerKeys.gate(request.releaseId, gate.name), result);
  return result;
}

async function decide(parts: GateParts, request: ConcludeRequest, gate: GatePolicy, opening: Opening | undefined): Promise<GateDecision> {
  const { heard } = request;
  if (heard.failure !== undefined) return undecided(failureWords(heard.failure));
  if (opening === undefined) return undecided('the gate was not opened');
  if (opening.problem !== undefined) return undecided(opening.problem);
  const hasStable = opening.stable !== undefined;
  if (gate.kind === 'custom') return readCustomAnswer(heard.answer);
  if (gate.kind === 'load') return decideLevels(parts, request, gate, opening, hasStable);
  const batches = await readParts<GoldenTally>(parts, request, gate.name, 'batch#');
  const tally = [...batches.values()].reduce(mergeGolden, noGoldenTally());
  if (gate.kind === 'smoke') return decideSmoke(tally);
  const expected = opening.data?.lines ?? 0;
  if (tally.lines !== expected) return undecided(`only ${tally.lines} of ${expected} lines were scored`);
  return decideGolden(gate, tally, { hasStable });
}

async function decideLevels(
  parts: GateParts,
  request: ConcludeRequest,
  gate: Extract<GatePolicy, { kind: 'load' }>,
  { levels = [], fleet = { instances: 1, share: 1 } }: Opening,
  hasStable: boolean,
): Promise<GateDecision> {
  const sent = await readParts<LoadTally>(parts, request, gate.name, 'candidate#');
  const rivals = await readParts<LoadTally>(parts, request, gate.name, 'stable#');
  const measured = levels.map(({ multiple, seconds, drivers }, level) => ({
    multiple,
    seconds,
    tally: merged(sent, `candidate#${level}#`),
    planned: drivers.filter(({ arm }) => arm === 'candidate').reduce((sum, { requests }) => sum + requests, 0),
  }));
  return decideLoad(gate, measured, rivals.size === 0 ? undefined : merged(rivals, 'stable#'), fleet, { hasStable });
}

const merged = (tallies: Map<string, LoadTally>, prefix: string): LoadTally =>
  [...tallies].filter(([name]) => name.startsWith(prefix)).reduce((sum, [, tally]) => mergeLoad(sum, tally), noLoadTally());

const KNOWN_ERRORS: Record<string, string> = {
  'States.Timeout': 'took longer than it may',
  'States.DataLimitExceeded': 'answered more than 256 KiB',
  DataSetChanged: 'the data set changed while it was read',
  BadDataSet: 'the data set cannot be read any more',
};

/** Causes may quote requests and answers: logs hold them, evidence does not. */
function failureWords({ what, error }: NonNullable<Heard['failure']>): string {
  const known = KNOWN_ERRORS[error];
  return known === undefined ? `${what} failed (${error.slice(0, 100)}): its log says why` : `${what}: ${known}`;
}

/** Six digits say everything. */
function rounded(measure: GateMeasure): GateMeasure {
  const { value, rival } = measure;
  return {
    ...measure,
    ...(value === undefined ? {} : { value: Number(value.toPrecision(6)) }),
    ...(rival?.value === undefined ? {} : { rival: { ...rival, value: Number(rival.value.toPrecision(6)) } }),
  };
}
