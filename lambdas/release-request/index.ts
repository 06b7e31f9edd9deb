import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { Context } from 'aws-lambda';
import type { Owners } from '../../core/release/principals';
import { CLIENT, lean } from '../shared/client';
import { optional, required, requiredJson } from '../shared/env';
import { startOnce } from '../shared/executions';
import { answering } from '../shared/http';
import { Ledger } from '../shared/ledger';
import { adopterOf } from './adoption';
import { readEvent } from './event';
import { answerReleaseRequest } from './http';
import { registryOf } from './packages';
import { handlePackage } from './registry';
import { handleRequest, type RequestParts } from './request';

const sfn = lean(new SFNClient(CLIENT));
const sagemaker = lean(new SageMakerClient(CLIENT));
const releaseWorkflow = required('RELEASE_STATE_MACHINE_ARN');
const teardownWorkflow = required('TEARDOWN_STATE_MACHINE_ARN');
const existingEndpoint = optional('EXISTING_ENDPOINT');
const group = optional('REGISTRY_GROUP');
const owners = requiredJson<Owners>('OWNERS');
const packageGroups = requiredJson<string[]>('PACKAGE_GROUPS');

const parts: RequestParts = {
  useCase: required('USE_CASE'),
  ledger: new Ledger(lean(new DynamoDBClient(CLIENT)), required('LEDGER_TABLE')),
  sfn,
  registry: registryOf(sagemaker),
  adopter: adopterOf(sagemaker),
  ...(existingEndpoint === undefined ? {} : { existingEndpoint }),
  workflowArn: releaseWorkflow,
  now: () => Date.now(),
  startRelease: (releaseId) => startOnce(sfn, releaseWorkflow, releaseId, { releaseId }),
  startTeardown: async (name, input) => {
    await startOnce(sfn, teardownWorkflow, name, input);
  },
};

export const handler = async (event: unknown, context: Context): Promise<unknown> => {
  const read = readEvent(event);
  switch (read.kind) {
    case 'http':
      return answering(() => answerReleaseRequest({ ...parts, owners, packageGroups, requestId: context.awsRequestId }, read.event));
    case 'package':
      return handlePackage({ ...parts, ...(group === undefined ? {} : { group }) }, read.event);
    case 'cloudformation':
      return handleRequest(parts, read.event);
  }
};
