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
