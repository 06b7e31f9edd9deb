import type { Caller, Members, ServiceDouble } from '../../../../rehearsal/cloud/types';
import { createCloudWatch } from '../../../../rehearsal/services/cloudwatch';
import { FakeCloud, world } from '../../support/fake-cloud';

export const MINUTE = 60_000;
export const LAMBDA_ARN = 'arn:aws:lambda:us-east-1:111111111111:function:rollback';
export const TOPIC_ARN = 'arn:aws:sns:us-east-1:111111111111:topic';

export interface Emitted {
  source: string;
  detailType: string;
  resources: string[];
  detail: { alarmName: string; state: { value: string; reason: string; timestamp: string }; previousState: { value: string } } & Record<
    string,
    unknown
  >;
}

export function setUp() {
  const cloud = new FakeCloud();
  const emitted: Emitted[] = [];
  const acted: { operation: string; input: Members; caller: Caller }[] = [];
  const bus = { service: 'eventbridge', operations: {}, emitServiceEvent: (event: Emitted) => void emitted.push(event) };
  cloud.add(bus as unknown as ServiceDouble);
  const note = (operation: string) => (input: Members, caller: Caller) => {
    acted.push({ operation, input, caller });
    return {};
  };
  cloud.stub('lambda', { Invoke: note('Invoke') });
  cloud.stub('sns', { Publish: note('Publish') });
  const cloudWatch = cloud.add(createCloudWatch(cloud));
  const call = async (operation: string, input: Members): Promise<Members> => {
    const answer = cloud.call('cloudwatch', operation, input, world);
    answer.catch(() => undefined);
    await cloud.clock.run(cloud.clock.now() + 5);
    return answer;
  };
  return { cloud, cloudWatch, emitted, acted, call };
}

export type Setup = ReturnType<typeof setUp>;

export const pass = ({ cloud }: Setup, minutes: number): Promise<void> => cloud.clock.run(cloud.clock.now() + minutes * MINUTE);

/** Writes one value per minute, as far as there is one, and lets the minutes pass. */
export async function feed(
  setup: Setup,
  values: (number | undefined)[],
  name = 'Errors',
  dimensions: Record<string, string> = { Arm: 'candidate' },
): Promise<void> {
  for (const value of values) {
    if (value !== undefined) setup.cloudWatch.putMetric('Sluice', name, dimensions, value);
    await pass(setup, 1);
  }
}

export const alarmOn = (extra: Members = {}): Members => ({
  AlarmName: 'errors',
  Namespace: 'Sluice',
  MetricName: 'Errors',
  Dimensions: [{ Name: 'Arm', Value: 'candidate' }],
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 2,
  Threshold: 5,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  ...extra,
});

export const stateOf = ({ cloudWatch }: Setup, name = 'errors'): string | undefined =>
  cloudWatch.alarms().find((alarm) => alarm.name === name)?.state;
