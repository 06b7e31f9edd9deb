import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { CLIENT, lean } from '../shared/client';
import { optional, required } from '../shared/env';
import { startOnce } from '../shared/executions';
import { Ledger } from '../shared/ledger';
import { adopterOf } from './adoption';
import { handleRequest, type RequestParts } from './request';

const sfn = lean(new SFNClient(CLIENT));
const releaseWorkflow = required('RELEASE_STATE_MACHINE_ARN');
const teardownWorkflow = required('TEARDOWN_STATE_MACHINE_ARN');
const existingEndpoint = optional('EXISTING_ENDPOINT');

const parts: RequestParts = {
  useCase: required('USE_CASE'),
  ledger: new Ledger(lean(new DynamoDBClient(CLIENT)), required('LEDGER_TABLE')),
  sfn,
  adopter: adopterOf(lean(new SageMakerClient(CLIENT))),
  ...(existingEndpoint === undefined ? {} : { existingEndpoint }),
  workflowArn: releaseWorkflow,
  now: () => Date.now(),
  startRelease: (releaseId) => startOnce(sfn, releaseWorkflow, releaseId, { releaseId }),
  startTeardown: async (name, input) => {
    await startOnce(sfn, teardownWorkflow, name, input);
  },
};

export const handler = (event: CloudFormationCustomResourceEvent): Promise<void> => handleRequest(parts, event);
