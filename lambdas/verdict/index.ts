import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { CLIENT, lean } from '../shared/client';
import { optional, required, requiredNumber } from '../shared/env';
import { Ledger } from '../shared/ledger';
import { emit } from '../shared/telemetry';
import { verdictMetrics } from './metrics';
import { shadowMetrics } from './shadow';
import { VerdictClock } from './verdict';

const useCase = required('USE_CASE');
const captureBucket = optional('CAPTURE_BUCKET');

const clock = new VerdictClock({
  ledger: new Ledger(lean(new DynamoDBClient(CLIENT)), required('LEDGER_TABLE')),
  sfn: lean(new SFNClient(CLIENT)),
  s3: lean(new S3Client(CLIENT)),
  cloudwatch: lean(new CloudWatchClient(CLIENT)),
  ...(captureBucket === undefined ? {} : { captureBucket }),
  counterShards: requiredNumber('COUNTER_SHARDS'),
  retentionDays: requiredNumber('RETENTION_DAYS'),
  now: () => Date.now(),
  publish: (step, verdict) => {
    for (const { dimensions, values } of verdictMetrics(step, verdict)) {
      emit({ UseCase: useCase, ...dimensions }, values);
    }
  },
  publishShadow: (verdict) => emit({ UseCase: useCase }, shadowMetrics(verdict)),
});

export const handler = (): Promise<{ decision: string }> => clock.look();
