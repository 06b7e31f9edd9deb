import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { CLIENT, lean } from '../../../lambdas/shared/client';

interface Sent {
  headers: Record<string, string>;
  hostname: string;
  path: string;
  body: unknown;
}

const ask = new GetItemCommand({ TableName: 'ledger', Key: { pk: { S: 'control' }, sk: { S: 'control' } } });

function clientOf(credentials: () => Promise<{ accessKeyId: string; secretAccessKey: string }>) {
  const sent: Sent[] = [];
  const requestHandler = {
    handle: (request: Sent) => {
      sent.push(request);
      return Promise.resolve({ response: { statusCode: 200, headers: {}, body: Buffer.from('{}') } });
    },
  };
  return { sent, client: new DynamoDBClient({ ...CLIENT, region: 'eu-west-1', credentials, requestHandler: requestHandler as never }) };
}

const keys = (accessKeyId: string) => () => Promise.resolve({ accessKeyId, secretAccessKey: 'secret' });

describe('a lean client', () => {
  it('signs and addresses its calls as any client does, under a name of its own', async () => {
    const usual = clientOf(keys('ASIAONE'));
    const spare = clientOf(keys('ASIAONE'));
    await usual.client.send(ask);
    await lean(spare.client).send(ask);
    const [expected, request] = [usual.sent[0]!, spare.sent[0]!];
    expect(request.headers['user-agent']).toBe('cdk-sluice');
    expect(request.headers['authorization']).toMatch(
      /^AWS4-HMAC-SHA256 Credential=ASIAONE\/\d{8}\/eu-west-1\/dynamodb\/aws4_request, SignedHeaders=.*host.*, Signature=[0-9a-f]{64}$/,
    );
    expect([request.hostname, request.path, request.body]).toEqual([expected.hostname, expected.path, expected.body]);
    expect(request.headers['x-amz-target']).toBe(expected.headers['x-amz-target']);
  });

  it('makes one signer, which takes the credentials of each call', async () => {
    let calls = 0;
    const { client, sent } = clientOf(() => {
      calls += 1;
      // Over at once, so that the next call asks again.
      return Promise.resolve({ accessKeyId: `ASIA${calls}`, secretAccessKey: 'secret', expiration: new Date(0) });
    });
    lean(client);
    const { signer } = client.config as unknown as { signer: () => Promise<unknown> };
    expect(await signer()).toBe(await signer());
    await client.send(ask);
    await client.send(ask);
    const ids = sent.map(({ headers }) => /Credential=(\w+)\//.exec(headers['authorization'] ?? '')?.[1]);
    expect(new Set(ids).size).toBe(2);
  });

  it('asks for a signer of its own where an endpoint names another scheme', async () => {
    const { client } = clientOf(keys('ASIAONE'));
    lean(client);
    const { signer } = client.config as unknown as { signer: (scheme?: object) => Promise<unknown> };
    expect(await signer({ signingName: 'other' })).not.toBe(await signer());
  });

  it('says so when the SDK keeps its signer elsewhere', () => {
    const { client } = clientOf(keys('ASIAONE'));
    Object.assign(client.config, { signer: undefined });
    expect(() => lean(client)).toThrow('has no signer');
  });
});
