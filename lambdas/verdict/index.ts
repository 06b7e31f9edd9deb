import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { CLIENT, lean } from '../shared/client';
import { required, requiredNumber } from '../shared/env';
import { Ledger } from '../shared/ledger';
import { emit } from '../shared/telemetry';
import { verdictMetrics } from './metrics';
import { VerdictClock } from './verdict';

const useCase = required('USE_CASE');

const clock = new VerdictClock({
  ledger: new Ledger(lean(new DynamoDBClient(CLIENT)), required('LEDGER_TABLE')),
  sfn: lean(new SFNClient(CLIENT)),
  counterShards: requiredNumber('COUNTER_SHARDS'),
  retentionDays: requiredNumber('RETENTION_DAYS'),
  now: () => Date.now(),
  publish: (step, verdict) => {
    for (const { dimensions, values } of verdictMetrics(step, verdict)) {
      emit({ UseCase: useCase, ...dimensions }, values);
    }
  },
});

export const handler = (): Promise<{ decision: string }> => clock.look();
