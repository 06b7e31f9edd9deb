import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KillCriterion } from '../../core/holdout';
import { CLIENT, lean } from '../shared/client';
import { required, requiredJson, requiredNumber } from '../shared/env';
import { Ledger } from '../shared/ledger';
import { notifierFromEnvironment } from '../shared/notify';
import { emit } from '../shared/telemetry';
import { holdoutMetrics } from './metrics';
import { type HoldoutParts, review, type Reviewed } from './review';

const useCase = required('USE_CASE');

const parts: HoldoutParts = {
  useCase,
  criteria: requiredJson<KillCriterion[]>('KILL_CRITERIA'),
  counterShards: requiredNumber('COUNTER_SHARDS'),
  retentionDays: requiredNumber('RETENTION_DAYS'),
  ledger: new Ledger(lean(new DynamoDBClient(CLIENT)), required('LEDGER_TABLE')),
  now: () => Date.now(),
  notify: notifierFromEnvironment(),
  publish: (result) => {
    for (const { dimensions, values } of holdoutMetrics(result)) {
      emit({ UseCase: useCase, ...dimensions }, values);
    }
  },
};

export const handler = (): Promise<Reviewed> => review(parts);
