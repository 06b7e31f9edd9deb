import type { Members, RefusalContext } from '../../../../rehearsal/cloud/types';
import { resourceTypes } from '../../../../rehearsal/services';

const refusals = (type: string, properties: Members): readonly string[] =>
  resourceTypes.find((one) => one.type === type)!.refuse!(properties, {} as RefusalContext);

const statement = (more: Members): Members => ({ Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*', ...more }] });
const strange = statement({ Condition: { StringEquals: { 's3:x-amz-acl': 'private' } } });
const address = statement({ Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } });

it.each<[string, string, Members, RegExp[]]>([
  [
    'a managed policy',
    'AWS::IAM::Role',
    { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonLexFullAccess'] },
    [/AmazonLexFullAccess of AWS/],
  ],
  ['a boundary', 'AWS::IAM::Role', { PermissionsBoundary: 'arn:aws:iam::aws:policy/ViewOnlyAccess' }, [/ViewOnlyAccess of AWS/]],
  ['policies of the account', 'AWS::IAM::Role', { ManagedPolicyArns: ['arn:aws:iam::123456789012:policy/ours'] }, []],
  [
    'conditions of a role',
    'AWS::IAM::Role',
    { AssumeRolePolicyDocument: address, Policies: [{ PolicyName: 'p', PolicyDocument: strange }] },
    [/IpAddress/, /s3:x-amz-acl/],
  ],
  ['users', 'AWS::IAM::Policy', { Users: ['ann'], PolicyDocument: statement({}) }, [/users or groups/]],
  ['conditions of a managed policy', 'AWS::IAM::ManagedPolicy', { PolicyDocument: strange }, [/s3:x-amz-acl/]],
  ['conditions of a bucket', 'AWS::S3::BucketPolicy', { PolicyDocument: address }, [/IpAddress/]],
])('names %s before anything is deployed', (_what, type, properties, expected) => {
  const found = refusals(type, properties);
  expect(found).toHaveLength(expected.length);
  expected.forEach((pattern, index) => expect(found[index]).toMatch(pattern));
});
