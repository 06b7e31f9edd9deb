import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { KpiPolicy } from '../../core/contracts';
import { CLIENT, lean } from '../shared/client';
import { required, requiredJson, requiredNumber } from '../shared/env';
import { KeyringSecret } from '../shared/keyring';
import { Ledger } from '../shared/ledger';
import { emit } from '../shared/telemetry';
import { ingest, type IngestParts } from './ingest';
import { metricValues } from './tally';

const keyring = new KeyringSecret(lean(new SecretsManagerClient(CLIENT)), required('KEYRING_SECRET_ARN'));

const parts: IngestParts = {
  useCase: required('USE_CASE'),
  kpis: requiredJson<KpiPolicy[]>('KPIS'),
  retentionDays: requiredNumber('RETENTION_DAYS'),
  counterShards: requiredNumber('COUNTER_SHARDS'),
  ledger: new Ledger(lean(new DynamoDBClient(CLIENT)), required('LEDGER_TABLE')),
  now: () => Date.now(),
  keyring: (nowMillis) => keyring.read(nowMillis),
  publish: ({ dimensions, values }) => emit(dimensions, metricValues(values)),
};

export const handler = (event: SQSEvent): Promise<SQSBatchResponse> => ingest(parts, event);
