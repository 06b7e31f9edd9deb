import { registryOf } from '../../lambdas/release-request/packages';
import { fakeClient } from './support';

const EIGHT = 'arn:aws:sagemaker:eu-west-1:111122223333:model-package/triage/8';
const APPROVER = 'arn:aws:sts::111122223333:assumed-role/MlLead/ada';

test('the registry says who changed a package last', async () => {
  const { client } = fakeClient<never>({
    DescribeModelPackage: () => ({ ModelApprovalStatus: 'Approved', LastModifiedBy: { IamIdentity: { Arn: APPROVER } } }),
  });
  expect(await registryOf(client).describe(EIGHT)).toEqual({ approvalStatus: 'Approved', changedBy: APPROVER });
});

test('the registry says which retraining run a version claims to come from', async () => {
  const CustomerMetadataProperties = { 'sluice:retraining-run': 't3' };
  const { client } = fakeClient<never>({ DescribeModelPackage: () => ({ ModelApprovalStatus: 'Approved', CustomerMetadataProperties }) });
  expect(await registryOf(client).describe(EIGHT)).toEqual({ approvalStatus: 'Approved', retrainingRun: 't3' });
});
