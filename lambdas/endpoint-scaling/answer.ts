import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { answerCloudFormation } from '../shared/cloudformation';
import { logger } from '../shared/telemetry';
import { readEvent, type ScalingEvent } from './event';
import { type EndpointParts, holdScaling } from './hold';
import { forgetScaling, registerAfterChange, registerScaling } from './register';

/** CloudFormation always gets its answer; what fails after an event is tried again by Lambda. */
export async function answerScaling(parts: EndpointParts, event: unknown): Promise<unknown> {
  if (!isRequest(event)) {
    const scaling = readEvent(event);
    if (scaling.kind === 'changed') return { changes: await registerAfterChange(parts, scaling.endpoint) };
    throw new Error(`CloudFormation's request of type ${scaling.event.RequestType} has no ResponseURL`);
  }
  const answer = answerTo(event);
  try {
    const scaling = readEvent(event);
    if (scaling.kind === 'changed') throw new Error('A request of CloudFormation is no event of a rule');
    await answerCloudFormation({ ...answer, status: 'SUCCESS', reason: await act(parts, scaling) });
  } catch (error) {
    logger.error('Scaling failed', { error, requestType: event.RequestType });
    await answerCloudFormation({ ...answer, status: 'FAILED', reason: error instanceof Error ? error.message : String(error) });
  }
  return undefined;
}

const isRequest = (event: unknown): event is CloudFormationCustomResourceEvent =>
  typeof (event as Partial<CloudFormationCustomResourceEvent> | null)?.ResponseURL === 'string';

async function act(parts: EndpointParts, { kind, event, endpoint, previous }: Exclude<ScalingEvent, { kind: 'changed' }>): Promise<string> {
  if (kind === 'hold') return previous === undefined ? 'Nothing to hold' : holdScaling(parts, endpoint, previous);
  if (event.RequestType === 'Delete') {
    await forgetScaling(parts, endpoint);
    return 'Deregistered';
  }
  if (previous?.endpointName === endpoint.endpointName) await forgetScaling(parts, previous, endpoint);
  const changes = await registerScaling(parts, endpoint);
  return changes.join('; ') || 'Registered as it was';
}

/** Another endpoint's name is another resource: CloudFormation then deletes the one before it. */
const answerTo = (event: CloudFormationCustomResourceEvent) => ({
  responseUrl: event.ResponseURL,
  stackId: event.StackId,
  requestId: event.RequestId,
  logicalResourceId: event.LogicalResourceId,
  physicalResourceId:
    event.RequestType === 'Delete'
      ? event.PhysicalResourceId
      : `${String(event.ResourceProperties['EndpointName'])}-${event.LogicalResourceId}`,
});
