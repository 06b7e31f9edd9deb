import type { Members, ResourceContext } from '../../../../rehearsal/cloud/types';
import { cloudWatchResources } from '../../../../rehearsal/services/cloudwatch';
import { alarmOn, MINUTE, pass, setUp } from './support';

const T = Date.parse('2026-03-02T09:00:00Z');
const at = (minute: number): Date => new Date(T + minute * MINUTE);

describe('alarm mute rules', () => {
  const schedule = { Expression: 'cron(0 2 * * *)', Duration: 'PT4H' };
  const rule = (extra: Members = {}): Members => ({
    Name: 'nights',
    Rule: { Schedule: schedule },
    MuteTargets: { AlarmNames: ['errors'] },
    ...extra,
  });

  test('are put, described, listed and deleted', async () => {
    const setup = setUp();
    await setup.call('PutMetricAlarm', alarmOn());
    await setup.call('PutAlarmMuteRule', rule({ Description: 'backups', ExpireDate: at(24 * 60) }));
    await setup.call(
      'PutAlarmMuteRule',
      rule({ Name: 'now', Rule: { Schedule: { Expression: 'at(2026-03-02T09:00)', Duration: 'PT5M' } } }),
    );
    const get = (AlarmMuteRuleName: string): Promise<Members> => setup.call('GetAlarmMuteRule', { AlarmMuteRuleName });
    expect(await get('nights')).toMatchObject({
      Name: 'nights',
      AlarmMuteRuleArn: 'arn:aws:cloudwatch:us-east-1:111111111111:alarm-mute-rule:nights',
      Description: 'backups',
      Status: 'SCHEDULED',
      MuteType: 'RECURRING',
      Rule: { Schedule: schedule },
    });
    expect(await get('now')).toMatchObject({ Status: 'ACTIVE', MuteType: 'ONE_TIME' });
    await pass(setup, 6);
    expect(await get('now')).toMatchObject({ Status: 'EXPIRED' });
    await pass(setup, 18 * 60);
    expect(await get('nights')).toMatchObject({ Status: 'ACTIVE' });
    await pass(setup, 24 * 60);
    expect(await get('nights')).toMatchObject({ Status: 'EXPIRED' });
    const list = async (input: Members): Promise<number> =>
      ((await setup.call('ListAlarmMuteRules', input)).AlarmMuteRuleSummaries as Members[]).length;
    expect([
      await list({}),
      await list({ AlarmName: 'other' }),
      await list({ Statuses: ['ACTIVE'] }),
      await list({ MaxRecords: 1 }),
    ]).toEqual([2, 0, 0, 1]);
    await setup.call('DeleteAlarmMuteRule', { AlarmMuteRuleName: 'now' });
    await setup.call('DeleteAlarmMuteRule', { AlarmMuteRuleName: 'now' });
    await expect(get('now')).rejects.toThrow('does not exist');
  });

  test('need permission on the rule and on each alarm', () => {
    const { cloud, cloudWatch } = setUp();
    expect(cloudWatch.operations.PutAlarmMuteRule!.permissions(rule(), cloud).map(({ action, resource }) => [action, resource])).toEqual([
      ['cloudwatch:PutAlarmMuteRule', 'arn:aws:cloudwatch:us-east-1:111111111111:alarm-mute-rule:nights'],
      ['cloudwatch:PutAlarmMuteRule', 'arn:aws:cloudwatch:us-east-1:111111111111:alarm:errors'],
    ]);
  });

  const timed = (Schedule: Members): Members => ({ Rule: { Schedule: { ...schedule, ...Schedule } } });
  test.each<[string, Members]>([
    ['there is no alarm nobody', { MuteTargets: { AlarmNames: ['nobody'] } }],
    ['101 targets, at most 100', { MuteTargets: { AlarmNames: new Array<string>(101).fill('errors') } }],
    ['five fields', timed({ Expression: 'cron(0 2 * * ? *)' })],
    ["the cron field '61'", timed({ Expression: 'cron(61 2 * * *)' })],
    ["the cron field '*/5'", timed({ Expression: 'cron(*/5 2 * * *)' })],
    ["the cron field 'FRI-MON'", timed({ Expression: 'cron(0 2 * * FRI-MON)' })],
    ['must be cron', timed({ Expression: 'rate(5 minutes)' })],
    ['from PT1M to P15D', timed({ Duration: 'P16D' })],
    ['from PT1M to P15D', timed({ Duration: 'PT30S' })],
    ['Timezone Mars/Olympus', timed({ Timezone: 'Mars/Olympus' })],
    ['StartDate must be before ExpireDate', { StartDate: at(5), ExpireDate: at(4) }],
    ['ISO 8601', { StartDate: 'tomorrow' }],
    ['1 to 255 characters', { Name: '' }],
  ])('refused: %s', (message, extra) => {
    const { cloudWatch } = setUp();
    cloudWatch.putMetricAlarm(alarmOn());
    expect(() => cloudWatch.putMuteRule(rule(extra))).toThrow(message);
  });

  test('summer time: 02:30 in Berlin', () => {
    const { cloudWatch } = setUp();
    cloudWatch.putMetricAlarm(alarmOn());
    const put = cloudWatch.putMuteRule(rule(timed({ Expression: 'cron(30 2 * * *)', Timezone: 'Europe/Berlin' })));
    const started = (noon: string): string => new Date(put.schedule.newestStart(Date.parse(noon))!).toISOString();
    expect(started('2026-03-28T04:00:00Z')).toBe('2026-03-28T01:30:00.000Z');
    expect(started('2026-03-30T04:00:00Z')).toBe('2026-03-30T00:30:00.000Z');
  });

  test('as a CloudFormation resource', async () => {
    const setup = setUp();
    setup.cloudWatch.putMetricAlarm(alarmOn());
    const type = cloudWatchResources.find((one) => one.type === 'AWS::CloudWatch::AlarmMuteRule')!;
    const context = { cloud: setup.cloud, logicalId: 'Mute', physicalName: () => 'stack-Mute' } as unknown as ResourceContext;
    const properties = rule({ Name: undefined, StartDate: '2026-03-02T10:00:00' });
    const created = await type.create(properties, context);
    const arn = 'arn:aws:cloudwatch:us-east-1:111111111111:alarm-mute-rule:stack-Mute';
    expect(created).toMatchObject({ ref: arn, attributes: { Arn: arn, Status: 'SCHEDULED', MuteType: 'RECURRING' } });
    const renamed = await type.update!({ ...properties, Name: 'other' }, properties, created, context);
    const list = async (): Promise<Members[]> => (await setup.call('ListAlarmMuteRules', {})).AlarmMuteRuleSummaries;
    expect((await list()).map(({ AlarmMuteRuleArn }) => AlarmMuteRuleArn)).toEqual([renamed.ref]);
    await type.remove(renamed, properties, context);
    expect(await list()).toEqual([]);
  });
});
