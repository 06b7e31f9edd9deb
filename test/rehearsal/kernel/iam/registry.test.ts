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

  describe('conditions', () => {
    const asked = (condition: NonNullable<PolicyStatement['Condition']>, context?: Record<string, string | string[]>) => () =>
      engine([allow('*', '*', condition)]).authorise(role, { ...get, ...(context === undefined ? {} : { context }) }, undefined);

    it.each([
      ['DateGreaterThan', { 'aws:CurrentTime': '1969-12-31T00:00:00Z' }, true],
      ['DateLessThan', { 'aws:CurrentTime': '1969-12-31T00:00:00Z' }, false],
      ['DateEquals', { 'aws:CurrentTime': '1' }, true],
      ['NumericLessThan', { 'aws:EpochTime': '1' }, false],
      ['NumericLessThanEquals', { 'aws:EpochTime': '1' }, true],
      ['NumericLessThan', { 's3:TlsVersion': '1.2' }, false],
      ['ForAnyValue:StringNotEquals', { 'aws:TagKeys': 'a' }, false],
      ['ForAllValues:StringEquals', { 'aws:TagKeys': 'a' }, true],
      ['StringNotEqualsIfExists', { 'aws:SourceAccount': '1' }, true],
      ['StringEquals', { 'aws:PrincipalType': 'AssumedRole' }, true],
      ['ArnNotLike', { 'aws:PrincipalArn': 'arn:aws:iam::*:role/ver*' }, false],
      ['Bool', { 'aws:ViaAWSService': 'true' }, false],
      ['StringEqualsIgnoreCase', { 'aws:RequestedRegion': 'EU-WEST-1' }, true],
      ['Null', { 'aws:TagKeys': 'false' }, false],
    ])('%s %j', (operator, keys, allowed) => {
      const ask = asked({ [operator]: keys });
      if (allowed) expect(ask).not.toThrow();
      else expect(ask).toThrow(/no identity-based policy allows/);
    });

    it('asks again when the answer depends on the time', () => {
      let now = 1000;
      const made = new PolicyEngine('123456789012', 'eu-west-1', () => now);
      made.putRole({ arn: roleArn, name: 'verdict', trust: { Statement: [] } });
      made.putRolePolicy(roleArn, 'p', { Statement: allow('*', '*', { DateLessThan: { 'aws:CurrentTime': '1970-01-01T00:00:02Z' } }) });
      expect(() => made.authorise(role, get, undefined)).not.toThrow();
      now = 3000;
      expect(() => made.authorise(role, get, undefined)).toThrow(/no identity-based policy/);
    });

    it('sees the tags of the principal and of the resource, and hears when they change', () => {
      const made = new PolicyEngine('123456789012', 'eu-west-1', () => 1000);
      made.putRole({ arn: roleArn, name: 'verdict', trust: { Statement: [] }, tags: { team: 'ml' } });
      const statement = allow('dynamodb:*', '*', { StringEquals: { 'aws:ResourceTag/Team': '${aws:PrincipalTag/team}' } });
      made.putRolePolicy(roleArn, 'p', { Version: '2012-10-17', Statement: statement });
      expect(() => made.authorise(role, get, undefined)).toThrow(/no identity-based policy/);
      made.tagResource(table, { team: 'ml' });
      expect(() => made.authorise(role, get, undefined)).not.toThrow();
      made.tagResource(table, { team: 'web' });
      expect(() => made.authorise(role, get, undefined)).toThrow(/no identity-based policy/);
    });

    it.each([
      [{ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, /"IpAddress" is not supported: the address that a call comes from cannot be known/],
      [{ StringEquals: { 'aws:SourceVpce': 'vpce-1' } }, /condition key "aws:SourceVpce" cannot be known/],
      [
        { StringEquals: { 'dynamodb:Select': 'COUNT' } },
        /"dynamodb:Select" cannot be known in a rehearsal. Known of dynamodb: dynamodb:leadingkeys/,
      ],
      [{ BinaryEquals: { 'aws:TagKeys': 'YQ==' } }, /"BinaryEquals" is not supported. Supported are Null, StringEquals/],
    ])('refuses %j by name', (condition, message) => {
      expect(asked(condition)).toThrow(message);
      expect(asked(condition)).toThrow(UnsupportedError);
    });

    it('lets a key of a service that nothing here calls stand', () => {
      expect(asked({ StringEquals: { 'ec2:Vpc': 'vpc-1' } })).toThrow(/no identity-based policy/);
    });
  });

  it('fills in policy variables, in policies of the version that knows them', () => {
    const policy = (Resource: string, Version?: string): PolicyEngine => {
      const made = engine([]);
      made.putRole({ arn: roleArn, name: 'verdict', trust: { Statement: [] }, tags: { table: 'ledger', star: '*' } });
      made.putRolePolicy(roleArn, 'p', { ...(Version === undefined ? {} : { Version }), Statement: allow('dynamodb:*', Resource) });
      return made;
    };
    const base = 'arn:aws:dynamodb:eu-west-1:123456789012:table/';
    const asked = (made: PolicyEngine) => () => made.authorise(role, get, undefined);
    expect(asked(policy(`${base}\${aws:PrincipalTag/table}`, '2012-10-17'))).not.toThrow();
    expect(asked(policy(`${base}\${aws:PrincipalTag/none, 'ledger'}`, '2012-10-17'))).not.toThrow();
    expect(asked(policy(`${base}\${aws:PrincipalTag/none}`, '2012-10-17'))).toThrow(/no identity-based policy/);
    expect(asked(policy(`${base}\${aws:PrincipalTag/table}`))).toThrow(/no identity-based policy/);
    // A star that a tag or `${*}` stands for is a sign like any other.
    expect(asked(policy(`${base}\${aws:PrincipalTag/star}`, '2012-10-17'))).toThrow(/no identity-based policy/);
    expect(asked(policy(`${base}\${*}`, '2012-10-17'))).toThrow(/no identity-based policy/);
    expect(() => policy('arn:aws:s3:::${saml:sub}', '2012-10-17')).not.toThrow();
    expect(() => policy('arn:aws:s3:::${aws:userid}', '2012-10-17')).toThrow(/policy variable \$\{aws:userid\}: the condition key/);
  });

  it('spares by NotPrincipal only whom it names with account, role and session', () => {
    const account = 'arn:aws:iam::123456789012:root';
    const session = 'arn:aws:sts::123456789012:assumed-role/verdict/anything';
    const denying = (...names: string[]): PolicyDocument => ({
      Statement: { Effect: 'Deny', NotPrincipal: { AWS: names }, Action: '*', Resource: '*' },
    });
    const asked = (policy: PolicyDocument) => () => engine([allow('*')]).authorise(role, get, policy);
    expect(asked(denying(account, roleArn, session))).not.toThrow();
    expect(asked(denying(account, roleArn))).toThrow(/explicit deny in a resource-based policy/);
    expect(asked(denying('arn:aws:iam::123456789012:role/other'))).toThrow(/explicit deny in a resource-based policy/);
  });

  it('limits by a boundary what a resource grants to the role, not what it grants to its session', () => {
    const boundary: PolicyDocument = { Statement: allow('sqs:*') };
    const granting = (principal: PolicyStatement['Principal']): PolicyDocument => ({
      Statement: { Effect: 'Allow', Principal: principal, Action: '*', Resource: '*' } as PolicyStatement,
    });
    const asked = (policy: PolicyDocument) => () => engine([], boundary).authorise(role, get, policy);
    expect(asked(granting({ AWS: roleArn }))).toThrow(/no permissions boundary allows/);
    expect(asked(granting({ AWS: 'arn:aws:sts::123456789012:assumed-role/verdict/fn' }))).not.toThrow();
    expect(asked(granting('*'))).not.toThrow();
    const denying: PolicyDocument = { Statement: [allow('*'), { Effect: 'Deny', Action: 'dynamodb:*', Resource: '*' }] };
    expect(() => engine([allow('*')], denying).authorise(role, get, undefined)).toThrow(/with an explicit deny in a permissions boundary/);
  });

  it('takes { AWS: "*" } for everyone, services too', () => {
    const service: Caller = {
      kind: 'service',
      principal: 'events.amazonaws.com',
      sourceArn: 'arn:aws:events:eu-west-1:123456789012:rule/r',
    };
    const policy = (Effect: 'Allow' | 'Deny'): PolicyDocument => ({
      Statement: { Effect, Principal: { AWS: '*' }, Action: 'sqs:*', Resource: '*' },
    });
    const send = { action: 'sqs:SendMessage', resource: 'arn:aws:sqs:eu-west-1:123456789012:q' };
    expect(() => engine([]).authorise(service, send, policy('Allow'))).not.toThrow();
    expect(() => engine([]).authorise(service, send, policy('Deny'))).toThrow(/with an explicit deny in a resource-based policy/);
  });

  it('asks the trust policy whether a service may act as a role', () => {
    const trusting = (statement: PolicyStatement[]): PolicyEngine => {
      const made = engine([]);
      made.putRole({ arn: roleArn, name: 'verdict', trust: { Statement: statement } });
      return made;
    };
    const letIn = (Condition?: PolicyStatement['Condition']): PolicyStatement => ({
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: 'states.amazonaws.com' },
      ...(Condition === undefined ? {} : { Condition }),
    });
    const machine = 'arn:aws:states:eu-west-1:123456789012:stateMachine:m';
    const assume =
      (made: PolicyEngine, source = machine) =>
      () =>
        made.authoriseAssume(roleArn, 'states.amazonaws.com', source);
    expect(assume(trusting([letIn()]))).not.toThrow();
    const ofMachine = letIn({ ArnLike: { 'aws:SourceArn': `${machine}*` }, StringEquals: { 'aws:SourceAccount': '123456789012' } });
    expect(assume(trusting([ofMachine]))).not.toThrow();
    expect(assume(trusting([ofMachine]), 'arn:aws:states:eu-west-1:123456789012:stateMachine:other')).toThrow(
      /states.amazonaws.com is not authorized to perform: sts:AssumeRole on resource: .*role\/verdict because no role trust policy allows/,
    );
    const refused = trusting([letIn(), { ...letIn(), Effect: 'Deny' }]);
    expect(assume(refused)).toThrow(/with an explicit deny in the role trust policy/);
    expect(refused.report().denied).toMatchObject([{ role: 'states.amazonaws.com', action: 'sts:AssumeRole', resource: roleArn }]);
  });

  it('reports wildcards that were needed as used, and grants by exception', () => {
    const iam = engine([
      allow(['dynamodb:*', 's3:*']),
      { Effect: 'Allow', NotAction: 'iam:*', Resource: 'arn:aws:sqs:*:*:q' },
      { Effect: 'Allow', Action: 'sns:*', NotResource: 'arn:aws:sns:*:*:t' },
    ]);
    iam.authorise(role, get, undefined);
    expect(iam.report().unused.map(({ action, resource }) => `${action} on ${resource}`)).toEqual([
      's3:* on *',
      'NotAction iam:* on arn:aws:sqs:*:*:q',
      'sns:* on NotResource arn:aws:sns:*:*:t',
    ]);
  });

  it('reports of a role that is gone by what it was granted', () => {
    const iam = engine([allow(['dynamodb:GetItem', 'dynamodb:PutItem'], table)]);
    iam.authorise(role, get, undefined);
    iam.removeRolePolicy(roleArn, 'inline');
    expect(iam.report().unused).toEqual([]);
    iam.removeRole(roleArn);
    expect(iam.report().unused).toEqual([{ role: 'verdict', action: 'dynamodb:PutItem', resource: table }]);
  });

  it('tells what it never asks for apart from what nobody used', () => {
    const iam = new PolicyEngine('123456789012', 'eu-west-1', () => 1000);
    iam.mayBeAsked = (action) => action.startsWith('s3:');
    const trust = (Service: string): PolicyDocument => ({
      Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service } },
    });
    for (const service of ['lambda', 'sagemaker']) {
      const arn = `arn:aws:iam::123456789012:role/${service}`;
      iam.putRole({ arn, name: service, trust: trust(`${service}.amazonaws.com`) });
      iam.putRolePolicy(arn, 'p', { Statement: allow(['s3:GetObject', 'ecr:BatchGetImage']) });
    }
    expect(iam.report().unused).toEqual([{ role: 'lambda', action: 's3:GetObject', resource: '*' }]);
    expect(iam.report().notJudged?.map(({ role: name, action }) => `${name} ${action}`)).toEqual([
      'lambda ecr:BatchGetImage',
      'sagemaker s3:GetObject',
      'sagemaker ecr:BatchGetImage',
    ]);
  });
});
