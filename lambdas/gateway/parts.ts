import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { readControl } from '../shared/control-store';
import { CLIENT, lean } from '../shared/client';
import { required, requiredNumber } from '../shared/env';
import { KeyringSecret } from '../shared/keyring';
import { Ledger } from '../shared/ledger';
import { emit, logger, type MetricValue } from '../shared/telemetry';
import { loadBaseline } from './baseline';
import { ControlCache } from './control-cache';
import { invokeModel } from './model';
import { openModelStream } from './model-stream';
import type { StreamingParts } from './streaming';

const CONTROL_READ_MILLIS = 800;
/** Below the function's own timeout when it streams. */
const WHOLE_STREAM_MILLIS = 285_000;

const useCase = required('USE_CASE');
const queueUrl = required('OBSERVATION_QUEUE_URL');
const invokeTimeoutMillis = requiredNumber('INVOKE_TIMEOUT_MILLIS');
const quick = { ...CLIENT, maxAttempts: 2, requestHandler: { requestTimeout: CONTROL_READ_MILLIS, throwOnRequestTimeout: true } };
const ledger = new Ledger(lean(new DynamoDBClient(quick)), required('LEDGER_TABLE'));
const keyring = new KeyringSecret(lean(new SecretsManagerClient(CLIENT)), required('KEYRING_SECRET_ARN'));
const runtime = lean(new SageMakerRuntimeClient({ ...CLIENT, maxAttempts: 1 }));
const sqs = lean(new SQSClient(CLIENT));
const now = (): number => Date.now();

export const parts: StreamingParts = {
  useCase,
  control: new ControlCache(() => readControl(ledger), now),
  baseline: loadBaseline(),
  now,
  keyring: (nowMillis) => keyring.read(nowMillis),
  invoke: (invocation) => invokeModel(runtime, invocation, invokeTimeoutMillis),
  open: (invocation) => openModelStream(runtime, invocation, { silenceMillis: invokeTimeoutMillis, wholeMillis: WHOLE_STREAM_MILLIS }),
  send: async (decision) => {
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(decision) }));
  },
  warn: (message, facts) => logger.warn(message, { ...facts }),
  measure: ({ arm, failed, latencyMillis, firstByteMillis }) =>
    emit({ UseCase: useCase, Arm: arm }, [
      ['Requests', MetricUnit.Count, 1],
      ['Failures', MetricUnit.Count, failed ? 1 : 0],
      ['LatencyMillis', MetricUnit.Milliseconds, latencyMillis],
      ...(firstByteMillis === undefined ? [] : [['FirstByteMillis', MetricUnit.Milliseconds, firstByteMillis] satisfies MetricValue]),
    ]),
};
