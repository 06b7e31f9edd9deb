import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { parse } from 'yaml';
import {
  AiUseCase,
  type AiUseCaseProps,
  Baseline,
  KpiDirection,
  KpiRole,
  KpiUnit,
  ModelSource,
  RiskClass,
  RolloutStrategy,
} from '../../../lib';
import { actionsOf } from '../../support/policies';
import { CHARTER_FOLDER, placeholderBundles, testStack } from '../../support/stacks';
import { sharedUseCase } from '../../support/use-case-template';

const PROPS: AiUseCaseProps = {
  name: 'support-triage',
  purpose: {
    problem: 'Agents lose time to spam.',
    users: 'support agents',
    hypothesis: 'Spam that reaches an agent falls from 8 % to 3 %.',
    reviewBy: '2027-03-31',
    risk: RiskClass.LIMITED,
    data: { sources: ['support mailbox'], personal: true, retentionDays: 400 },
  },
  owners: {
    process: { principals: ['arn:aws:iam::111122223333:role/SupportLead'], notify: ['support-lead@example.com'] },
    risk: { principals: ['arn:aws:iam::111122223333:role/ModelRisk'] },
  },
  kpis: [
    {
      name: 'missed-spam',
      better: KpiDirection.LOWER,
      unit: KpiUnit.CASE,
      role: KpiRole.GOAL,
      windowMinutes: 360,
      target: { value: 0.03, by: '2027-03-31' },
    },
    { name: 'wrongly-blocked', better: KpiDirection.LOWER, unit: KpiUnit.CASE, role: KpiRole.GUARD, windowMinutes: 1440 },
  ],
  baseline: Baseline.rule(path.join(CHARTER_FOLDER, 'baseline.ts')),
  model: ModelSource.scikitLearn({ version: '1.2-1', artefact: path.join(CHARTER_FOLDER, 'model') }),
  serving: { instanceType: 'ml.g5.xlarge', maxInstances: 4 },
  behaviour: { threshold: 0.62 },
  rollout: {
    strategy: RolloutStrategy.canary([
      { weight: 0.05, bakeMinutes: 120 },
      { weight: 0.5, bakeMinutes: 240 },
    ]),
  },
  approvals: { requiredRoles: ['risk'], deadlineMinutes: 2880 },
  tags: { team: 'support' },
};

const templateOf = (props: AiUseCaseProps): Template => {
  const stack = testStack();
  new AiUseCase(stack, 'SupportTriage', props);
  return Template.fromStack(stack);
};

/** A charter like the one in test/support, with some of its text replaced. */
function charterWith(replacements: [string | RegExp, string][]): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-charter-'));
  cpSync(CHARTER_FOLDER, folder, { recursive: true });
  const file = path.join(folder, 'usecase.yaml');
  const text = replacements.reduce((changed, [from, to]) => changed.replace(from, to), readFileSync(file, 'utf8'));
  writeFileSync(file, text);
  return folder;
}

const messageOf = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    expect((error as Error).stack).not.toMatch(/\n\s+at /);
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
};

