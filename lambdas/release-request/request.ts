import type { CloudFormationCustomResourceDeleteEvent, CloudFormationCustomResourceEvent } from 'aws-lambda';
import { kill } from '../../core/release/control';
import { answerCloudFormation, type CloudFormationAnswer } from '../shared/cloudformation';
import { readControl } from '../shared/control-store';
import { recordRefusal } from '../shared/refusals';
import { stopRelease } from '../shared/stopping';
import { logger } from '../shared/telemetry';
import { type Adopter, ensureControl } from './adoption';
import { type Desire, desire, type DesireParts } from './desire';
import { readSpec } from './event';
import { ReleaseRefused } from './refused';

export interface RequestParts extends DesireParts {
  useCase: string;
  adopter: Adopter;
  existingEndpoint?: string;
  now(): number;
  startTeardown(executionName: string, input: object): Promise<void>;
}

const CLOUDFORMATION = 'cloudformation';
/** Who asked, as the release's record says. */
const DEPLOY = 'deploy';

/** Answers Create and Update at once: a deployment never waits for a release. Teardown answers Delete. */
export async function handleRequest(parts: RequestParts, event: CloudFormationCustomResourceEvent): Promise<void> {
  try {
    if (event.RequestType === 'Delete') {
      await startTeardown(parts, event);
      return;
    }
    const { releaseId, started, reason } = await askFor(parts, event);
    logger.info('Desired release', { releaseId, started, reason });
    await answerCloudFormation({
      ...answerTo(event, parts.useCase),
      status: 'SUCCESS',
      reason,
      data: { ReleaseId: releaseId ?? '', Started: String(started) },
    });
  } catch (error) {
    logger.error('The request failed', { error, requestType: event.RequestType });
    const reason = error instanceof Error ? error.message : String(error);
    await answerCloudFormation({ ...answerTo(event, parts.useCase), status: 'FAILED', reason });
  }
}

/** What is refused is recorded, and fails the deployment with the reason: nothing has changed then. */
async function askFor(parts: RequestParts, event: CloudFormationCustomResourceEvent): Promise<Desire> {
  const at = new Date(parts.now()).toISOString();
  const charter = readSpec(event.ResourceProperties, parts.useCase);
  const change = { at, by: CLOUDFORMATION, reason: 'The stack was deployed' };
  await ensureControl(parts.ledger, parts.adopter, parts.existingEndpoint, charter.rollout.holdout, change);
  try {
    return await desire(parts, { requestId: `deploy:${event.RequestId}`, by: DEPLOY, at, charter });
  } catch (error) {
    if (!(error instanceof ReleaseRefused)) throw error;
    await recordRefusal(parts.ledger, { at, what: 'release', by: DEPLOY, reason: error.message });
    throw new Error(`${error.message}. ${error.next}.`, { cause: error });
  }
}

/** Traffic goes to the baseline first; the teardown workflow removes the rest and answers CloudFormation. */
async function startTeardown(parts: RequestParts, event: CloudFormationCustomResourceDeleteEvent): Promise<void> {
  const { ledger, sfn } = parts;
  const change = { at: new Date(parts.now()).toISOString(), by: CLOUDFORMATION, reason: 'The stack was deleted' };
  const control = await readControl(ledger);
  if (control !== undefined) {
    await stopRelease(ledger, sfn, control.lockedBy, { ...change, outcome: 'withdrawn' }, (current) => kill(current, change));
  }
  const { responseUrl, stackId, requestId, logicalResourceId, physicalResourceId } = answerTo(event, parts.useCase);
  const cloudFormation = { responseUrl, stackId, requestId, logicalResourceId, physicalResourceId };
  await parts.startTeardown(`delete-${requestId}`, { kind: 'delete', reason: change.reason, cloudFormation });
}

/** The id never changes: for a changed one CloudFormation would have the old one deleted, and production with it. */
function answerTo(event: CloudFormationCustomResourceEvent, useCase: string): Omit<CloudFormationAnswer, 'status'> {
  return {
    responseUrl: event.ResponseURL,
    stackId: event.StackId,
    requestId: event.RequestId,
    logicalResourceId: event.LogicalResourceId,
    physicalResourceId: event.RequestType === 'Delete' ? event.PhysicalResourceId : `${useCase}-desired-release`,
  };
}
