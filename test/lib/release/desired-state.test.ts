import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { parse } from 'yaml';
import { AiUseCase } from '../../../lib';
import { freezeWindows } from '../../../lib/release/freeze-window';
import { groupOfPackage } from '../../../lib/release/model-registry';
import { actionsOf, statementsOf } from '../../support/policies';
import { CHARTER_FOLDER, testStack } from '../../support/stacks';
import { sharedUseCase } from '../../support/use-case-template';

const PACKAGE = 'arn:aws:sagemaker:eu-west-1:111122223333:model-package/support-triage/7';
const charter = parse(readFileSync(path.join(CHARTER_FOLDER, 'usecase.yaml'), 'utf8')) as Record<string, Record<string, unknown>>;

function templateWith(release: Record<string, unknown>, rollout: Record<string, unknown> = {}): Template {
  const stack = testStack();
  const document = { ...charter, release: { ...charter['release'], ...release }, rollout: { ...charter['rollout'], ...rollout } };
  AiUseCase._fromDocument(stack, 'SupportTriage', CHARTER_FOLDER, document, {});
  return Template.fromStack(stack);
}

const REQUEST_ROLE = /ReleaseRequestRole/;
const looks = (template: Template) =>
  statementsOf(template, REQUEST_ROLE).filter(({ Action }) => Action === 'sagemaker:DescribeModelPackage');
const environmentOf = (template: Template): Record<string, unknown> => {
  const functions = Object.entries(template.findResources('AWS::Lambda::Function'));
  const [, request] = functions.find(([id]) => /ReleaseRequest[0-9A-F]{8}$/.test(id)) ?? [];
  return (request?.['Properties'] as { Environment: { Variables: Record<string, unknown> } }).Environment.Variables;
};

describe('what is wanted released', () => {
  const { template, useCase } = sharedUseCase();

  test('is asked for at a function URL that only IAM principals may call', () => {
    template.hasResourceProperties('AWS::Lambda::Url', {
      AuthType: 'AWS_IAM',
      TargetFunctionArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('ReleaseRequest'), 'Arn'] },
    });
    template.hasOutput('ReleaseUrl', {});
  });

  test('keeps its construct path: another one would take production down', () => {
    expect(useCase.release.node.tryFindChild('Desired')).toBeDefined();
    expect(useCase.release.node.tryFindChild('Request')).toBeDefined();
  });

  test('is granted to owners like deciding', () => {
    const stack = testStack();
    const owner = new iam.Role(stack, 'Owner', { assumedBy: new iam.AccountRootPrincipal() });
    AiUseCase.fromCharter(stack, 'SupportTriage', CHARTER_FOLDER).grantDecide(owner);
    const callable = statementsOf(Template.fromStack(stack), /^Owner/);
    expect(
      callable
        .filter(({ Action }) => Action === 'lambda:InvokeFunctionUrl')
        .map(({ Resource }) => JSON.stringify(Resource))
        .join(),
    ).toContain('ReleaseRequest');
  });

  test('without a registry listens to none, and looks at no package', () => {
    expect(Object.keys(template.findResources('AWS::Events::Rule')).filter((id) => id.includes('RegistryRule'))).toEqual([]);
    expect(looks(template)).toEqual([]);
    expect(environmentOf(template)).toMatchObject({ REGISTRY_GROUP: '', PACKAGE_GROUPS: '[]' });
  });

  test('by a handler that may do no more than it does', () => {
    expect([...new Set(actionsOf(template, REQUEST_ROLE))]).toEqual([
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'states:SendTaskSuccess',
      'states:StartExecution',
    ]);
  });
});

describe('with a registry', () => {
  const template = templateWith({ registry: { group: 'Support-Triage' } });

  test('approved versions of the group in this account reach the handler', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.sagemaker'],
        'detail-type': ['SageMaker Model Package State Change'],
        account: [{ Ref: 'AWS::AccountId' }],
        detail: { ModelPackageGroupName: ['Support-Triage'], ModelApprovalStatus: ['Approved'] },
      },
      Targets: [{ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('ReleaseRequest'), 'Arn'] }, RetryPolicy: { MaximumRetryAttempts: 3 } }],
    });
  });

  test('the handler may look at versions of that group alone, in both spellings', () => {
    const [{ Resource } = { Resource: undefined }] = looks(template);
    const text = JSON.stringify(Resource);
    expect(text).toContain('model-package/Support-Triage/*');
    expect(text).toContain('model-package/support-triage/*');
    expect(environmentOf(template)).toMatchObject({ REGISTRY_GROUP: 'Support-Triage' });
    expect(JSON.stringify(environmentOf(template)['PACKAGE_GROUPS'])).toContain('model-package/Support-Triage');
  });

  test('models may read what a later package runs', () => {
    const reads = statementsOf(template, /ReleaseModelRole/).filter(({ Condition }) =>
      JSON.stringify(Condition ?? '').includes('aws:ResourceAccount'),
    );
    expect(reads).toHaveLength(1);
    expect(
      statementsOf(sharedUseCase().template, /ReleaseModelRole/).some(({ Condition }) =>
        JSON.stringify(Condition ?? '').includes('aws:ResourceAccount'),
      ),
    ).toBe(false);
  });

  test('of another account its events are the ones that count', () => {
    const other = templateWith({ registry: { group: 'arn:aws:sagemaker:eu-west-1:222233334444:model-package-group/triage' } });
    other.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: Match.objectLike({ account: ['222233334444'], detail: Match.objectLike({ ModelPackageGroupName: ['triage'] }) }),
    });
    expect(environmentOf(other)['PACKAGE_GROUPS']).toBe('["arn:aws:sagemaker:eu-west-1:222233334444:model-package/triage"]');
  });
});

test('of a package that the charter names, further versions may be asked for', () => {
  const template = templateWith({ model: { package: PACKAGE } });
  expect(looks(template)).toMatchObject([{ Resource: 'arn:aws:sagemaker:eu-west-1:111122223333:model-package/support-triage/*' }]);
  expect(environmentOf(template)['PACKAGE_GROUPS']).toBe('["arn:aws:sagemaker:eu-west-1:111122223333:model-package/support-triage"]');
  const single = templateWith({ model: { package: PACKAGE.replace('/7', '') } });
  expect(looks(single)).toMatchObject([{ Resource: PACKAGE.replace('/7', '') }]);
  expect(environmentOf(single)['PACKAGE_GROUPS']).toBe('[]');
});

test('freezes reach the release', () => {
  const template = templateWith({}, { freezes: [{ reason: 'weekend', weekly: 'fri 16:00 – mon 08:00' }] });
  const [desired] = Object.values(template.findResources('Custom::SluiceDesiredRelease'));
  expect(JSON.stringify(desired?.['Properties'])).toContain('fromMinute');
  expect(freezeWindows([{ reason: 'x', from: '2026-12-18T16:00Z', to: '2027-01-04T06:00Z' }])).toEqual([
    { kind: 'once', reason: 'x', from: '2026-12-18T16:00:00.000Z', to: '2027-01-04T06:00:00.000Z' },
  ]);
  expect(() => freezeWindows([{ reason: 'x', weekly: 'weekends' }])).toThrow(
    'rollout.freezes.0.weekly: allowed is a part of the week in UTC such as fri 16:00 – mon 08:00, got [{"reason":"x","weekly":"weekends"}].',
  );
});

test('a version names its group', () => {
  expect(groupOfPackage(PACKAGE)).toBe(PACKAGE.replace('/7', ''));
  expect(groupOfPackage(PACKAGE.replace('/7', ''))).toBeUndefined();
});
