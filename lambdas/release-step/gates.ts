import { type GateResult, ledgerKeys } from '../../core/contracts';
import { goingOn } from './going-on';
import type { ActionOf } from './action';
import { nowIso, type StepParts } from './parts';

const MAX_QUOTED_CHARACTERS = 300;

/** Keeps a gate's result as evidence. A gate that failed itself, or answered something else, has not passed. */
export async function keepGate(
  parts: StepParts,
  { releaseId, index, startedAt, result, problem }: ActionOf<'keep-gate'>,
): Promise<Pick<GateResult, 'gate' | 'passed' | 'reason'>> {
  const { spec } = await goingOn(parts, releaseId);
  const gate = spec.gates?.[index];
  if (gate === undefined) {
    throw new Error(`Release ${releaseId} has ${spec.gates?.length ?? 0} gates, there is no gate ${index}`);
  }
  const fault = problem ?? faultOf(result, releaseId, gate.name);
  const kept: GateResult =
    fault === undefined
      ? (result as GateResult)
      : { releaseId, gate: gate.name, kind: gate.kind, passed: false, reason: fault, startedAt, endedAt: nowIso(parts), measured: [] };
  await parts.ledger.put(ledgerKeys.gate(releaseId, gate.name), kept);
  return { gate: kept.gate, passed: kept.passed, reason: kept.reason };
}

/** Why this is no result of the gate; undefined where it is one. */
function faultOf(result: unknown, releaseId: string, gate: string): string | undefined {
  const given = (typeof result === 'object' && result !== null ? result : {}) as Partial<GateResult>;
  const isResult =
    given.releaseId === releaseId &&
    given.gate === gate &&
    typeof given.passed === 'boolean' &&
    typeof given.reason === 'string' &&
    Array.isArray(given.measured);
  if (isResult) {
    return undefined;
  }
  const quoted = (JSON.stringify(result) ?? 'nothing').slice(0, MAX_QUOTED_CHARACTERS);
  return `The gate answered no result of its own (releaseId, gate, passed, reason, measured): ${quoted}`;
}
