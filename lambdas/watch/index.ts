import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeEndpointCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { CLIENT, lean } from '../shared/client';
import { required } from '../shared/env';
import { startOnce } from '../shared/executions';
import { Ledger } from '../shared/ledger';
import { notifierFromEnvironment } from '../shared/notify';
import { teardownsOf } from '../shared/teardowns';
import { logger } from '../shared/telemetry';
import { watch, type WatchParts, type WatchReport } from './watch';

const sfn = lean(new SFNClient(CLIENT));
const sagemaker = lean(new SageMakerClient(CLIENT));
const cloudwatch = lean(new CloudWatchClient(CLIENT));
const lambda = lean(new LambdaClient(CLIENT));
const alarmPrefix = required('ALARM_PREFIX');
const rollback = required('ROLLBACK_FUNCTION');

const parts: WatchParts = {
  useCase: required('USE_CASE'),
  ledger: new Ledger(lean(new DynamoDBClient(CLIENT)), required('LEDGER_TABLE')),
  notify: notifierFromEnvironment(),
  now: () => Date.now(),
  teardowns: teardownsOf(sfn, required('TEARDOWN_STATE_MACHINE_ARN')),
  startRelease: (stateMachineArn, name, input) => startOnce(sfn, stateMachineArn, name, input),
  describeEndpoint,
  raisedAlarms: async () => {
    const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNamePrefix: alarmPrefix, StateValue: 'ALARM' }));
    return (MetricAlarms ?? []).map(({ AlarmName, StateReason }) => ({ alarmName: AlarmName ?? '', reason: StateReason ?? '' }));
  },
  reportAlarm: (alarmName, reason) =>
    tellRollback({ source: 'aws.cloudwatch', alarmData: { alarmName, state: { value: 'ALARM', reason } } }),
  releaseRuns: async (stateMachineArn) => {
    const { executions } = await sfn.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 100 }));
    return (executions ?? []).map(({ name, status, stopDate }) => ({
      name: name ?? '',
      status: status ?? '',
      ...(stopDate === undefined ? {} : { stoppedAt: stopDate.toISOString() }),
    }));
  },
  reportLost: (stateMachineArn, name) =>
    tellRollback({
      'detail-type': 'Step Functions Execution Status Change',
      detail: { name, stateMachineArn, status: 'FAILED', error: 'FoundByWatch' },
    }),
};

export const handler = async (): Promise<WatchReport> => {
  const report = await watch(parts);
  if (report.found.length > 0) logger.warn('Found', { ...report });
  return report;
};

async function tellRollback(event: object): Promise<void> {
  await lambda.send(new InvokeCommand({ FunctionName: rollback, InvocationType: 'Event', Payload: JSON.stringify(event) }));
}

async function describeEndpoint(EndpointName: string): ReturnType<WatchParts['describeEndpoint']> {
  try {
    const { EndpointStatus, EndpointConfigName, CreationTime } = await sagemaker.send(new DescribeEndpointCommand({ EndpointName }));
    return {
      status: EndpointStatus ?? '',
      ...(EndpointConfigName === undefined ? {} : { configName: EndpointConfigName }),
      ...(CreationTime === undefined ? {} : { createdAt: CreationTime.toISOString() }),
    };
  } catch (error) {
    if (error instanceof Error && /could not find/i.test(error.message)) return undefined;
    throw error;
  }
}
