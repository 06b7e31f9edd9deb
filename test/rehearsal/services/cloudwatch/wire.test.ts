import {
  CloudWatchClient,
  DeleteAlarmMuteRuleCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  DescribeAlarmsForMetricCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  GetAlarmMuteRuleCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListAlarmMuteRulesCommand,
  ListMetricsCommand,
  PutAlarmMuteRuleCommand,
  PutAnomalyDetectorCommand,
  PutCompositeAlarmCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import type { ServiceDouble } from '../../../../rehearsal/cloud/types';
import { createCloudWatch } from '../../../../rehearsal/services/cloudwatch';
import { createTestCloud, sdkClient, startMillis } from '../../support/harness';

const MINUTE = 60_000;
const ALARM = {
  AlarmName: 'errors',
  Namespace: 'Own',
  MetricName: 'Errors',
  ExtendedStatistic: 'TM(10%:90%)',
  Period: 10,
  EvaluationPeriods: 1,
  Threshold: 5,
  ComparisonOperator: 'GreaterThanThreshold',
} as const;

function setUp() {
  const bus = { service: 'eventbridge', operations: {}, emitServiceEvent: () => undefined } as ServiceDouble;
  const test = createTestCloud((cloud) => [createCloudWatch(cloud), bus]);
  return { ...test, client: sdkClient(test.cloud, CloudWatchClient) };
}

test('SDK clients put metrics, and read them, and what alarms make of them', async () => {
  const { run, clock, client } = setUp();
  await run(async () => {
    await client.send(new PutMetricAlarmCommand(ALARM));
    await client.send(
      new PutCompositeAlarmCommand({
        AlarmName: 'page',
        AlarmRule: 'AT_LEAST(1, ALARM, (errors))',
        ActionsSuppressor: 'errors',
        ActionsSuppressorWaitPeriod: 60,
        ActionsSuppressorExtensionPeriod: 60,
      }),
    );
    const MetricData = [{ MetricName: 'Errors', Values: [9, 7], Counts: [2, 1], StorageResolution: 1 }];
    await client.send(new PutMetricDataCommand({ Namespace: 'Own', MetricData }));
  });
  await clock.run(clock.now() + MINUTE / 4);
  const range = { StartTime: new Date(startMillis), EndTime: new Date(startMillis + MINUTE) };
  const Metric = { Namespace: 'Own', MetricName: 'Errors' };
  const query = { Id: 'm1', MetricStat: { Metric, Period: 60, Stat: 'Sum' } };
  const data = await run(() => client.send(new GetMetricDataCommand({ ...range, MetricDataQueries: [query] })));
  expect(data.MetricDataResults).toMatchObject([{ Id: 'm1', Label: 'Errors', Values: [25], StatusCode: 'Complete' }]);
  const statistics = await run(() =>
    client.send(new GetMetricStatisticsCommand({ ...range, ...Metric, Period: 60, Statistics: ['Maximum'], ExtendedStatistics: ['p50'] })),
  );
  expect(statistics.Datapoints).toMatchObject([{ Maximum: 9, ExtendedStatistics: { p50: 9 } }]);
  expect((await run(() => client.send(new ListMetricsCommand({ Namespace: 'Own' })))).Metrics).toEqual([{ ...Metric, Dimensions: [] }]);
  const { MetricAlarms, CompositeAlarms } = await run(() =>
    client.send(new DescribeAlarmsCommand({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] })),
  );
  expect(MetricAlarms).toMatchObject([
    { AlarmName: 'errors', StateValue: 'ALARM', StateReasonData: expect.stringContaining('"threshold":5') },
  ]);
  expect(CompositeAlarms).toMatchObject([{ AlarmName: 'page', StateValue: 'ALARM', ActionsSuppressedBy: 'Alarm' }]);
  expect((await run(() => client.send(new DescribeAlarmsForMetricCommand(Metric)))).MetricAlarms).toHaveLength(1);
});

test('SDK clients mute alarms, set and silence them, and read what happened', async () => {
  const { run, client } = setUp();
  await run(async () => {
    await client.send(new PutMetricAlarmCommand({ ...ALARM, ExtendedStatistic: 'p99', Period: 60 }));
    await client.send(
      new PutAlarmMuteRuleCommand({
        Name: 'nights',
        Rule: { Schedule: { Expression: 'cron(0 2 * * *)', Duration: 'PT4H', Timezone: 'Europe/Berlin' } },
        MuteTargets: { AlarmNames: ['errors'] },
        ExpireDate: new Date(startMillis + 1000 * MINUTE),
      }),
    );
    await client.send(new DisableAlarmActionsCommand({ AlarmNames: ['errors'] }));
    await client.send(new EnableAlarmActionsCommand({ AlarmNames: ['errors'] }));
    await client.send(new SetAlarmStateCommand({ AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'a drill' }));
  });
  const rule = await run(() => client.send(new GetAlarmMuteRuleCommand({ AlarmMuteRuleName: 'nights' })));
  expect(rule).toMatchObject({ Name: 'nights', Status: 'SCHEDULED', MuteType: 'RECURRING', Rule: { Schedule: { Duration: 'PT4H' } } });
  expect((await run(() => client.send(new ListAlarmMuteRulesCommand({})))).AlarmMuteRuleSummaries).toHaveLength(1);
  await run(() => client.send(new DeleteAlarmMuteRuleCommand({ AlarmMuteRuleName: 'nights' })));
  await expect(run(() => client.send(new GetAlarmMuteRuleCommand({ AlarmMuteRuleName: 'nights' })))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  const { AlarmHistoryItems } = await run(() => client.send(new DescribeAlarmHistoryCommand({ HistoryItemType: 'StateUpdate' })));
  expect(AlarmHistoryItems).toMatchObject([{ AlarmName: 'errors', HistorySummary: 'Alarm updated from INSUFFICIENT_DATA to ALARM' }]);
});

test('an operation that is not simulated stops the rehearsal with its name', async () => {
  const { run, client } = setUp();
  await expect(run(() => client.send(new PutAnomalyDetectorCommand({})))).rejects.toThrow('PutAnomalyDetector');
});
