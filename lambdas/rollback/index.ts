import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { Owners } from '../../core/release/principals';
import { CLIENT, lean } from '../shared/client';
import { optional, required, requiredJson } from '../shared/env';
import { startOnce } from '../shared/executions';
import { answering } from '../shared/http';
import { Ledger } from '../shared/ledger';
import { notifierFromEnvironment } from '../shared/notify';
import { teardownsOf } from '../shared/teardowns';
import { emit, logger } from '../shared/telemetry';
import { alarmReaderOf } from './carried-alarm';
import { RollbackController } from './controller';
import { readEvent, type RollbackEvent } from './event';
import { answerOperator } from './http';
import { type Done, WORKFLOW } from './parts';

const sfn = lean(new SFNClient(CLIENT));
const owners = requiredJson<Owners>('OWNERS');
const useCase = required('USE_CASE');
const ledger = new Ledger(lean(new DynamoDBClient(CLIENT)), required('LEDGER_TABLE'));
const now = (): number => Date.now();

const controller = new RollbackController({
  useCase,
  ledger,
  sfn,
  now,
  notify: notifierFromEnvironment(),
  teardowns: teardownsOf(sfn, required('TEARDOWN_STATE_MACHINE_ARN')),
  alarms: alarmReaderOf(lean(new CloudWatchClient(CLIENT))),
  startRelease: (stateMachineArn, name, input) => startOnce(sfn, stateMachineArn, name, input),
  hasCapacity: optional('CAPACITY') === 'true',
  askSageMakerBack: () => emit({ UseCase: useCase }, [['RollbackAsked', MetricUnit.Count, 1]]),
});

export const handler = async (event: unknown): Promise<unknown> => {
  const read = readEvent(event);
  if (read.kind === 'http') {
    return answering(() => answerOperator({ controller, owners, incidents: { useCase, ledger, now } }, read.event));
  }
  const done = await act(read);
  logger.info('Rollback', { kind: read.kind, ...done });
  return done;
};

function act(event: Exclude<RollbackEvent, { kind: 'http' }>): Promise<Done> {
  switch (event.kind) {
    case 'lost':
      return controller.executionLost(event.lost);
    case 'alarm':
      return controller.alarm(event.alarmName, event.inAlarm, event.reason);
    case 'guard':
      return event.action === 'kill'
        ? controller.kill(event.by, event.reason)
        : controller.rollBack(event.releaseId, event.by, event.reason, event.by);
    case 'workflow':
      return event.action === 'kill'
        ? controller.kill(WORKFLOW, event.reason)
        : controller.rollBack(event.releaseId, WORKFLOW, event.reason, event.culprit);
  }
}
