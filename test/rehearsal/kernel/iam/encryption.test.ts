import type { AwsError, Caller, Members, PolicyStatement } from '../../../../rehearsal/cloud/types';
import { createDoubles, resourceTypes } from '../../../../rehearsal/services';
import { createTestCloud } from '../../support/harness';
import { ResourceMaker } from '../../support/resources';

const account = '123456789012';
const roleArn = `arn:aws:iam::${account}:role/user`;
const role: Caller = { kind: 'role', roleArn };
const accountDecides: PolicyStatement = {
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action: 'kms:*',
  Resource: '*',
};
const plain: PolicyStatement = { Effect: 'Allow', Action: ['sqs:*', 's3:*', 'sns:*', 'secretsmanager:*', 'dynamodb:*'], Resource: '*' };
const keyGrant = (Action: string | string[], Condition?: PolicyStatement['Condition']): PolicyStatement => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
  ...(Condition === undefined ? {} : { Condition }),
});

async function bench(keyPolicy: PolicyStatement[], grants: PolicyStatement[] = []) {
  const test = createTestCloud((cloud) => createDoubles(cloud));
  const resources = new ResourceMaker(test.cloud, resourceTypes);
  test.cloud.iam.putRole({ arn: roleArn, name: 'user', trust: { Statement: [] } });
  test.cloud.iam.putRolePolicy(roleArn, 'p', { Statement: [plain, ...grants] });
  const key = await resources.create('AWS::KMS::Key', 'Key', { KeyPolicy: { Version: '2012-10-17', Statement: keyPolicy } });
  const outcome = (service: string, operation: string, input: Members, caller: Caller = role) =>
    test
      .run(() => test.cloud.call(service, operation, input, caller))
      .then(
        () => 'ok',
        (error: AwsError) => `${error.code}: ${error.message}`,
      );
  return { ...test, resources, keyArn: key.attributes['Arn'] as string, keyId: key.ref, outcome };
}

type Made = Awaited<ReturnType<typeof bench>>;

const queue = async ({ resources, keyArn }: Made, KmsMasterKeyId: string = keyArn): Promise<string> =>
  (await resources.create('AWS::SQS::Queue', 'Queue', { QueueName: 'q', KmsMasterKeyId })).ref;

