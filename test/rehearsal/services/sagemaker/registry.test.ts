import type { Members, ResourceContext } from '../../../../rehearsal/cloud/types';
import { sageMakerResources } from '../../../../rehearsal/services/sagemaker';
import { createModel, pass, setUp, type Setup } from './support';

const GROUP = 'arn:aws:sagemaker:us-east-1:111111111111:model-package-group/triage';
const PACKAGE = 'arn:aws:sagemaker:us-east-1:111111111111:model-package/triage';
const specification = {
  Containers: [{ Image: 'image:1', ModelDataUrl: 's3://models/1.tar.gz' }],
  SupportedContentTypes: ['application/json'],
};

async function registered(count = 1): Promise<Setup> {
  const setup = setUp();
  await setup.call('CreateModelPackageGroup', { ModelPackageGroupName: 'triage' });
  for (let index = 0; index < count; index += 1)
    await setup.call('CreateModelPackage', { ModelPackageGroupName: 'triage', InferenceSpecification: specification });
  return setup;
}

const approve = (setup: Setup, extra: Members = {}): Promise<Members> =>
  setup.call('UpdateModelPackage', { ModelPackageArn: `${PACKAGE}/1`, ModelApprovalStatus: 'Approved', ...extra });

// https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-version.html: versions of a group start at 1.
test('versions are counted in their group, wait for approval, and deploy once approved', async () => {
  const setup = await registered(2);
  const deploy = () => createModel(setup, 'm', { PrimaryContainer: { ModelPackageName: `${PACKAGE}/1` } });
  await expect(deploy()).rejects.toThrow('PendingManualApproval');
  await approve(setup);
  await deploy();
  expect(await setup.call('DescribeModelPackage', { ModelPackageName: `${PACKAGE}/1` })).toMatchObject({
    ModelPackageGroupName: 'triage',
    ModelPackageVersion: 1,
    ModelApprovalStatus: 'Approved',
  });
  const listed = await setup.call('ListModelPackages', { ModelPackageGroupName: 'triage', ModelApprovalStatus: 'PendingManualApproval' });
  expect(listed.ModelPackageSummaryList.map((one: Members) => one.ModelPackageVersion)).toEqual([2]);
  expect((await setup.call('ListModelPackageGroups', {})).ModelPackageGroupSummaryList).toMatchObject([{ ModelPackageGroupArn: GROUP }]);
});

// https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html, model package state change.
test('every change is an event, whether the approval changed or not', async () => {
  const setup = await registered();
  await approve(setup);
  await setup.call('UpdateModelPackage', { ModelPackageArn: `${PACKAGE}/1`, CustomerMetadataProperties: { owner: 'a' } });
  await pass(setup, 1);
  expect(setup.emitted.every(({ detailType }) => detailType === 'SageMaker Model Package State Change')).toBe(true);
  const statuses = setup.emitted.map(({ detail }) => detail.ModelApprovalStatus);
  expect([...new Set(statuses)]).toEqual(['PendingManualApproval', 'Approved']);
  expect(statuses.filter((status) => status === 'Approved').length).toBeGreaterThanOrEqual(2);
  expect(setup.emitted[0]!.detail).toMatchObject({
    ModelPackageGroupName: 'triage',
    ModelPackageVersion: 1,
    ModelPackageArn: `${PACKAGE}/1`,
    ModelPackageStatus: 'Completed',
    CreationTime: expect.stringMatching(/^2026-03-02T09:00:\d\dZ$/),
  });
});

test('an event says which fields changed, and the registry who changed them', async () => {
  const setup = await registered();
  await approve(setup, { ApprovalDescription: 'fine' });
  await pass(setup, 1);
  expect(setup.emitted[0]!.detail).not.toHaveProperty('UpdatedModelPackageFields');
  expect(setup.emitted.at(-1)!.detail).toMatchObject({ UpdatedModelPackageFields: ['ModelApprovalStatus', 'ApprovalDescription'] });
  const { LastModifiedBy } = await setup.call('DescribeModelPackage', { ModelPackageName: `${PACKAGE}/1` });
  expect(LastModifiedBy).toEqual({ IamIdentity: { Arn: expect.stringMatching(/^arn:/) } });
});

// The same page: "SageMaker AI may send multiple events to EventBridge for each state change."
test('some changes are announced twice', async () => {
  const setup = await registered();
  for (let index = 0; index < 40; index += 1) await approve(setup);
  await pass(setup, 1);
  expect(setup.emitted.length).toBeGreaterThan(41);
});

test('metadata is added and removed', async () => {
  const setup = await registered();
  await approve(setup, { CustomerMetadataProperties: { a: '1', b: '2' }, ApprovalDescription: 'fine' });
  await approve(setup, { CustomerMetadataPropertiesToRemove: ['a'] });
  expect(await setup.call('DescribeModelPackage', { ModelPackageName: `${PACKAGE}/1` })).toMatchObject({
    CustomerMetadataProperties: { b: '2' },
    ApprovalDescription: 'fine',
  });
});

test.each<[string, string, Members]>([
  ['Exactly one', 'CreateModelPackage', {}],
  ['Could not find model package group', 'CreateModelPackage', { ModelPackageGroupName: 'none' }],
  ['modelApprovalStatus', 'UpdateModelPackage', { ModelPackageArn: `${PACKAGE}/1`, ModelApprovalStatus: 'Maybe' }],
  ['does not exist', 'UpdateModelPackage', { ModelPackageArn: `${PACKAGE}/9` }],
  ['contains model packages', 'DeleteModelPackageGroup', { ModelPackageGroupName: 'triage' }],
  ['already existing', 'CreateModelPackageGroup', { ModelPackageGroupName: 'Triage' }],
  ['SourceAlgorithmSpecification', 'CreateModelPackage', { ModelPackageGroupName: 'triage', SourceAlgorithmSpecification: {} }],
])('refused: %s', async (message, operation, input) => {
  const setup = await registered();
  await expect(setup.call(operation, input)).rejects.toThrow(message);
});

test('CloudFormation registers, approves and removes them', async () => {
  const setup = setUp();
  const context = { cloud: setup.cloud, logicalId: 'One' } as unknown as ResourceContext;
  const type = (name: string) => sageMakerResources.find((one) => one.type === `AWS::SageMaker::${name}`)!;
  const group = await type('ModelPackageGroup').create({ ModelPackageGroupName: 'triage' }, context);
  expect(group.ref).toBe(GROUP);
  const properties = { ModelPackageGroupName: 'triage', InferenceSpecification: specification };
  const created = await type('ModelPackage').create(properties, context);
  expect(created.ref).toBe(`${PACKAGE}/1`);
  await type('ModelPackage').update!({ ...properties, ModelApprovalStatus: 'Approved' }, properties, created, context);
  expect(await setup.call('DescribeModelPackage', { ModelPackageName: created.ref })).toMatchObject({ ModelApprovalStatus: 'Approved' });
  await type('ModelPackage').remove(created, properties, context);
  await type('ModelPackageGroup').remove(group, properties, context);
  await expect(setup.call('DescribeModelPackageGroup', { ModelPackageGroupName: 'triage' })).rejects.toThrow('Could not find');
});
