import { MetricUnit } from '@aws-lambda-powertools/metrics';
import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { DescribeEndpointCommand } from '@aws-sdk/client-sagemaker';
import { incidentIdOf } from '../../core/incident/incident';
import { commitGuarded } from '../../core/release/control';
import { guardAlarmNames, guardAlarms, GUARDED_STAGE, isGuarded } from '../../core/release/guarded';
import { releaseNames } from '../../core/release/names';
import { existingControl, mustChangeControl } from '../shared/control-store';
import { recovered, tryOpenIncident } from '../shared/incidents';
import { existingRelease, type StoredRelease, updateOpenRelease } from '../shared/releases';
import { emit, logger } from '../shared/telemetry';
import { goingOn } from './going-on';
import { changeOf, nowIso, type StepParts } from './parts';

/** How the endpoint stands while SageMaker moves its traffic. */
export interface GuardedLook {
  status: string;
  configName: string;
  /** Why SageMaker went back, in its words. */
  failureReason: string;
}

/** The endpoint runs stable alone again: the alarms on the new fleet are made before there is one. */
export async function guard(parts: StepParts, releaseId: string): Promise<{ version: number; alarms: string[] }> {
  const { ledger, cloudwatch, guardThresholds, surroundings } = parts;
  await goingOn(parts, releaseId);
  const { stable, endpointName } = await existingControl(ledger);
  if (guardThresholds === undefined || stable === undefined || endpointName === undefined) {
    throw new Error(
      `Release ${releaseId} asks for a blue/green deployment, which ${stable === undefined ? 'needs a stable release' : 'the stack has no alarms for: deploy it with the strategy blue-green'}`,
    );
  }
  const fleet = {
    endpointName,
    variantName: stable.variantName,
    endpointConfigName: releaseNames(surroundings.prefix, releaseId).liveConfigName,
  };
  const alarms = guardAlarms(surroundings.prefix, releaseId, fleet, guardThresholds);
  for (const alarm of alarms) await cloudwatch.send(new PutMetricAlarmCommand(alarm as PutMetricAlarmCommandInput));
  // From here on a rollback is asked of SageMaker.
  await updateOpenRelease(ledger, releaseId, { stage: GUARDED_STAGE });
  const next = await mustChangeControl(ledger, async (control) => {
    await goingOn(parts, releaseId);
    return commitGuarded(control, releaseId, changeOf(parts, 'SageMaker moves traffic to a new fleet, within its guardrails'));
  });
  return { version: next.version, alarms: alarms.map(({ AlarmName }) => AlarmName) };
}

/** Whoever told the release to stop may have done so before SageMaker began: it is asked again for as long as it goes on. */
export async function lookGuarded(parts: StepParts, releaseId: string): Promise<GuardedLook> {
  const { ledger, sagemaker, surroundings } = parts;
  const { stop } = await existingRelease(ledger, releaseId);
  const { endpointName, stable } = await existingControl(ledger);
  const { EndpointStatus, EndpointConfigName, FailureReason } = await sagemaker.send(
    new DescribeEndpointCommand({ EndpointName: endpointName }),
  );
  if (stop !== undefined && EndpointStatus === 'Updating') askSageMakerBack(surroundings.useCase);
  const wentBack = EndpointStatus === 'InService' && EndpointConfigName === stable?.endpointConfigName;
  if (wentBack)
    await noteWentBack(parts, releaseId, stop !== undefined, FailureReason ?? 'SageMaker went back to the old fleet without saying why');
  return { status: EndpointStatus ?? '', configName: EndpointConfigName ?? '', failureReason: FailureReason ?? '' };
}

/** Callers are safe now. Whoever asked for it opened an incident where that was due; where SageMaker went back by itself, this does. */
async function noteWentBack(parts: StepParts, releaseId: string, wasAsked: boolean, reason: string): Promise<void> {
  if (wasAsked) {
    await recovered(incidentParts(parts), incidentIdOf('rollback', releaseId));
  } else {
    await tryOpenIncident(incidentParts(parts), { kind: 'rollback', releaseId, reason, by: 'sagemaker', recoveredAt: nowIso(parts) });
  }
  // Nothing is left for SageMaker to take back.
  await updateOpenRelease(parts.ledger, releaseId, { stage: `${GUARDED_STAGE}:back` });
}

const incidentParts = ({ surroundings, ledger, notify, now }: StepParts) => ({ useCase: surroundings.useCase, ledger, notify, now });

function askSageMakerBack(useCase: string): void {
  emit({ UseCase: useCase }, [['RollbackAsked', MetricUnit.Count, 1]]);
}

/** A teardown does not wait for a deployment that may go on for hours: it deletes no endpoint that is updating. */
export async function endGuarded(parts: StepParts, record: StoredRelease, isTeardown: boolean): Promise<void> {
  if (record.spec.rollout.strategy !== 'blue-green') return;
  if (isTeardown && isGuarded(record)) askSageMakerBack(parts.surroundings.useCase);
  // Where nobody saw SageMaker go back, the endpoint was restored since.
  if (!isTeardown) await recovered(incidentParts(parts), incidentIdOf('rollback', record.id));
  await deleteGuardAlarms(parts, record.id);
}

/** An alarm that could not be deleted costs cents and harms nobody, so that it is no reason to end otherwise. */
async function deleteGuardAlarms({ cloudwatch, guardThresholds, surroundings }: StepParts, releaseId: string): Promise<void> {
  if (guardThresholds === undefined) return;
  const AlarmNames = Object.values(guardAlarmNames(surroundings.prefix, releaseId));
  try {
    const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames }));
    const found = (MetricAlarms ?? []).flatMap(({ AlarmName }) => AlarmName ?? []);
    if (found.length > 0) await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: found }));
  } catch (error) {
    logger.error('The alarms of a blue/green deployment could not be deleted', { error, releaseId });
  }
}