describe('AiUseCase.fromCharter', () => {
  test('takes the folder or the file', () => {
    const stack = testStack();
    expect(AiUseCase.fromCharter(stack, 'Folder', CHARTER_FOLDER).useCaseName).toBe('support-triage');
    expect(AiUseCase.fromCharter(stack, 'File', path.join(CHARTER_FOLDER, 'usecase.yaml')).useCaseName).toBe('support-triage');
  });

  test('lists everything that must change in one error, with lines', () => {
    const folder = charterWith([
      ['better: lower', 'bettr: lower'],
      ['weight: 0.05', 'weight: 1.2'],
    ]);
    const message = messageOf(() => AiUseCase.fromCharter(testStack(), 'X', folder));
    expect(message).toMatch(/usecase\.yaml:\d+ {2}kpis\[0\]\.bettr: is no setting here/);
    expect(message).toContain('Did you mean');
    expect(message).toContain('rollout.steps[0].weight');
  });

  test('says where it looked for a charter', () => {
    expect(() => AiUseCase.fromCharter(testStack(), 'X', 'no/such/folder')).toThrow(/There is no charter at .*no\/such\/folder/);
  });

  test('lays a profile over serving, and refuses one that is not there', () => {
    const stack = testStack();
    AiUseCase.fromCharter(stack, 'X', CHARTER_FOLDER, { profile: 'cpu' });
    expect(JSON.stringify(Template.fromStack(stack).findResources('Custom::SluiceDesiredRelease'))).toContain('ml.m5.large');
    expect(() => AiUseCase.fromCharter(testStack(), 'X', CHARTER_FOLDER, { profile: 'tpu' })).toThrow(/does not have the profile/);
  });

  test('refuses a public container that it does not know', () => {
    const folder = charterWith([['scikit-learn:1.2-1', 'pytorch:2.3']]);
    expect(() => AiUseCase.fromCharter(testStack(), 'X', folder)).toThrow(/pytorch:2\.3.*scikit-learn/s);
  });

  test('names settings that have no effect yet', () => {
    Annotations.fromStack(sharedUseCase().stack).hasWarning('*', Match.stringLikeRegexp('^review has no effect yet'));
  });

  test('bounds every role where the platform says so', () => {
    const folder = charterWith([['tags:', 'platform: { permissionsBoundary: "arn:aws:iam::111122223333:policy/boundary" }\ntags:']]);
    const stack = testStack();
    AiUseCase.fromCharter(stack, 'X', folder);
    const roles = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
    expect(roles.length).toBeGreaterThan(8);
    for (const role of roles) {
      expect(role).toMatchObject({ Properties: { PermissionsBoundary: 'arn:aws:iam::111122223333:policy/boundary' } });
    }
  });

  test('encrypts everything with the key that the charter names', () => {
    const arn = 'arn:aws:kms:eu-west-1:111122223333:key/0ab1';
    const stack = testStack();
    AiUseCase.fromCharter(stack, 'X', charterWith([['tags:', `platform: { encryptionKey: "${arn}" }\ntags:`]]));
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::DynamoDB::Table', { SSESpecification: { KMSMasterKeyId: arn } });
    template.allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: arn });
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: arn });
    template.hasResourceProperties('AWS::SecretsManager::Secret', { KmsKeyId: arn });
    template.allResourcesProperties('AWS::Lambda::Function', { KmsKeyArn: arn });
    expect(actionsOf(template, /ReleaseStepRole/)).toEqual(expect.arrayContaining(['kms:Decrypt', 'kms:GenerateDataKey*']));
  });

  test('adopts a live endpoint: described and updated, never deleted', () => {
    const stack = testStack();
    AiUseCase.fromCharter(stack, 'X', charterWith([['tags:', 'platform: { existingEndpoint: triage-legacy }\ntags:']]));
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ EXISTING_ENDPOINT: 'triage-legacy' }) },
    });
    const policies = JSON.stringify(template.findResources('AWS::IAM::Policy'));
    const statements = policies.match(/\{"Action":[^{}]*"sagemaker:DeleteEndpoint"[^]*?"Resource":[^]*?\}/g) ?? [];
    expect(policies).toContain('endpoint/triage-legacy');
    expect(statements.join()).not.toContain('triage-legacy');
  });
});

