import { NO_RELEASE } from '../../core/assignment';
import type { Arm, ControlRecord, DecisionObserved, KpiObserved, KpiPolicy, RejectionReason } from '../../core/contracts';
import { type Keyring, readDecisionId, unitKeyOf } from '../../core/decision-id';
import type { Attribution } from './work';

export interface AttributionRules {
  useCase: string;
  keyring: Keyring;
  /** Read after the newest decision of the batch; missing where no KPI needs it, or before the first release. */
  control?: ControlRecord;
}

export interface NotAttributed {
  reason: RejectionReason;
  detail: string;
}

const MINUTE_MILLIS = 60_000;

export function attribute(event: KpiObserved, policy: KpiPolicy, rules: AttributionRules): Attribution | NotAttributed {
  const { decisionId, inferenceId } = event;
  if (decisionId !== undefined && inferenceId !== undefined && decisionId !== inferenceId) {
    return { reason: 'bad-decision-id', detail: 'decisionId and inferenceId differ: they are two names of one id' };
  }
  const id = decisionId ?? inferenceId;
  if (id !== undefined) {
    return byDecision(id, rules.keyring);
  }
  if (policy.attribution !== 'variant') {
    return {
      reason: 'bad-decision-id',
      detail: `${policy.name} is attributed by decisionId or inferenceId; its charter does not allow variant`,
    };
  }
  return byVariant(event, rules);
}

/** Only of what the gateway signed. */
export function attributeDecision(decision: DecisionObserved, { useCase, keyring }: AttributionRules): Attribution | NotAttributed {
  if (decision.useCase !== useCase) {
    return { reason: 'wrong-use-case', detail: `Belongs to '${decision.useCase}', this is '${useCase}'` };
  }
  const of = readDecisionId(keyring, decision.decisionId);
  if (!of.ok) {
    return { reason: 'bad-decision-id', detail: of.reason };
  }
  return of.releaseId === decision.releaseId && of.arm === decision.arm && of.unitKey === decision.unitKey
    ? of
    : { reason: 'bad-decision-id', detail: 'The decision does not say what its signed id says' };
}

function byDecision(id: string, keyring: Keyring): Attribution | NotAttributed {
  const of = readDecisionId(keyring, id);
  if (!of.ok) {
    return { reason: 'bad-decision-id', detail: of.reason };
  }
  return of.releaseId === NO_RELEASE ? { reason: 'no-comparison', detail: 'The decision was made before the first release' } : of;
}

/** By the slots of the control record, which have not changed since the variant answered. */
function byVariant({ variant = '', decidedAt = '', unit, eventId }: KpiObserved, rules: AttributionRules): Attribution | NotAttributed {
  const { useCase, keyring, control } = rules;
  const arms = armsOf(control);
  const releaseId = control?.candidate?.releaseId ?? control?.stable?.releaseId;
  if (control === undefined || releaseId === undefined || arms.size === 0) {
    return { reason: 'no-comparison', detail: 'No release answers under any variant' };
  }
  const sinceIso = control.armsSince ?? control.changedAt;
  if (Date.parse(decidedAt) < Date.parse(sinceIso)) {
    return { reason: 'bad-variant', detail: `decidedAt is ${decidedAt}: before the releases behind the variants changed at ${sinceIso}` };
  }
  const arm = arms.get(variant);
  if (arm === undefined) {
    return { reason: 'bad-variant', detail: `No release answers under variant '${variant}'; there is ${[...arms.keys()].join(', ')}` };
  }
  const exposureMinuteMillis = Math.floor(Date.parse(decidedAt) / MINUTE_MILLIS) * MINUTE_MILLIS;
  return { releaseId, arm, exposureMinuteMillis, unitKey: unitKeyOf(keyring, useCase, unit ?? eventId) };
}

function armsOf(control: ControlRecord | undefined): Map<string, Arm> {
  const { stable, candidate } = control?.mode === 'killed' ? {} : (control ?? {});
  const arms = new Map<string, Arm>();
  if (stable !== undefined) arms.set(stable.variantName, 'stable');
  if (candidate !== undefined) arms.set(candidate.variantName, 'candidate');
  return arms;
}
