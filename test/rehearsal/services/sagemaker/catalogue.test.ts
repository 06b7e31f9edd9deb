import { sageMakerResources } from '../../../../rehearsal/services/sagemaker';
import type { Members, ResourceContext } from '../../../../rehearsal/cloud/types';
import { createConfig, createModel, liveEndpoint, pass, setUp, type Setup } from './support';

const ARN = 'arn:aws:sagemaker:us-east-1:111111111111';

describe('models', () => {
  test('are described as they were asked for', async () => {
    const setup = setUp();
    await createModel(setup, 'Model-A');
    expect(await setup.call('DescribeModel', { ModelName: 'Model-A' })).toMatchObject({
      ModelArn: `${ARN}:model/model-a`,
      PrimaryContainer: { Image: 'image:1', Environment: { KIND: 'Model-A' } },
      EnableNetworkIsolation: false,
    });
    await setup.call('DeleteModel', { ModelName: 'Model-A' });
    await expect(setup.call('DescribeModel', { ModelName: 'Model-A' })).rejects.toThrow(`Could not find model "${ARN}:model/model-a".`);
  });

  test.each(['x'.repeat(64), '-leading', 'under_score', ''])('the name "%s" is refused', async (name) => {
    await expect(createModel(setUp(), name)).rejects.toMatchObject({ code: 'ValidationException' });
  });

  test('need a role and a container, and ask for the right to pass the role', async () => {
    const setup = setUp();
    await expect(createModel(setup, 'm', { ExecutionRoleArn: undefined })).rejects.toThrow('ExecutionRoleArn');
    await expect(createModel(setup, 'm', { PrimaryContainer: {} })).rejects.toThrow('No Image or ModelPackageName');
    await expect(createModel(setup, 'm', { Containers: [{ Image: 'a' }] })).rejects.toMatchObject({ name: 'UnsupportedError' });
    const input = { ModelName: 'm', ExecutionRoleArn: 'arn:aws:iam::1:role/R', Tags: [{ Key: 'team', Value: 'x' }] };
    expect(setup.sageMaker.operations.CreateModel!.permissions(input, setup.cloud)).toEqual([
      { action: 'sagemaker:CreateModel', resource: `${ARN}:model/m`, context: { 'aws:RequestTag/team': 'x', 'aws:TagKeys': ['team'] } },
      { action: 'sagemaker:AddTags', resource: `${ARN}:model/m`, context: { 'aws:RequestTag/team': 'x', 'aws:TagKeys': ['team'] } },
      { action: 'iam:PassRole', resource: 'arn:aws:iam::1:role/R', context: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    ]);
  });

  test('a model package must be there and approved', async () => {
    const setup = setUp();
    const arn = `${ARN}:model-package/triage/7`;
    const fromPackage = () => createModel(setup, 'm', { PrimaryContainer: { ModelPackageName: arn } });
    await expect(fromPackage()).rejects.toThrow('does not exist');
    setup.sageMaker.putModelPackage({ arn, approvalStatus: 'PendingManualApproval', image: 'i', environment: { A: '1' } });
    await expect(fromPackage()).rejects.toThrow('PendingManualApproval');
    setup.sageMaker.putModelPackage({
      arn,
      approvalStatus: 'Approved',
      image: 'i',
      environment: { A: '1' },
      groupName: 'triage',
      version: 7,
    });
    await fromPackage();
    expect(await setup.call('DescribeModelPackage', { ModelPackageName: arn })).toMatchObject({
      ModelApprovalStatus: 'Approved',
      ModelPackageVersion: 7,
    });
  });
});

describe('endpoint configs', () => {
  const variant = (extra: Members = {}): Members => ({
    VariantName: 'a',
    ModelName: 'model-a',
    InstanceType: 'ml.m5.large',
    InitialInstanceCount: 1,
    ...extra,
  });
  const withVariants = async (...variants: Members[]): Promise<Members> => {
    const setup = setUp();
    await createModel(setup, 'model-a');
    return setup.call('CreateEndpointConfig', { EndpointConfigName: 'c', ProductionVariants: variants });
  };

  test.each<[string, Members[]]>([
    ['At least one production variant', []],
    ['limit is 10', Array.from({ length: 11 }, (_, index) => variant({ VariantName: `v${index}` }))],
    ['unique', [variant(), variant()]],
    ['greater than or equal to 0', [variant({ InitialVariantWeight: -0.1 })]],
    ['Could not find model', [variant({ ModelName: 'model-z' })]],
    ['InstanceType', [variant({ InstanceType: undefined })]],
    ['variantInstanceProvisionTimeoutInSeconds', [variant({ VariantInstanceProvisionTimeoutInSeconds: 200 })]],
    ['CapacityReservationConfig', [variant({ CapacityReservationConfig: {} })]],
  ])('%s', async (message, variants) => {
    await expect(withVariants(...variants)).rejects.toThrow(message);
  });

  test('a weight of 0 stays 0, a missing one is 1', async () => {
    const setup = setUp();
    await createModel(setup, 'model-a');
    await setup.call('CreateEndpointConfig', {
      EndpointConfigName: 'c',
      ProductionVariants: [variant({ InitialVariantWeight: 0 }), variant({ VariantName: 'b' })],
    });
    const described = await setup.call('DescribeEndpointConfig', { EndpointConfigName: 'c' });
    expect(described).toMatchObject({
      EndpointConfigArn: `${ARN}:endpoint-config/c`,
      ProductionVariants: [{ InitialVariantWeight: 0 }, {}],
    });
    await setup.call('CreateEndpoint', { EndpointName: 'e', EndpointConfigName: 'c' });
    await pass(setup, 9);
    expect(setup.sageMaker.endpoints()[0]!.variants.map(({ weight }) => weight)).toEqual([0, 1]);
  });
});

test('lists come in pages, newest first, filtered by name', async () => {
  const setup = setUp();
  for (let index = 0; index < 12; index += 1) {
    await createModel(setup, `model-${index}`);
    await pass(setup, 1);
  }
  const first = await setup.call('ListModels', {});
  expect(first.Models).toHaveLength(10);
  expect(first.Models[0].ModelName).toBe('model-11');
  const second = await setup.call('ListModels', { NextToken: first.NextToken });
  expect(second.Models.map(({ ModelName }: Members) => ModelName)).toEqual(['model-1', 'model-0']);
  expect(second.NextToken).toBeUndefined();
  const named = await setup.call('ListModels', { NameContains: 'EL-1', SortBy: 'Name', SortOrder: 'Ascending' });
  expect(named.Models.map(({ ModelName }: Members) => ModelName)).toEqual(['model-1', 'model-10', 'model-11']);
  await expect(setup.call('ListModels', { NextToken: 'other' })).rejects.toThrow('NextToken');
  await expect(setup.call('ListModels', { CreationTimeAfter: new Date() })).rejects.toMatchObject({ name: 'UnsupportedError' });
});

test('tags are added, overwritten and listed', async () => {
  const setup = setUp();
  await createModel(setup, 'm', { Tags: [{ Key: 'team', Value: 'a' }] });
  const ResourceArn = `${ARN}:model/m`;
  await setup.call('AddTags', {
    ResourceArn,
    Tags: [
      { Key: 'team', Value: 'b' },
      { Key: 'stage', Value: 'c' },
    ],
  });
  expect(await setup.call('ListTags', { ResourceArn })).toEqual({
    Tags: [
      { Key: 'team', Value: 'b' },
      { Key: 'stage', Value: 'c' },
    ],
  });
  expect(setup.sageMaker.tagsOf(ResourceArn)).toEqual({ team: 'b', stage: 'c' });
  expect(setup.sageMaker.operations.DeleteModel!.permissions({ ModelName: 'm' }, setup.cloud)[0]!.context).toMatchObject({
    'aws:ResourceTag/team': 'b',
  });
  await expect(setup.call('ListTags', { ResourceArn: `${ARN}:model/none` })).rejects.toThrow('Could not find resource');
});

test('a seeded endpoint is in service at once', async () => {
  const setup = setUp();
  setup.sageMaker.seedEndpoint({ endpointName: 'legacy', environment: { ARM: 'stable' } });
  expect(await setup.call('DescribeEndpoint', { EndpointName: 'legacy' })).toMatchObject({
    EndpointStatus: 'InService',
    EndpointConfigName: 'legacy-config',
  });
  expect(await setup.call('DescribeEndpointConfig', { EndpointConfigName: 'legacy-config' })).toMatchObject({
    ProductionVariants: [{ VariantName: 'AllTraffic', ModelName: 'legacy-model' }],
  });
});

describe('CloudFormation resources', () => {
  const context = ({ cloud }: Setup, logicalId: string) =>
    ({ cloud, logicalId, physicalName: () => `stack-${logicalId}` }) as unknown as ResourceContext;
  const type = (name: string) => sageMakerResources.find((one) => one.type === `AWS::SageMaker::${name}`)!;

  test('an endpoint is ready when it is in service, and updated in place', async () => {
    const setup = setUp();
    const [model, config, endpoint] = [type('Model'), type('EndpointConfig'), type('Endpoint')];
    await model.create({ ExecutionRoleArn: 'arn:aws:iam::1:role/R', PrimaryContainer: { Image: 'i' } }, context(setup, 'Model'));
    const variants = [{ VariantName: 'a', ModelName: 'stack-Model', InstanceType: 'ml.m5.large', InitialInstanceCount: 1 }];
    const first = await config.create({ ProductionVariants: variants }, context(setup, 'First'));
    await config.create({ ProductionVariants: variants }, context(setup, 'Second'));
    expect(first).toEqual({ ref: `${ARN}:endpoint-config/stack-first`, attributes: { EndpointConfigName: 'stack-First' } });

    const properties = { EndpointConfigName: 'stack-First', RetainAllVariantProperties: true };
    const creating = endpoint.create(properties, context(setup, 'Endpoint'));
    await pass(setup, 9);
    const created = await creating;
    expect(setup.sageMaker.endpoints()[0]!.status).toBe('InService');
    const updating = endpoint.update!(
      { ...properties, EndpointConfigName: 'stack-Second' },
      properties,
      created,
      context(setup, 'Endpoint'),
    );
    await pass(setup, 9);
    await updating;
    expect(setup.sageMaker.endpoints()[0]!.endpointConfigName).toBe('stack-Second');
    const removing = endpoint.remove(created, properties, context(setup, 'Endpoint'));
    await pass(setup, 2);
    await removing;
    expect(setup.sageMaker.liveResources().endpoints).toEqual([]);
  });

  test('an update that SageMaker rolls back fails', async () => {
    const setup = setUp();
    await liveEndpoint(setup);
    await createConfig(setup, 'third', { a: 1 });
    setup.sageMaker.injectEndpointFault({ kind: 'silent-rollback' });
    const created = { ref: `${ARN}:endpoint/live`, attributes: { EndpointName: 'Live' } };
    const updating = type('Endpoint').update!(
      { EndpointConfigName: 'third' },
      { EndpointConfigName: 'first' },
      created,
      context(setup, 'Endpoint'),
    );
    const failure = expect(updating).rejects.toThrow('it runs another config');
    await pass(setup, 9);
    await failure;
  });
});
