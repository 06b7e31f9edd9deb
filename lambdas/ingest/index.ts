import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type ControlRecord, type KpiPolicy, ledgerKeys } from '../../core/contracts';
import { CLIENT, lean } from '../shared/client';
import { optional, required, requiredJson, requiredNumber } from '../shared/env';
import { KeyringSecret } from '../shared/keyring';
import { Ledger } from '../shared/ledger';
import { emit } from '../shared/telemetry';
import { ArmsReader } from './arms';
import { ingest, type IngestParts } from './ingest';
import { metricValues } from './tally';
import type { TruthFiles } from './truths';

const keyring = new KeyringSecret(lean(new SecretsManagerClient(CLIENT)), required('KEYRING_SECRET_ARN'));

const ledger = new Ledger(lean(new DynamoDBClient(CLIENT)), required('LEDGER_TABLE'));

/** By the batch read that the handler may do anyway. */
const readControl = async (): Promise<ControlRecord | undefined> => (await ledger.batchGet<ControlRecord>([ledgerKeys.control()]))[0];

const driftBucket = optional('DRIFT_BUCKET');

function truthFilesOf(bucketName: string): TruthFiles {
  // eslint-disable-next-line @typescript-eslint/no-require-imports, @typescript-eslint/consistent-type-imports -- most use cases start without a client of S3
  const { truthFiles } = require('./truth-files') as typeof import('./truth-files');
  return truthFiles(bucketName);
}

const parts: IngestParts = {
  useCase: required('USE_CASE'),
  kpis: requiredJson<KpiPolicy[]>('KPIS'),
  retentionDays: requiredNumber('RETENTION_DAYS'),
  counterShards: requiredNumber('COUNTER_SHARDS'),
  ledger,
  arms: new ArmsReader(readControl),
  ...(driftBucket === undefined ? {} : { truths: truthFilesOf(driftBucket) }),
  now: () => Date.now(),
  keyring: (nowMillis) => keyring.read(nowMillis),
  publish: ({ dimensions, values }) => emit(dimensions, metricValues(values)),
};

export const handler = (event: SQSEvent): Promise<SQSBatchResponse> => ingest(parts, event);
