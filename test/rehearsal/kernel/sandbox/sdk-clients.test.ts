import { createHash } from 'node:crypto';
import type { ServiceDouble } from '../../../../rehearsal/cloud/types';
import { AwsError, UnsupportedError } from '../../../../rehearsal/cloud/types';
import { Sandbox } from '../../../../rehearsal/kernel/sandbox/sandbox';
import type { LaptopCloud } from '../../../../rehearsal/kernel/cloud';
import { bundleHandler } from '../../support/bundle';
import { createTestCloud } from '../../support/harness';

const roleArn = 'arn:aws:iam::123456789012:role/handler';

function doubles(): ServiceDouble[] {
  const items = new Map<string, unknown>();
  return [
    {
      service: 'dynamodb',
      operations: {
        PutItem: {
          permissions: (input) => [
            { action: 'dynamodb:PutItem', resource: `arn:aws:dynamodb:eu-west-1:123456789012:table/${input['TableName']}` },
          ],
          run: (input) => {
            const key = input['Item'].pk.S as string;
            if (input['ConditionExpression'] !== undefined && items.has(key)) {
              throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed', 400, { Item: items.get(key) });
            }
            items.set(key, input['Item']);
            return {};
          },
        },
        GetItem: { permissions: () => [], run: (input) => ({ Item: items.get(input['Key'].pk.S as string) }) },
      },
    },
    {
      service: 'sqs',
      operations: {
        SendMessage: {
          permissions: () => [],
          run: (input) => ({
            MessageId: 'm-1',
            MD5OfMessageBody: createHash('md5')
              .update(input['MessageBody'] as string)
              .digest('hex'),
          }),
        },
      },
    },
    {
      service: 'sfn',
      operations: {
        StartExecution: {
          permissions: () => [],
          run: (_input, call) => ({ executionArn: 'arn:x', startDate: new Date(call.cloud.clock.now()) }),
        },
      },
    },
  ];
}

function sandboxFor(cloud: LaptopCloud, assetDirectory: string): { sandbox: Sandbox; lines: string[]; crashes: unknown[] } {
  const lines: string[] = [];
  const crashes: unknown[] = [];
  const { accessKeyId, secretAccessKey, sessionToken } = cloud.credentials.issue({ kind: 'role', roleArn });
  cloud.iam.putRole({ arn: roleArn, name: 'handler', trust: { Statement: [] } });
  cloud.iam.putRolePolicy(roleArn, 'inline', { Statement: { Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: '*' } });
  const sandbox = new Sandbox({
    name: 'handler',
    assetDirectory,
    env: {
      AWS_REGION: cloud.region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    },
    clock: cloud.clock,
    random: cloud.random.fork('handler'),
    transport: (request) => cloud.answerHttp(request),
    print: (line) => lines.push(line),
    crash: (error) => crashes.push(error),
    unsupported: (what) => new UnsupportedError(what),
  });
  return { sandbox, lines, crashes };
}

const source = `
  import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
  import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
  import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
  import { randomUUID } from 'node:crypto';
  const dynamodb = new DynamoDBClient({}), sqs = new SQSClient({}), sfn = new SFNClient({});
  export const handler = async (event) => {
    const item = { pk: { S: event.id }, n: { N: '12' }, b: { B: new Uint8Array([1, 2]) } };
    let refused;
    for (let turn = 0; turn < 2; turn += 1) {
      try {
        await dynamodb.send(new PutItemCommand({ TableName: 't', Item: item, ConditionExpression: 'attribute_not_exists(pk)' }));
      } catch (error) {
        refused = { name: error.name, item: error.Item === undefined ? undefined : error.Item.n };
      }
    }
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName: 't', Key: { pk: { S: event.id } } }));
    const { MessageId } = await sqs.send(new SendMessageCommand({ QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/q', MessageBody: 'x' }));
    const { startDate } = await sfn.send(new StartExecutionCommand({ stateMachineArn: 'arn:aws:states:eu-west-1:123456789012:stateMachine:m' }));
    console.log(JSON.stringify({ at: new Date().toISOString(), uuid: randomUUID(), random: Math.random() }));
    return { refused, n: Item.n, bytes: Item.b.B.length, MessageId, startDate: startDate.toISOString(), isDate: startDate instanceof Date };
  };`;

describe('a bundle with SDK clients in the sandbox', () => {
  let asset: string;
  beforeAll(() => {
    asset = bundleHandler(source);
  });

  async function once(seed: number): Promise<{ result: unknown; lines: string[] }> {
    const { cloud, run } = createTestCloud(doubles, { seed });
    const { sandbox, lines } = sandboxFor(cloud, asset);
    const handler = sandbox.load('index')['handler'] as (event: unknown) => Promise<unknown>;
    return { result: await run(() => handler({ id: 'one' })), lines };
  }

  it('reaches the services without a socket', async () => {
    const { result, lines } = await once(1);
    expect(result).toEqual({
      refused: { name: 'ConditionalCheckFailedException', item: { N: '12' } },
      n: { N: '12' },
      bytes: 2,
      MessageId: 'm-1',
      startDate: '2026-03-02T09:00:00.025Z',
      isDate: true,
    });
    expect(JSON.parse(lines[0]!)).toMatchObject({ at: '2026-03-02T09:00:00.025Z' });
  });

  it('gives the same run for the same seed, another one for another', async () => {
    const [one, same, other] = [await once(1), await once(1), await once(2)];
    expect(same).toEqual(one);
    expect(other.lines).not.toEqual(one.lines);
  });
});
