import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { DescribeEndpointCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { Context } from 'aws-lambda';
import { loadBaseline } from '../gateway/baseline';
import { CLIENT, lean } from '../shared/client';
import { required } from '../shared/env';
import { Ledger } from '../shared/ledger';
import { logger } from '../shared/telemetry';
import { conclude } from './conclude';
import { DataSets } from './data-set';
import { drive } from './drive';
import type { GateRequest } from './event';
import { Models } from './models';
import { open } from './open';
import type { GateParts } from './parts';
import { RemoteScorers } from './remote-scorers';
import { score } from './score';

/** A candidate in the dark has few instances: throttling passes. */
const PATIENT = { ...CLIENT, maxAttempts: 6 };
const MOST_SOCKETS = 500;

const sagemaker = new SageMakerClient(CLIENT);
const lambda = lean(new LambdaClient(PATIENT));
/** HTTP/1.1, as every other client: by itself this one would open an HTTP/2 session for streams that nobody uses here. */
const bedrock = lean(new BedrockRuntimeClient({ ...PATIENT, requestHandler: lambda.config.requestHandler }));
/** Modules stand beside the bundle, put there at synth: the bundler must not look for them. */
const load: (path: string) => unknown = require;

const lasting: Omit<GateParts, 'remaining'> = {
  useCase: required('USE_CASE'),
  ledger: new Ledger(lean(new DynamoDBClient(CLIENT)), required('LEDGER_TABLE')),
  data: new DataSets(lean(new S3Client(CLIENT))),
  models: new Models(
    lean(new SageMakerRuntimeClient(PATIENT)),
    lean(new SageMakerRuntimeClient({ ...CLIENT, maxAttempts: 1, requestHandler: { httpsAgent: { maxSockets: MOST_SOCKETS } } })),
    loadBaseline,
  ),
  scorers: new RemoteScorers(lambda, bedrock, (name) => load(`./scorers/${name}.js`)),
  instances: async (EndpointName) => {
    const { ProductionVariants = [] } = await sagemaker.send(new DescribeEndpointCommand({ EndpointName }));
    return Object.fromEntries(
      ProductionVariants.map(({ VariantName = '', CurrentInstanceCount = 1 }) => [VariantName, CurrentInstanceCount]),
    );
  },
  now: () => Date.now(),
};

export const handler = async (event: GateRequest, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<unknown> => {
  const parts: GateParts = { ...lasting, remaining: () => context.getRemainingTimeInMillis() };
  if (event.action === 'open') return open(parts, event);
  if (event.action === 'score') return score(parts, event);
  if (event.action === 'drive') return drive(parts, event);
  const result = await conclude(parts, event);
  logger.info('A gate concluded', { releaseId: result.releaseId, gate: result.gate, passed: result.passed, reason: result.reason });
  return result;
};
