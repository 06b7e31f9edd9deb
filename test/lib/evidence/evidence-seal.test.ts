import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { EvidenceSeal, EvidenceStore } from '../../../lib';
import { actionsOf, statementsOf } from '../../support/policies';
import { testStack } from '../../support/stacks';

function sealed(encrypted = false) {
  const stack = testStack();
  const encryptionKey = encrypted ? new kms.Key(stack, 'Encryption') : undefined;
  const store = new EvidenceStore(stack, 'Evidence', { encryptionKey });
  const seal = new EvidenceSeal(stack, 'Seal', { useCaseName: 'support-triage', store, encryptionKey });
  return { stack, store, seal };
}

const roleArn = { 'Fn::GetAtt': [Match.stringLikeRegexp('^SealHandlerRole'), 'Arn'] };

describe('EvidenceSeal', () => {
  test('signs with a key that stays, that only its handler may use, and that administrators manage', () => {
    const template = Template.fromStack(sealed().stack);
    template.hasResource('AWS::KMS::Key', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        KeySpec: 'ECC_NIST_P256',
        KeyUsage: 'SIGN_VERIFY',
        KeyPolicy: {
          Statement: [
            Match.objectLike({
              Sid: 'Management',
              Effect: 'Allow',
              Action: Match.arrayWith(['kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion']),
            }),
            Match.objectLike({ Sid: 'Sign', Effect: 'Allow', Action: 'kms:Sign', Principal: { AWS: roleArn } }),
            Match.objectLike({
              Sid: 'NobodyElseSigns',
              Effect: 'Deny',
              Action: 'kms:Sign',
              Principal: { AWS: '*' },
              Condition: { ArnNotEquals: { 'aws:PrincipalArn': roleArn } },
            }),
          ],
        },
      },
    });
    const [key] = Object.values(template.findResources('AWS::KMS::Key'));
    const management = (key?.['Properties'] as { KeyPolicy: { Statement: { Action: string[] }[] } }).KeyPolicy.Statement[0]!.Action;
    expect(management.filter((action) => /Sign|Grant|\*$/.test(action))).toEqual(['kms:Describe*', 'kms:Get*', 'kms:List*']);
  });

  test('reads bundles and writes heads, and nothing else', () => {
    const template = Template.fromStack(sealed().stack);
    const text = JSON.stringify(template.findResources('AWS::IAM::Policy'));
    expect(text).not.toContain('dynamodb');
    expect(actionsOf(template, /SealHandlerRole/)).toEqual(
      expect.arrayContaining(['kms:Sign', 'kms:GetPublicKey', 's3:ListBucket', 's3:GetObject', 's3:PutObject']),
    );
    const writes = JSON.stringify(statementsOf(template, /SealHandlerRole/).filter(({ Action }) => Action === 's3:PutObject'));
    expect(writes).toContain('/heads/*');
    expect(writes).not.toContain('/bundles/*');
  });

  test('nobody but the handler may write heads, whatever else is allowed', () => {
    Template.fromStack(sealed().stack).hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Action: 's3:PutObject',
            Principal: { AWS: '*' },
            Condition: { ArnNotEquals: { 'aws:PrincipalArn': roleArn } },
          }),
        ]),
      },
    });
  });

  test('is called by the bucket through EventBridge, and by the clock', () => {
    const template = Template.fromStack(sealed().stack);
    template.hasResourceProperties('AWS::S3::Bucket', {
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    });
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: Match.objectLike({ detail: Match.objectLike({ object: { key: [{ prefix: 'bundles/' }] } }) }),
      Targets: [Match.objectLike({ RetryPolicy: { MaximumRetryAttempts: 10, MaximumEventAgeInSeconds: Duration.hours(6).toSeconds() } })],
    });
    template.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'cron(25 * * * ? *)' });
    expect(Object.keys(template.findResources('Custom::S3BucketNotifications'))).toEqual([]);
  });

  test('may use the key that encrypts the bucket', () => {
    const text = JSON.stringify(Template.fromStack(sealed(true).stack).findResources('AWS::IAM::Policy'));
    expect(text).toContain('kms:GenerateDataKey*');
  });

  test('lets auditors read everything and verify, and no more', () => {
    const { stack, store, seal } = sealed();
    const auditor = new iam.Role(stack, 'Auditor', { assumedBy: new iam.AccountRootPrincipal() });
    store.grantRead(auditor);
    seal.grantVerify(auditor);
    const policy = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Policy')).find(([id]) => id.startsWith('Auditor'));
    const text = JSON.stringify(policy);
    for (const action of ['s3:ListBucketVersions', 's3:GetObject*', 'kms:GetPublicKey']) expect(text).toContain(action);
    expect(text).not.toMatch(/kms:Sign|Put|Delete/);
  });
});
