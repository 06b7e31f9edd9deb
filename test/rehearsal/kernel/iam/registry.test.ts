import type { Caller, PolicyDocument, PolicyStatement } from '../../../../rehearsal/cloud/types';
import { UnsupportedError } from '../../../../rehearsal/cloud/types';
import { PolicyEngine } from '../../../../rehearsal/kernel/iam/registry';

const roleArn = 'arn:aws:iam::123456789012:role/verdict';
const role: Caller = { kind: 'role', roleArn };
const table = 'arn:aws:dynamodb:eu-west-1:123456789012:table/ledger';

function engine(statements: PolicyStatement[], boundary?: PolicyDocument): PolicyEngine {
  const made = new PolicyEngine('123456789012', 'eu-west-1', () => 1000);
  made.putRole({ arn: roleArn, name: 'verdict', trust: { Statement: [] }, ...(boundary === undefined ? {} : { boundary }) });
  made.putRolePolicy(roleArn, 'inline', { Statement: statements });
  return made;
}

const allow = (
  Action: string | string[],
  Resource: string | string[] = '*',
  Condition?: PolicyStatement['Condition'],
): PolicyStatement => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});

describe('PolicyEngine', () => {
  const get = { action: 'dynamodb:GetItem', resource: table };

  it.each([
    ['exact', allow('dynamodb:GetItem', table), true],
    ['wildcard action', allow('dynamodb:Get*', table), true],
    ['other case', allow('DynamoDB:getitem', table), true],
    ['wildcard resource', allow('dynamodb:*', 'arn:aws:dynamodb:*:*:table/led?er'), true],
    ['other resource', allow('dynamodb:GetItem', `${table}/index/*`), false],
    ['not action', { Effect: 'Allow', NotAction: 'dynamodb:Put*', Resource: '*' } as const, true],
    ['not resource', { Effect: 'Allow', Action: 'dynamodb:*', NotResource: table } as const, false],
  ])('%s', (_what, statement, allowed) => {
    const authorise = () => engine([statement]).authorise(role, get, undefined);
    if (allowed) expect(authorise).not.toThrow();
    else expect(authorise).toThrow(/not authorized/);
  });

  it('words and codes a refusal as AWS does', () => {
    const iam = engine([]);
    expect(() => iam.authorise(role, get, undefined)).toThrow(
      expect.objectContaining({
        code: 'AccessDeniedException',
        message: `User: arn:aws:sts::123456789012:assumed-role/verdict/verdict is not authorized to perform: dynamodb:GetItem on resource: ${table} because no identity-based policy allows the dynamodb:GetItem action`,
      }),
    );
    expect(() => iam.authorise(role, { action: 's3:GetObject', resource: 'arn:aws:s3:::b/k' }, undefined)).toThrow(
      expect.objectContaining({ code: 'AccessDenied', statusCode: 403 }),
    );
    expect(() => iam.authorise(role, { action: 'iam:PassRole', resource: roleArn }, undefined, 'sagemaker')).toThrow(
      expect.objectContaining({ code: 'AccessDeniedException' }),
    );
    expect(iam.report().denied).toHaveLength(3);
    expect(iam.report().denied[0]).toEqual({ role: 'verdict', action: 'dynamodb:GetItem', resource: table, atMillis: 1000 });
  });

  it('lets a deny win, and a boundary bind', () => {
    const denied = engine([allow('*'), { Effect: 'Deny', Action: 'dynamodb:GetItem', Resource: '*' }]);
    expect(() => denied.authorise(role, get, undefined)).toThrow(/with an explicit deny in an identity-based policy/);
    const bounded = engine([allow('*')], { Statement: allow('sqs:*') });
    expect(() => bounded.authorise(role, get, undefined)).toThrow(/because no permissions boundary allows the dynamodb:GetItem action/);
  });

  it.each([
    ['StringEquals', { 'iam:PassedToService': 'sagemaker.amazonaws.com' }, true],
    ['StringEquals', { 'iam:PassedToService': ['lambda.amazonaws.com'] }, false],
    ['StringLike', { 'IAM:passedtoservice': 'sage*' }, true],
    ['StringNotEquals', { 'iam:PassedToService': 'lambda.amazonaws.com' }, true],
    ['StringEquals', { 'aws:ResourceTag/a': 'b' }, false],
    ['StringEqualsIfExists', { 'aws:ResourceTag/a': 'b' }, true],
    ['Null', { 'aws:ResourceTag/a': 'true' }, true],
    ['Bool', { 'aws:SecureTransport': 'false' }, false],
    ['ForAnyValue:StringEquals', { keys: ['a', 'x'] }, true],
    ['ForAllValues:StringEquals', { keys: ['a', 'x'] }, false],
    ['ForAllValues:StringLike', { keys: ['?'] }, true],
    ['NumericLessThan', { count: '3' }, true],
    ['ArnLike', { arn: 'arn:aws:events:*:123456789012:rule/*' }, true],
    ['ArnLike', { arn: 'arn:aws:*:rule/*' }, false],
  ])('condition %s %j', (operator, keys, allowed) => {
    const context = {
      'iam:PassedToService': 'sagemaker.amazonaws.com',
      keys: ['a', 'b'],
      count: '2',
      arn: 'arn:aws:events:eu-west-1:123456789012:rule/r',
    };
    const iam = engine([allow('*', '*', { [operator]: keys })]);
    const authorise = () => iam.authorise(role, { action: 'iam:PassRole', resource: roleArn, context }, undefined);
    if (allowed) expect(authorise).not.toThrow();
    else expect(authorise).toThrow(/not authorized/);
  });

  it('refuses what it could not judge when the policy is put in place', () => {
    expect(() => engine([allow('*', '*', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })])).toThrow(UnsupportedError);
    expect(() => engine([{ ...allow('*'), NotPrincipal: '*' }])).toThrow(/NotPrincipal in an allowing statement/);
    expect(() => engine([{ ...allow('*'), Principle: '*' } as PolicyStatement])).toThrow(/the policy element Principle is not supported/);
  });

  it('lets services in by the resource’s policy and its source conditions', () => {
    const rule = 'arn:aws:events:eu-west-1:123456789012:rule/r';
    const service: Caller = { kind: 'service', principal: 'events.amazonaws.com', sourceArn: rule };
    const send = { action: 'sqs:SendMessage', resource: 'arn:aws:sqs:eu-west-1:123456789012:q' };
    const policy = (source: string): PolicyDocument => ({
      Statement: [
        { Effect: 'Deny', Principal: '*', Action: 'sqs:*', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
        {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: '*',
          Condition: { ArnEquals: { 'aws:SourceArn': source } },
        },
      ],
    });
    const iam = engine([]);
    expect(() => iam.authorise(service, send, policy(rule))).not.toThrow();
    expect(() => iam.authorise(service, send, policy(`${rule}2`))).toThrow(expect.objectContaining({ code: 'AccessDenied' }));
    expect(() => iam.authorise(service, send, undefined)).toThrow(/no resource-based policy allows/);
  });

  it('takes a role’s permission from a resource’s policy that names it, not one that names the account', () => {
    const policy = (principal: string): PolicyDocument => ({
      Statement: { Effect: 'Allow', Principal: { AWS: principal }, Action: '*', Resource: '*' },
    });
    expect(() => engine([]).authorise(role, get, policy(roleArn))).not.toThrow();
    expect(() => engine([]).authorise(role, get, policy('arn:aws:iam::123456789012:root'))).toThrow(/no identity-based policy/);
    const decrypt = { action: 'kms:Decrypt', resource: 'arn:aws:kms:eu-west-1:123456789012:key/k' };
    expect(() => engine([allow('kms:*')]).authorise(role, decrypt, policy('arn:aws:iam::123456789012:root'))).not.toThrow();
    expect(() => engine([allow('kms:*')]).authorise(role, decrypt, policy('arn:aws:iam::123456789012:role/other'))).toThrow(
      /no resource-based policy/,
    );
  });

  it('hears of a policy that changes after it allowed a request', () => {
    const iam = engine([allow('*')]);
    iam.authorise(role, get, undefined);
    iam.authorise(role, get, undefined);
    const denying: PolicyDocument = { Statement: { Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' } };
    expect(() => iam.authorise(role, get, denying)).toThrow(/explicit deny in a resource-based policy/);
    iam.removeRolePolicy(roleArn, 'inline');
    expect(() => iam.authorise(role, get, undefined)).toThrow(/no identity-based policy/);
  });

  it('reports what was never used, as written', () => {
    const iam = engine([allow(['dynamodb:GetItem', 'dynamodb:Put*'], [table, `${table}/index/*`])]);
    iam.authorise(role, get, undefined);
    expect(iam.report().unused).toEqual([
      { role: 'verdict', action: 'dynamodb:GetItem', resource: `${table}/index/*` },
      { role: 'verdict', action: 'dynamodb:Put*', resource: table },
      { role: 'verdict', action: 'dynamodb:Put*', resource: `${table}/index/*` },
    ]);
  });

  it('binds nobody of the scenario’s world, and no role that does not exist', () => {
    const iam = engine([]);
    expect(() => iam.authorise({ kind: 'world', principalArn: 'ann' }, get, undefined)).not.toThrow();
    expect(() => iam.authorise({ kind: 'role', roleArn: `${roleArn}-gone` }, get, undefined)).toThrow(/no such role/);
  });
});