describe('AiUseCase', () => {
  test('in code asks for the same release as its charter', () => {
    const release = (template: Template): unknown =>
      JSON.stringify(Object.values(template.findResources('Custom::SluiceDesiredRelease'))[0]?.['Properties']['Release']);
    const folder = charterWith([[', prompt: prompt.md', '']]);
    const stack = testStack();
    AiUseCase.fromCharter(stack, 'SupportTriage', folder);
    const charterHash = /,\\"charterSha256\\":\\"[0-9a-f]{64}\\"/;
    expect(release(Template.fromStack(stack))).toMatch(charterHash);
    expect(release(templateOf(PROPS))).toEqual(String(release(Template.fromStack(stack))).replace(charterHash, ''));
  });

  test('is checked in code by the rules of the charter', () => {
    const wrong = { ...PROPS, approvals: { requiredRoles: ['rsk'] }, serving: { instanceType: 'g5' } };
    const message = messageOf(() => templateOf(wrong));
    expect(message).toContain('The use case support-triage/SupportTriage has');
    expect(message).toMatch(/serving\.instance/);
  });

  test('has the outputs that its commands read', () => {
    expect(Object.keys(sharedUseCase().template.findOutputs('*')).sort()).toEqual([
      'ApprovalUrl',
      'ControlUrl',
      'DashboardName',
      'EventBusName',
      'EvidenceBucketName',
      'EvidenceKeyArn',
      'GatewayUrl',
      'LedgerTableName',
      'ModelCardName',
      'ObservationQueueUrl',
      'ReleaseUrl',
    ]);
  });

  test.each([
    ['its props', { kpiHttp: true, kpiFiles: true }],
    ['its charter', {}],
  ])('takes KPI events over HTTPS and from files where %s say so', (where, options) => {
    const stack = testStack();
    const document = parse(readFileSync(path.join(CHARTER_FOLDER, 'usecase.yaml'), 'utf8')) as Record<string, unknown>;
    if (where === 'its charter') document['platform'] = { kpiHttp: true, kpiFiles: true };
    AiUseCase._fromDocument(stack, 'SupportTriage', CHARTER_FOLDER, document, options);
    const outputs = Object.keys(Template.fromStack(stack).findOutputs('*'));
    expect(outputs).toEqual(expect.arrayContaining(['KpiUrl', 'KpiFileBucketName']));
  });

  test('shares a stack with another use case', () => {
    const stack = testStack();
    new AiUseCase(stack, 'One', PROPS);
    new AiUseCase(stack, 'Two', { ...PROPS, name: 'invoice-triage' });
    const outputs = Object.keys(Template.fromStack(stack).findOutputs('*'));
    expect(outputs).toHaveLength(22);
    expect(outputs).toContain('GatewayUrl');
  });

  test('carries its tags, and the name of the use case', () => {
    sharedUseCase().template.hasResourceProperties('AWS::DynamoDB::Table', {
      Tags: Match.arrayWith([
        { Key: 'sluice:use-case', Value: 'support-triage' },
        { Key: 'team', Value: 'support' },
      ]),
    });
  });

  test('has a keyring that is made once and kept', () => {
    sharedUseCase().template.hasResourceProperties('AWS::SecretsManager::Secret', {
      GenerateSecretString: { SecretStringTemplate: '{"current":"k1"}', GenerateStringKey: 'k1', PasswordLength: 64 },
    });
  });

  test('tells owners by e-mail, over TLS only', () => {
    const { template } = sharedUseCase();
    template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'support-lead@example.com' });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]),
      },
    });
  });

  test('lets owners decide through both URLs', () => {
    const stack = testStack();
    const useCase = AiUseCase.fromCharter(stack, 'X', CHARTER_FOLDER);
    useCase.grantDecide(new iam.Role(stack, 'Owner', { assumedBy: new iam.AccountRootPrincipal() }));
    useCase.grantPutKpiEvents(new iam.Role(stack, 'Producer', { assumedBy: new iam.AccountRootPrincipal() }));
    const template = Template.fromStack(stack);
    expect(new Set(actionsOf(template, /^Owner/))).toEqual(new Set(['lambda:InvokeFunction', 'lambda:InvokeFunctionUrl']));
    expect(actionsOf(template, /^Producer/)).toEqual(['events:PutEvents']);
  });

  test('needs nothing but its bundles, at any working directory', () => {
    placeholderBundles();
    const before = process.cwd();
    process.chdir(tmpdir());
    try {
      expect(() => AiUseCase.fromCharter(new Stack(new App(), 'S'), 'X', CHARTER_FOLDER)).not.toThrow();
    } finally {
      process.chdir(before);
    }
  });
});
