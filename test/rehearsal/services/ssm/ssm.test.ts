import type { Members } from '../../../../rehearsal/cloud/types';
import { createSsm, ssmResources } from '../../../../rehearsal/services/ssm';
import { create, run, stubCloud, stubContext } from '../cloud-stub';

test('parameters are read by name or ARN and grow their version', async () => {
  const cloud = stubCloud();
  const ssm = createSsm(cloud);
  cloud.add(ssm);
  const properties = { Name: '/team/model', Type: 'String', Value: 'v1' };
  const created = await create(cloud, ssmResources, 'AWS::SSM::Parameter', 'P', properties);
  expect(created).toEqual({ ref: '/team/model', attributes: { Type: 'String', Value: 'v1' } });
  const resource = ssmResources[0];
  await resource?.update?.({ ...properties, Value: 'v2' }, properties, created, stubContext(cloud, 'P'));
  const arn = 'arn:aws:ssm:eu-central-1:123456789012:parameter/team/model';
  for (const Name of ['/team/model', arn]) {
    expect(await run(cloud, ssm, 'GetParameter', { Name })).toMatchObject({ Parameter: { Value: 'v2', Version: 2, ARN: arn } });
    expect(ssm.operations['GetParameter']?.permissions({ Name }, cloud)).toEqual([{ action: 'ssm:GetParameter', resource: arn }]);
  }
  await expect(create(cloud, ssmResources, 'AWS::SSM::Parameter', 'Q', properties)).rejects.toMatchObject({
    code: 'ParameterAlreadyExists',
  });
  await resource?.remove(created, properties, stubContext(cloud, 'P'));
  await expect(run(cloud, ssm, 'GetParameter', { Name: arn })).rejects.toMatchObject({ code: 'ParameterNotFound' });
});

test('parameters are put by operations, and read by names and by path', async () => {
  const cloud = stubCloud();
  const ssm = createSsm(cloud);
  const call = (operation: string, input: Members): Promise<Members> => run(cloud, ssm, operation, input);
  for (const Name of ['/a/x', '/a/y', '/a/b/z', '/c']) await call('PutParameter', { Name, Type: 'String', Value: `of ${Name}` });
  await expect(call('PutParameter', { Name: '/c', Value: 'v' })).rejects.toMatchObject({ code: 'ParameterAlreadyExists' });
  expect(await call('PutParameter', { Name: '/c', Value: 'v', Overwrite: true })).toEqual({ Version: 2, Tier: 'Standard' });
  expect(await call('GetParameters', { Names: ['/c', '/none'] })).toMatchObject({
    Parameters: [{ Name: '/c', Value: 'v', Type: 'String' }],
    InvalidParameters: ['/none'],
  });
  const names = (answer: Members): unknown[] => (answer['Parameters'] as Members[]).map(({ Name }) => Name as unknown);
  expect(names(await call('GetParametersByPath', { Path: '/a' }))).toEqual(['/a/x', '/a/y']);
  const first = await call('GetParametersByPath', { Path: '/a/', Recursive: true, MaxResults: 2 });
  expect(names(first)).toEqual(['/a/b/z', '/a/x']);
  const second = await call('GetParametersByPath', { Path: '/a/', Recursive: true, MaxResults: 2, NextToken: first['NextToken'] });
  expect(names(second)).toEqual(['/a/y']);
  await call('DeleteParameter', { Name: '/c' });
  await expect(call('DeleteParameter', { Name: '/c' })).rejects.toMatchObject({ code: 'ParameterNotFound' });
  await expect(call('PutParameter', { Name: '/s', Type: 'SecureString', Value: 'v' })).rejects.toThrow(/SecureString is not supported/);
});
