import type { ControlRecord, GatePolicy, ReleaseSpec } from '../../core/contracts';
import type { Batch } from '../../core/gates/batches';
import { checkField } from '../../core/gates/answer';
import { loadPlan, type LevelPlan } from '../../core/gates/load-plan';
import { BadGate } from '../../core/gates/unscored';
import { existingControl } from '../shared/control-store';
import { BadDataSet } from './data-set';
import type { OpenRequest } from './event';
import { errorName } from './models';
import { gateOf, type GateParts, keepPart, type Opening, OPENING } from './parts';

/** What the workflow does next: nothing but conclude where `measure` is `none`. */
export interface GatePlan {
  measure: 'lines' | 'load' | 'function' | 'state-machine' | 'none';
  batches?: Batch[];
  concurrency?: number;
  levels?: LevelPlan[];
  functionArn?: string;
  stateMachineArn?: string;
  timeoutSeconds?: number;
  /** What a gate of the user's is asked. */
  question?: object;
}

/** With what one handler has under way, eight requests at a time. */
const BATCHES_AT_A_TIME = 2;

const NOTHING: GatePlan = { measure: 'none' };

/** Finds out what is to be measured, and against whom. What cannot be is noted for the conclusion. */
export async function open(parts: GateParts, request: OpenRequest): Promise<GatePlan> {
  const { release, gate } = await gateOf(parts, request);
  const control = await existingControl(parts.ledger);
  const { opening, plan } = await opened(parts, gate, release.spec, control, request);
  await keepPart(parts, request, gate.name, OPENING, opening);
  return plan;
}

async function opened(
  parts: GateParts,
  gate: GatePolicy,
  spec: ReleaseSpec,
  control: ControlRecord,
  { releaseId, startedAt }: OpenRequest,
): Promise<{ opening: Opening; plan: GatePlan }> {
  const { candidate, stable, endpointName, mode } = control;
  if (mode === 'killed' || endpointName === undefined || candidate?.releaseId !== releaseId) {
    const problem = 'the release does not stand in the dark any more: it was stopped, or the kill switch is on';
    return { opening: { startedAt, problem }, plan: NOTHING };
  }
  const found: Opening = {
    startedAt,
    endpointName,
    candidateVariant: candidate.variantName,
    ...(stable === undefined ? {} : { stableVariant: stable.variantName }),
  };
  if (gate.kind === 'custom') return { opening: found, plan: customPlan(parts, gate, releaseId, found) };
  try {
    if (gate.kind === 'golden-set') checkGolden(parts, gate);
    const { batches, ...data } = await parts.data.open(gate.data);
    const opening = { ...found, data };
    if (gate.kind === 'load') return await openedLoad(parts, gate, spec, opening);
    const part = gate.kind === 'smoke' ? firstLine(batches) : batches;
    return { opening, plan: { measure: 'lines', batches: part, concurrency: BATCHES_AT_A_TIME } };
  } catch (error) {
    if (error instanceof BadDataSet || error instanceof BadGate) return { opening: { ...found, problem: error.message }, plan: NOTHING };
    throw error;
  }
}

/** What is wrong with the gate itself is found before anybody is asked. */
function checkGolden(parts: GateParts, gate: Extract<GatePolicy, { kind: 'golden-set' }>): void {
  parts.scorers.scorer(gate.scorer);
  checkField(gate.bias?.field);
}

/** Its batch holds more lines; only the first is sent. */
const firstLine = (batches: Batch[]): Batch[] => batches.slice(0, 1).map((batch) => ({ ...batch, lines: 1 }));

async function openedLoad(
  parts: GateParts,
  gate: Extract<GatePolicy, { kind: 'load' }>,
  { serving }: ReleaseSpec,
  found: Opening,
): Promise<{ opening: Opening; plan: GatePlan }> {
  const { endpointName = '', candidateVariant = '', stableVariant } = found;
  const counts = await instancesOf(parts, endpointName);
  const instances = counts[candidateVariant] ?? 1;
  const needed = Math.max(serving.minInstances, stableVariant === undefined ? 0 : (counts[stableVariant] ?? 0));
  const fleet = { instances, share: Math.min(1, instances / needed) };
  const levels = loadPlan(gate, fleet.share, stableVariant !== undefined);
  return { opening: { ...found, fleet, levels }, plan: { measure: 'load', levels } };
}

async function instancesOf(parts: GateParts, endpointName: string): Promise<Record<string, number>> {
  try {
    return await parts.instances(endpointName);
  } catch (error) {
    throw new BadGate(`the endpoint cannot be described (${errorName(error)}): how many instances answer is not known`);
  }
}

function customPlan(
  { useCase }: GateParts,
  { name, functionArn, stateMachineArn, timeoutMinutes }: Extract<GatePolicy, { kind: 'custom' }>,
  releaseId: string,
  { endpointName, candidateVariant, stableVariant }: Opening,
): GatePlan {
  const question = {
    useCase,
    releaseId,
    gate: name,
    endpointName,
    variantName: candidateVariant,
    stableVariantName: stableVariant ?? null,
  };
  const common = { timeoutSeconds: timeoutMinutes * 60, question };
  if (functionArn !== undefined) return { measure: 'function', functionArn, ...common };
  return { measure: 'state-machine', stateMachineArn, ...common };
}
