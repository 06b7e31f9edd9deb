import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SNSClient } from '@aws-sdk/client-sns';
import type { KillCriterion } from '../../core/holdout';
import { CLIENT, lean } from '../shared/client';
import { required, requiredJson, requiredNumber } from '../shared/env';
import { Ledger } from '../shared/ledger';
import { notifierOf } from '../shared/notify';
import { emit } from '../shared/telemetry';
import { holdoutMetrics } from './metrics';
import { type HoldoutParts, review, type Reviewed } from './review';
import type { KillCriterionMet } from './tell';

const events = lean(new EventBridgeClient(CLIENT));
const useCase = required('USE_CASE');
const eventBus = required('EVENT_BUS_NAME');

const parts: HoldoutParts = {
  useCase,
  criteria: requiredJson<KillCriterion[]>('KILL_CRITERIA'),
  counterShards: requiredNumber('COUNTER_SHARDS'),
  retentionDays: requiredNumber('RETENTION_DAYS'),
  ledger: new Ledger(lean(new DynamoDBClient(CLIENT)), required('LEDGER_TABLE')),
  now: () => Date.now(),
  notify: notifierOf(lean(new SNSClient(CLIENT)), required('NOTIFICATION_TOPIC_ARN')),
  announce,
  publish: (result) => {
    for (const { dimensions, values } of holdoutMetrics(result)) {
      emit({ UseCase: useCase, ...dimensions }, values);
    }
  },
};

export const handler = (): Promise<Reviewed> => review(parts);

async function announce(event: KillCriterionMet): Promise<void> {
  const entry = { EventBusName: eventBus, Source: 'sluice', DetailType: 'KillCriterionMet', Detail: JSON.stringify(event) };
  const { FailedEntryCount = 0, Entries } = await events.send(new PutEventsCommand({ Entries: [entry] }));
  if (FailedEntryCount > 0) {
    throw new Error(`The event bus ${eventBus} refused KillCriterionMet: ${Entries?.[0]?.ErrorCode} ${Entries?.[0]?.ErrorMessage}`);
  }
}
