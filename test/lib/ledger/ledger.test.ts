import { RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Ledger } from '../../../lib';
import { statementsOf } from '../../support/policies';
import { testStack } from '../../support/stacks';

describe('Ledger', () => {
  test('is one table on demand with point-in-time recovery and time to live, kept when the stack goes', () => {
    const stack = testStack();
    new Ledger(stack, 'Ledger');
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::DynamoDB::Table', 1);
    template.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        TableName: Match.absent(),
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        DeletionProtectionEnabled: true,
      },
    });
  });

  test('can go with its stack where that is asked for', () => {
    const stack = testStack();
    new Ledger(stack, 'Ledger', { removalPolicy: RemovalPolicy.DESTROY });
    Template.fromStack(stack).hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Delete',
      Properties: { DeletionProtectionEnabled: false },
    });
  });

  test('allows exactly the actions that are granted, and the use of its key', () => {
    const stack = testStack();
    const key = new kms.Key(stack, 'Key');
    const ledger = new Ledger(stack, 'Ledger', { encryptionKey: key });
    const reader = new iam.Role(stack, 'Reader', { assumedBy: new iam.AccountRootPrincipal() });
    ledger.grantRead(reader);
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::DynamoDB::Table', { SSESpecification: { SSEEnabled: true, SSEType: 'KMS' } });
    const actions = statementsOf(template, /^Reader/).map(({ Action }) => Action);
    expect(actions).toEqual(expect.arrayContaining(['kms:Decrypt', ['dynamodb:GetItem', 'dynamodb:Query']]));
    expect(actions.flat()).not.toContain('dynamodb:PutItem');
  });
});
