import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type ControlRecord, type KpiPolicy, ledgerKeys } from '../../core/contracts';
import { CLIENT, lean } from '../shared/client';
import { Bucket } from '../shared/bucket';
import { optional, required, requiredJson, requiredNumber } from '../shared/env';
import { KeyringSecret } from '../shared/keyring';
import { Ledger } from '../shared/ledger';
import { emit } from '../shared/telemetry';
import { ArmsReader } from './arms';
import { ingest, type IngestParts } from './ingest';
import { metricValues } from './tally';

const keyring = new KeyringSecret(lean(new SecretsManagerClient(CLIENT)), required('KEYRING_SECRET_ARN'));

const ledger = new Ledger(lean(new DynamoDBClient(CLIENT)), required('LEDGER_TABLE'));

/** By the batch read that the handler may do anyway. */
const readControl = async (): Promise<ControlRecord | undefined> => (await ledger.batchGet<ControlRecord>([ledgerKeys.control()]))[0];

const driftBucket = optional('DRIFT_BUCKET');
const truths = driftBucket === undefined ? undefined : new Bucket(lean(new S3Client(CLIENT)), driftBucket);

const parts: IngestParts = {
  useCase: required('USE_CASE'),
  kpis: requiredJson<KpiPolicy[]>('KPIS'),
  retentionDays: requiredNumber('RETENTION_DAYS'),
  counterShards: requiredNumber('COUNTER_SHARDS'),
  ledger,
  arms: new ArmsReader(readControl),
  ...(truths === undefined ? {} : { truths: { put: async (key, body) => void (await truths.put(key, body)) } }),
  now: () => Date.now(),
  keyring: (nowMillis) => keyring.read(nowMillis),
  publish: ({ dimensions, values }) => emit(dimensions, metricValues(values)),
};

export const handler = (event: SQSEvent): Promise<SQSBatchResponse> => ingest(parts, event);
