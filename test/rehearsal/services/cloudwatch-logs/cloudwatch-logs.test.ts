import type { Members } from '../../../../rehearsal/cloud/types';
import { cloudwatchLogsResources, createCloudWatchLogs } from '../../../../rehearsal/services/cloudwatch-logs';
import { create, run, stubCloud, stubContext } from '../cloud-stub';

const type = 'AWS::Logs::LogGroup';

test('log groups are described in pages, with their retention', async () => {
  const cloud = stubCloud();
  const logs = createCloudWatchLogs(cloud);
  cloud.add(logs);
  for (const name of ['/b', '/a/2', '/a/1']) {
    const created = await create(cloud, cloudwatchLogsResources, type, 'G', { LogGroupName: name, RetentionInDays: 30 });
    expect(created).toEqual({ ref: name, attributes: { Arn: `arn:aws:logs:eu-central-1:123456789012:log-group:${name}:*` } });
  }
  const first = await run(cloud, logs, 'DescribeLogGroups', { logGroupNamePrefix: '/a', limit: 1 });
  expect(first['logGroups']).toMatchObject([{ logGroupName: '/a/1', retentionInDays: 30, creationTime: cloud.clock.now() }]);
  const second = await run(cloud, logs, 'DescribeLogGroups', { logGroupNamePrefix: '/a', limit: 1, nextToken: first['nextToken'] });
  expect(second['logGroups']).toMatchObject([{ logGroupName: '/a/2' }]);
  expect(second).not.toHaveProperty('nextToken');
  const resource = cloudwatchLogsResources.find((candidate) => candidate.type === type);
  const created = { ref: '/b', attributes: {} };
  await resource?.update?.({ LogGroupName: '/b' }, { LogGroupName: '/b' }, created, stubContext(cloud, 'G'));
  const [group] = (await run(cloud, logs, 'DescribeLogGroups', { logGroupNamePrefix: '/b' }))['logGroups'];
  expect(group).not.toHaveProperty('retentionInDays');
  await resource?.remove(created, {}, stubContext(cloud, 'G'));
  expect((await run(cloud, logs, 'DescribeLogGroups', { logGroupNamePrefix: '/b' }))['logGroups']).toEqual([]);
  await expect(create(cloud, cloudwatchLogsResources, type, 'G', { LogGroupName: '/a/1' })).rejects.toMatchObject({
    code: 'ResourceAlreadyExistsException',
  });
});

test('metric filters are refused, with what to do instead', async () => {
  const refused = create(stubCloud(), cloudwatchLogsResources, 'AWS::Logs::MetricFilter', 'Filter', {});
  await expect(refused).rejects.toThrow(/Filter is not supported. Print the metric in embedded metric format/);
});

test('log groups are made, kept for so long and deleted by operations, as LogRetention does', async () => {
  const cloud = stubCloud();
  const logs = createCloudWatchLogs(cloud);
  const call = (operation: string, more: object = {}): Promise<Members> => run(cloud, logs, operation, { logGroupName: '/a', ...more });
  await call('CreateLogGroup');
  await expect(call('CreateLogGroup')).rejects.toMatchObject({ code: 'ResourceAlreadyExistsException' });
  await call('PutRetentionPolicy', { retentionInDays: 7 });
  const retention = async (): Promise<unknown> =>
    ((await run(cloud, logs, 'DescribeLogGroups', {}))['logGroups'] as Members[]).map(({ retentionInDays }) => retentionInDays as unknown);
  expect(await retention()).toEqual([7]);
  await call('DeleteRetentionPolicy');
  expect(await retention()).toEqual([undefined]);
  await call('DeleteLogGroup');
  for (const operation of ['DeleteLogGroup', 'PutRetentionPolicy', 'DeleteRetentionPolicy'])
    await expect(call(operation, { retentionInDays: 7 })).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
});

test('resource policies are put and taken away by templates', async () => {
  const cloud = stubCloud();
  const logs = createCloudWatchLogs(cloud);
  cloud.add(logs);
  const statement = (Service: string) => ({ Effect: 'Allow', Principal: { Service }, Action: 'logs:PutLogEvents', Resource: '*' });
  const properties = (service: string): Members => ({
    PolicyName: 'p',
    PolicyDocument: JSON.stringify({ Statement: [statement(service)] }),
  });
  const created = await create(cloud, cloudwatchLogsResources, 'AWS::Logs::ResourcePolicy', 'P', properties('events.amazonaws.com'));
  expect(logs.resourcePolicy()?.Statement).toEqual([statement('events.amazonaws.com')]);
  const resource = cloudwatchLogsResources.find((one) => one.type === 'AWS::Logs::ResourcePolicy')!;
  await resource.update!(properties('es.amazonaws.com'), properties('events.amazonaws.com'), created, stubContext(cloud, 'P'));
  expect(logs.resourcePolicy()?.Statement).toEqual([statement('es.amazonaws.com')]);
  await resource.remove(created, {}, stubContext(cloud, 'P'));
  expect(logs.resourcePolicy()).toBeUndefined();
});