describe('resources under a key of the customer', () => {
  it('SQS: sending takes a data key and decrypting, receiving decrypts', async () => {
    const without = await bench([accountDecides]);
    const send = { QueueUrl: await queue(without), MessageBody: 'a' };
    expect(await without.outcome('sqs', 'SendMessage', send)).toBe(
      `KmsAccessDenied: User: arn:aws:sts::${account}:assumed-role/user/user is not authorized to perform: kms:GenerateDataKey on resource: ${without.keyArn} because no identity-based policy allows the kms:GenerateDataKey action`,
    );
    expect(without.cloud.iam.report().denied).toMatchObject([{ role: 'user', action: 'kms:GenerateDataKey', resource: without.keyArn }]);

    const reader = await bench([accountDecides], [keyGrant('kms:Decrypt')]);
    const QueueUrl = await queue(reader);
    expect(await reader.outcome('sqs', 'ReceiveMessage', { QueueUrl })).toBe('ok');
    expect(await reader.outcome('sqs', 'SendMessage', { QueueUrl, MessageBody: 'a' })).toMatch(/kms:GenerateDataKey/);

    const sender = await bench([accountDecides], [keyGrant(['kms:Decrypt', 'kms:GenerateDataKey*'])]);
    expect(await sender.outcome('sqs', 'SendMessage', { QueueUrl: await queue(sender), MessageBody: 'a' })).toBe('ok');
    expect(sender.cloud.iam.report().unused.map(({ action }) => action)).not.toContain('kms:GenerateDataKey*');
  });

  it('asks the key’s policy first, with the service that it is used through', async () => {
    const foreign = { ...accountDecides, Principal: { AWS: `arn:aws:iam::${account}:role/other` } };
    const refused = await bench([foreign], [keyGrant('kms:*')]);
    expect(await refused.outcome('sqs', 'ReceiveMessage', { QueueUrl: await queue(refused) })).toMatch(
      /KmsAccessDenied: .*kms:Decrypt.*because no resource-based policy allows/,
    );
    const through = (service: string) =>
      bench([accountDecides], [keyGrant('kms:*', { StringEquals: { 'kms:ViaService': `${service}.eu-west-1.amazonaws.com` } })]);
    const sqs = await through('sqs');
    expect(await sqs.outcome('sqs', 'ReceiveMessage', { QueueUrl: await queue(sqs) })).toBe('ok');
    const sns = await through('sns');
    expect(await sns.outcome('sqs', 'ReceiveMessage', { QueueUrl: await queue(sns) })).toMatch(/no identity-based policy allows/);
    const direct = await bench([{ ...accountDecides, Principal: { AWS: roleArn }, Action: 'kms:Decrypt' }]);
    expect(await direct.outcome('sqs', 'ReceiveMessage', { QueueUrl: await queue(direct) })).toBe('ok');
  });

  it('knows a key by its names', async () => {
    const named = (name: string) =>
      bench([accountDecides], [keyGrant('kms:*', { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': name } })]);
    for (const [name, expected] of [
      ['alias/ours', /^ok$/],
      ['alias/aws/sqs', /KmsAccessDenied/],
    ] as const) {
      const made = await named(name);
      await made.resources.create('AWS::KMS::Alias', 'Alias', { AliasName: 'alias/ours', TargetKeyId: made.keyId });
      expect(await made.outcome('sqs', 'ReceiveMessage', { QueueUrl: await queue(made) })).toMatch(expected);
    }
  });

  it('lets a service in by the key’s policy alone', async () => {
    const rule: Caller = { kind: 'service', principal: 'events.amazonaws.com', sourceArn: `arn:aws:events:eu-west-1:${account}:rule/r` };
    const letIn: PolicyStatement = {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Resource: '*',
      Condition: { StringEquals: { 'aws:SourceAccount': account }, ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:*:rule/*' } },
    };
    for (const [policy, expected] of [
      [[accountDecides, letIn], 'ok'],
      [[accountDecides], 'KmsAccessDenied: User: events.amazonaws.com'],
    ] as const) {
      const made = await bench([...policy]);
      const QueueUrl = await queue(made);
      const PolicyDocument = {
        Statement: { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:*', Resource: '*' },
      };
      await made.resources.create('AWS::SQS::QueuePolicy', 'Policy', { Queues: [QueueUrl], PolicyDocument });
      expect((await made.outcome('sqs', 'SendMessage', { QueueUrl, MessageBody: 'a' }, rule)).slice(0, expected.length)).toBe(expected);
    }
  });

  it('S3, SNS, Secrets Manager and DynamoDB likewise', async () => {
    for (const [grants, expected] of [
      [[], 'refused'],
      [[keyGrant(['kms:Decrypt', 'kms:GenerateDataKey'])], 'ok'],
    ] as const) {
      const made = await bench([accountDecides], [...grants]);
      const { resources, keyArn, keyId } = made;
      await resources.create('AWS::KMS::Alias', 'Alias', { AliasName: 'alias/ours', TargetKeyId: keyId });
      const encryption = {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn } }],
      };
      await resources.create('AWS::S3::Bucket', 'Bucket', { BucketName: 'b', BucketEncryption: encryption });
      const topic = await resources.create('AWS::SNS::Topic', 'Topic', { KmsMasterKeyId: 'alias/ours' });
      const secret = await resources.create('AWS::SecretsManager::Secret', 'Secret', { SecretString: 's', KmsKeyId: keyId });
      await resources.create('AWS::DynamoDB::Table', 'Table', {
        TableName: 't',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: keyArn },
      });
      const seen = [
        await made.outcome('s3', 'PutObject', { Bucket: 'b', Key: 'k', Body: new Uint8Array(1) }),
        await made.outcome('sns', 'Publish', { TopicArn: topic.ref, Message: 'm' }),
        await made.outcome('secrets-manager', 'GetSecretValue', { SecretId: secret.ref }),
        await made.outcome('dynamodb', 'GetItem', { TableName: 't', Key: { pk: { S: 'a' } } }),
      ];
      if (expected === 'ok') expect(seen).toEqual(['ok', 'ok', 'ok', 'ok']);
      else
        expect(seen).toEqual([
          expect.stringMatching(/^AccessDenied: .*kms:GenerateDataKey/),
          expect.stringMatching(/^KMSAccessDeniedException: .*kms:GenerateDataKey/),
          expect.stringMatching(/^AccessDeniedException: .*kms:Decrypt/),
          expect.stringMatching(/^AccessDeniedException: .*kms:Decrypt/),
        ]);
    }
  });

  it('does not make a log group whose key does not let the logs service in', async () => {
    const logs = (Condition: PolicyStatement['Condition']): PolicyStatement => ({
      Effect: 'Allow',
      Principal: { Service: 'logs.eu-west-1.amazonaws.com' },
      Action: 'kms:*',
      Resource: '*',
      ...(Condition === undefined ? {} : { Condition }),
    });
    const create = async (statements: PolicyStatement[]) => {
      const made = await bench(statements);
      return made.resources.create('AWS::Logs::LogGroup', 'Group', { LogGroupName: 'g', KmsKeyId: made.keyArn });
    };
    await expect(create([accountDecides])).rejects.toMatchObject({ code: 'AccessDeniedException' });
    const group = `arn:aws:logs:eu-west-1:${account}:log-group:`;
    await expect(create([logs({ ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': `${group}g` } })])).resolves.toMatchObject({ ref: 'g' });
    await expect(create([logs({ ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': `${group}other` } })])).rejects.toThrow(/kms:/);
  });

  it('asks nothing about keys that AWS manages, and tells once that another’s key policy is not known', async () => {
    const made = await bench([accountDecides]);
    expect(await made.outcome('sqs', 'ReceiveMessage', { QueueUrl: await queue(made, 'alias/aws/sqs') })).toBe('ok');
    const imported = `arn:aws:kms:eu-west-1:${account}:key/imported`;
    const other = await bench([accountDecides], [keyGrant('kms:Decrypt')]);
    const QueueUrl = await queue(other, imported);
    for (let turn = 0; turn < 2; turn += 1) expect(await other.outcome('sqs', 'ReceiveMessage', { QueueUrl })).toBe('ok');
    const told = other.cloud.log.filter(({ source }) => source === 'iam');
    expect(told).toMatchObject([{ event: 'key-policy-not-known', detail: { key: imported } }]);
    expect(await other.outcome('sqs', 'SendMessage', { QueueUrl, MessageBody: 'a' })).toMatch(/kms:GenerateDataKey/);
  });
});

describe('roles that are handed to services', () => {
  const trusting = (Service: string, Condition?: PolicyStatement['Condition']) => ({
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole', ...(Condition === undefined ? {} : { Condition }) }],
    },
  });

  async function roleFor(service: string, condition?: PolicyStatement['Condition']) {
    const made = await bench([accountDecides]);
    const created = await made.resources.create('AWS::IAM::Role', 'Handed', trusting(service, condition));
    return { ...made, handed: created.attributes['Arn'] as string };
  }

  const machine = (RoleArn: string) => ({
    StateMachineName: 'm',
    RoleArn,
    DefinitionString: JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'Done', States: { Done: { Type: 'Succeed' } } }),
  });

  it('a state machine is not made with a role that Step Functions may not assume', async () => {
    const good = await roleFor('states.amazonaws.com', { StringEquals: { 'aws:SourceAccount': account } });
    await expect(good.resources.create('AWS::StepFunctions::StateMachine', 'M', machine(good.handed))).resolves.toBeDefined();
    const bad = await roleFor('lambda.amazonaws.com');
    await expect(bad.resources.create('AWS::StepFunctions::StateMachine', 'M', machine(bad.handed))).rejects.toMatchObject({
      code: 'AccessDeniedException',
      message: expect.stringContaining('Neither the global service principal states.amazonaws.com') as string,
    });
    expect(bad.cloud.iam.report().denied).toMatchObject([{ role: 'states.amazonaws.com', action: 'sts:AssumeRole', resource: bad.handed }]);
  });

  it('a schedule acts for its group', async () => {
    const group = `arn:aws:scheduler:eu-west-1:${account}:schedule-group/default`;
    const schedule = (RoleArn: string) => ({
      ScheduleExpression: 'rate(1 minute)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: `arn:aws:lambda:eu-west-1:${account}:function:f`, RoleArn },
    });
    const good = await roleFor('scheduler.amazonaws.com', { StringEquals: { 'aws:SourceArn': group } });
    await expect(good.resources.create('AWS::Scheduler::Schedule', 'S', schedule(good.handed))).resolves.toBeDefined();
    const bad = await roleFor('scheduler.amazonaws.com', { StringEquals: { 'aws:SourceArn': `${group}s` } });
    await expect(bad.resources.create('AWS::Scheduler::Schedule', 'S', schedule(bad.handed))).rejects.toThrow(
      /must allow AWS EventBridge Scheduler to assume the role/,
    );
  });

  it('a model is not created with a role that SageMaker may not assume, though the caller may pass it', async () => {
    const input = (ExecutionRoleArn: string) => ({
      ModelName: 'm',
      ExecutionRoleArn,
      PrimaryContainer: { Image: `${account}.dkr.ecr.eu-west-1.amazonaws.com/i:1` },
    });
    const pass = keyGrant(['sagemaker:*', 'iam:PassRole'], { StringEqualsIfExists: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } });
    for (const [service, expected] of [
      ['sagemaker.amazonaws.com', 'ok'],
      ['lambda.amazonaws.com', 'ValidationException: Could not assume role'],
    ] as const) {
      const made = await roleFor(service);
      made.cloud.iam.putRolePolicy(roleArn, 'pass', { Statement: pass });
      expect((await made.outcome('sagemaker', 'CreateModel', input(made.handed))).slice(0, expected.length)).toBe(expected);
    }
    const elsewhere = await roleFor('sagemaker.amazonaws.com');
    elsewhere.cloud.iam.putRolePolicy(roleArn, 'pass', { Statement: keyGrant('sagemaker:*') });
    expect(await elsewhere.outcome('sagemaker', 'CreateModel', input(elsewhere.handed))).toMatch(/AccessDeniedException: .*iam:PassRole/);
    elsewhere.cloud.iam.putRolePolicy(roleArn, 'pass', { Statement: pass });
    expect(await elsewhere.outcome('sagemaker', 'CreateModel', input(`arn:aws:iam::${account}:role/imported`))).toBe('ok');
    expect(elsewhere.cloud.log).toContainEqual(expect.objectContaining({ source: 'iam', event: 'trust-not-known' }));
  });

  it('a resource’s policy that could not be judged is refused when it is put in place', async () => {
    const { resources } = await bench([accountDecides]);
    const { ref } = await resources.create('AWS::SQS::Queue', 'Queue', {});
    const Condition = { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } };
    const PolicyDocument = { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: '*', Condition }] };
    await expect(resources.create('AWS::SQS::QueuePolicy', 'Policy', { Queues: [ref], PolicyDocument })).rejects.toThrow(
      /Policy of stack\/Policy\/Resource: the condition operator "IpAddress" is not supported/,
    );
  });
});
