import { Match, Template } from 'aws-cdk-lib/assertions';
import { EvidenceStore } from '../../../lib';
import { testStack } from '../../support/stacks';

describe('EvidenceStore', () => {
  test('is a locked, versioned bucket that stays when the stack goes and speaks TLS only', () => {
    const stack = testStack();
    new EvidenceStore(stack, 'Evidence');
    const template = Template.fromStack(stack);
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        BucketName: Match.absent(),
        ObjectLockEnabled: true,
        ObjectLockConfiguration: { Rule: { DefaultRetention: { Days: 365, Mode: 'GOVERNANCE' } } },
        VersioningConfiguration: { Status: 'Enabled' },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
      },
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]),
      },
    });
  });

  test('can be locked against administrators too', () => {
    const stack = testStack();
    new EvidenceStore(stack, 'Evidence', { lockDays: 730, compliance: true });
    Template.fromStack(stack).hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Days: 730, Mode: 'COMPLIANCE' } } },
    });
  });

  test.each([0, -1, 1.5, 36501])('refuses a lock of %d days', (lockDays) => {
    expect(() => new EvidenceStore(testStack(), 'Evidence', { lockDays })).toThrow(`lockDays is ${lockDays}: it must be a whole number`);
  });
});
