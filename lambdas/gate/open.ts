import type { ControlRecord, DeployedRelease, GatePolicy, ReleaseSpec } from '../../core/contracts';
import type { Batch } from '../../core/gates/batches';
import { checkField } from '../../core/gates/answer';
import { loadPlan, type LevelPlan } from '../../core/gates/load-plan';
import { BadGate } from '../../core/gates/unscored';
import { endpointOf } from '../../core/release/own-endpoint';
import { existingControl } from '../shared/control-store';
import { BadDataSet } from './data-set';
import type { OpenRequest } from './event';
import { errorName } from './models';
import { gateOf, type GateParts, keepPart, type Opening, OPENING, type Place } from './parts';

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
  const { candidate, stable, mode } = control;
  const place = candidate?.releaseId === releaseId ? placeOf(candidate, control) : undefined;
  if (mode === 'killed' || place === undefined) {
    const problem = 'the release does not stand in the dark any more: it was stopped, or the kill switch is on';
    return { opening: { startedAt, problem }, plan: NOTHING };
  }
  const found: Opening = {
    startedAt,
    candidate: place,
    ...(stable === undefined ? {} : { stable: placeOf(stable, control) }),
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

function placeOf(release: DeployedRelease, control: ControlRecord): Place | undefined {
  const endpointName = endpointOf(release, control);
  if (endpointName === undefined) return undefined;
  const { variantName, componentName, mode } = release;
  return { endpointName, variantName, ...(componentName === undefined ? {} : { componentName }), ...(mode === undefined ? {} : { mode }) };
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
  const { candidate, stable } = found;
  const instances = (await instancesOf(parts, candidate)) ?? 1;
  const needed = Math.max(serving.minInstances, (await instancesOf(parts, stable)) ?? 0);
  const fleet = { instances, share: Math.min(1, instances / needed) };
  const levels = loadPlan(gate, fleet.share, stable !== undefined);
  return { opening: { ...found, fleet, levels }, plan: { measure: 'load', levels } };
}

async function instancesOf(parts: GateParts, place: Place | undefined): Promise<number | undefined> {
  if (place === undefined) return undefined;
  try {
    return (await parts.instances(place.endpointName))[place.variantName];
  } catch (error) {
    throw new BadGate(`the endpoint cannot be described (${errorName(error)}): how many instances answer is not known`);
  }
}

function customPlan(
  { useCase }: GateParts,
  { name, functionArn, stateMachineArn, timeoutMinutes }: Extract<GatePolicy, { kind: 'custom' }>,
  releaseId: string,
  { candidate, stable }: Opening,
): GatePlan {
  const question = {
    useCase,
    releaseId,
    gate: name,
    endpointName: candidate?.endpointName,
    variantName: candidate?.variantName,
    ...(candidate?.componentName === undefined ? {} : { componentName: candidate.componentName }),
    stableVariantName: stable?.variantName ?? null,
    ...(stable === undefined || stable.endpointName === candidate?.endpointName ? {} : { stableEndpointName: stable.endpointName }),
  };
  const common = { timeoutSeconds: timeoutMinutes * 60, question };
  if (functionArn !== undefined) return { measure: 'function', functionArn, ...common };
  return { measure: 'state-machine', stateMachineArn, ...common };
}
