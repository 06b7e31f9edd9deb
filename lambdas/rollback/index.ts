import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { Owners } from '../../core/release/principals';
import { CLIENT, lean } from '../shared/client';
import { required, requiredJson } from '../shared/env';
import { startOnce } from '../shared/executions';
import { answering } from '../shared/http';
import { Ledger } from '../shared/ledger';
import { notifierFromEnvironment } from '../shared/notify';
import { logger } from '../shared/telemetry';
import { type Done, RollbackController, WORKFLOW } from './controller';
import { readEvent, type RollbackEvent } from './event';
import { answerOperator } from './http';

const sfn = lean(new SFNClient(CLIENT));
const owners = requiredJson<Owners>('OWNERS');
const teardown = required('TEARDOWN_STATE_MACHINE_ARN');

const controller = new RollbackController({
  ledger: new Ledger(lean(new DynamoDBClient(CLIENT)), required('LEDGER_TABLE')),
  sfn,
  now: () => Date.now(),
  notify: notifierFromEnvironment(),
  startTeardown: async (name, input) => {
    await startOnce(sfn, teardown, name, input);
  },
  startRelease: (stateMachineArn, name, input) => startOnce(sfn, stateMachineArn, name, input),
  teardownRuns: async () => {
    const { executions } = await sfn.send(new ListExecutionsCommand({ stateMachineArn: teardown, statusFilter: 'RUNNING', maxResults: 1 }));
    return (executions ?? []).length > 0;
  },
});

export const handler = async (event: unknown): Promise<unknown> => {
  const read = readEvent(event);
  if (read.kind === 'http') {
    return answering(() => answerOperator(controller, owners, read.event));
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
    case 'workflow':
      return event.action === 'kill'
        ? controller.kill(WORKFLOW, event.reason)
        : controller.rollBack(event.releaseId, WORKFLOW, event.reason, event.culprit);
  }
}
