import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { answerCloudFormation } from '../shared/cloudformation';
import { logger } from '../shared/telemetry';
import type { ScalingEvent } from './event';
import { type EndpointParts, holdScaling } from './hold';
import { forgetScaling, registerAfterChange, registerScaling } from './register';

/** CloudFormation always gets its answer; what fails after an event is tried again by Lambda. */
export async function answerScaling(parts: EndpointParts, scaling: ScalingEvent): Promise<unknown> {
  if (scaling.kind === 'changed') return { changes: await registerAfterChange(parts, scaling.endpoint) };
  const { event, kind, endpoint } = scaling;
  const answer = answerTo(event, `${endpoint.endpointName}-scaling${kind === 'hold' ? '-hold' : ''}`);
  try {
    await answerCloudFormation({ ...answer, status: 'SUCCESS', reason: await act(parts, scaling) });
  } catch (error) {
    logger.error('Scaling failed', { error, requestType: event.RequestType, endpointName: endpoint.endpointName });
    await answerCloudFormation({ ...answer, status: 'FAILED', reason: error instanceof Error ? error.message : String(error) });
  }
  return undefined;
}

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
const answerTo = (event: CloudFormationCustomResourceEvent, physicalResourceId: string) => ({
  responseUrl: event.ResponseURL,
  stackId: event.StackId,
  requestId: event.RequestId,
  logicalResourceId: event.LogicalResourceId,
  physicalResourceId: event.RequestType === 'Delete' ? event.PhysicalResourceId : physicalResourceId,
});
