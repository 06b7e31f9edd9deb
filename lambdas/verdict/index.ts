import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { CLIENT, lean } from '../shared/client';
import { required, requiredNumber } from '../shared/env';
import { Ledger } from '../shared/ledger';
import { emit } from '../shared/telemetry';
import { VerdictClock } from './verdict';

const useCase = required('USE_CASE');

const clock = new VerdictClock({
  ledger: new Ledger(lean(new DynamoDBClient(CLIENT)), required('LEDGER_TABLE')),
  sfn: lean(new SFNClient(CLIENT)),
  counterShards: requiredNumber('COUNTER_SHARDS'),
  now: () => Date.now(),
  publish: (step, verdict) => {
    for (const { kpi, rollbackEvidence, promotionEvidence } of verdict.kpis) {
      emit({ UseCase: useCase, Kpi: kpi }, [
        ['Log10Evidence', 'None', Math.log10(rollbackEvidence)],
        ['Log10Threshold', 'None', Math.log10(verdict.threshold)],
        ['Log10PromotionEvidence', 'None', Math.log10(promotionEvidence)],
      ]);
    }
    // What is held against the threshold: the weighted mean over all of them.
    emit({ UseCase: useCase, Kpi: 'combined' }, [
      ['Log10Evidence', 'None', Math.log10(verdict.combinedRollbackEvidence)],
      ['Log10Threshold', 'None', Math.log10(verdict.threshold)],
    ]);
    emit({ UseCase: useCase }, [['CandidateShare', 'None', step.weight]]);
  },
});

export const handler = (): Promise<{ decision: string }> => clock.look();
