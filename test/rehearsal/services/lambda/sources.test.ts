import { basicExecution, createBench, world } from './support';

const consume = (queueArn: string) => ({
  Effect: 'Allow' as const,
  Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:SendMessage'],
  Resource: queueArn,
});
const queueArn = 'arn:aws:sqs:eu-west-1:123456789012:work';
const queueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/work';

describe('events of a function', () => {
  it('consumes a queue in batches, reports item failures and buries poison', async () => {
    const bench = createBench();
    const dead = await bench.resources.create('AWS::SQS::Queue', 'Dead', { QueueName: 'dead' });
    await bench.resources.create('AWS::SQS::Queue', 'Work', {
      QueueName: 'work',
      VisibilityTimeout: 30,
      RedrivePolicy: { deadLetterTargetArn: dead.attributes['Arn'], maxReceiveCount: 2 },
    });
    await bench.deploy(
      'worker',
      `export const handler = async ({ Records }) => {
         console.log(Records.map((record) => record.body).join(','));
         return { batchItemFailures: Records.filter((record) => record.body === 'poison').map((record) => ({ itemIdentifier: record.messageId })) };
       };`,
      { statements: [consume(queueArn)] },
    );
    await bench.run(() =>
      bench.resources.create('AWS::Lambda::EventSourceMapping', 'Mapping', {
        EventSourceArn: queueArn,
        FunctionName: 'worker',
        BatchSize: 2,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      }),
    );
    const send = (body: string) => bench.cloud.call('sqs', 'SendMessage', { QueueUrl: queueUrl, MessageBody: body }, world);
    await bench.run(() => Promise.all(['one', 'poison', 'two'].map(send)));
    expect(await bench.clock.drain(bench.clock.now() + 600_000, () => bench.cloud.idle())).toBe(true);
    expect(bench.lines.join(';')).toMatch(/one,poison/);
    expect(bench.lines.filter((line) => line.includes('poison'))).toHaveLength(2);
    const buried = await bench.run(() => bench.cloud.call('sqs', 'ReceiveMessage', { QueueUrl: dead.ref }, world));
    expect(buried['Messages']).toMatchObject([{ Body: 'poison' }]);
    expect(bench.cloud.iam.report().unused.map(({ action }) => action)).toEqual(['sqs:SendMessage']);
  });

  it('ends a batch before its event grows too large, and loses nothing', async () => {
    const bench = createBench();
    await bench.resources.create('AWS::SQS::Queue', 'Work', { QueueName: 'work', VisibilityTimeout: 300 });
    await bench.deploy(
      'worker',
      `export const handler = async ({ Records }) => console.log(Records.map(({ body }) => body.slice(0, 2)).join());`,
      {
        statements: [consume(queueArn)],
      },
    );
    const settings = { EventSourceArn: queueArn, FunctionName: 'worker', BatchSize: 1000, MaximumBatchingWindowInSeconds: 5 };
    await bench.run(() => bench.resources.create('AWS::Lambda::EventSourceMapping', 'Mapping', settings));
    const send = (body: string) => bench.cloud.call('sqs', 'SendMessage', { QueueUrl: queueUrl, MessageBody: body }, world);
    await bench.run(() => Promise.all(Array.from({ length: 12 }, (_, index) => send(String(index).padEnd(900_000)))));
    await bench.clock.drain(bench.clock.now() + 200_000, () => bench.cloud.idle());
    const batches = bench.lines.map((line) => (/\d[\d ,]*/.exec(line)?.[0] ?? '').split(',').map(Number));
    expect(Math.max(...batches.map(({ length }) => length))).toBe(5);
    expect(batches.flat().sort((left, right) => left - right)).toEqual(Array.from({ length: 12 }, (_, index) => index));
  });

  it('refuses a mapping whose role may not read the queue', async () => {
    const bench = createBench();
    await bench.resources.create('AWS::SQS::Queue', 'Work', { QueueName: 'work' });
    await bench.deploy('worker', `export const handler = async () => {};`);
    const mapping = { EventSourceArn: queueArn, FunctionName: 'worker' };
    await expect(bench.run(() => bench.resources.create('AWS::Lambda::EventSourceMapping', 'Mapping', mapping))).rejects.toMatchObject({
      code: 'AccessDenied',
    });
  });

  it('tries an asynchronous event three times, then sends it to the destination', async () => {
    const bench = createBench();
    await bench.resources.create('AWS::SQS::Queue', 'Work', { QueueName: 'work' });
    await bench.deploy('failing', `export const handler = async () => { console.log(Date.now()); throw new Error('no'); };`, {
      statements: [consume(queueArn)],
    });
    await bench.resources.create('AWS::Lambda::EventInvokeConfig', 'Config', {
      FunctionName: 'failing',
      Qualifier: '$LATEST',
      DestinationConfig: { OnFailure: { Destination: queueArn } },
    });
    await bench.invoke('failing', { id: 7 }, { InvocationType: 'Event' });
    expect(await bench.clock.drain(Infinity, () => bench.cloud.idle())).toBe(true);
    const [first, second, third] = bench.lines.map(Number);
    expect(bench.lines).toHaveLength(3);
    expect(Math.round((second! - first!) / 60_000)).toBe(1);
    expect(Math.round((third! - second!) / 60_000)).toBe(2);
    const { Messages } = await bench.run(() => bench.cloud.call('sqs', 'ReceiveMessage', { QueueUrl: queueUrl }, world));
    expect(JSON.parse(Messages[0].Body as string)).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      requestPayload: { id: 7 },
    });
  });

  it('answers its URL, with the signer in the event', async () => {
    const bench = createBench();
    const { arn } = await bench.deploy(
      'page',
      `export const handler = async (event) => ({ statusCode: 201, headers: { 'X-Path': event.rawPath }, body: JSON.stringify({
         who: event.requestContext.authorizer.iam.userArn, method: event.requestContext.http.method, query: event.queryStringParameters, body: event.body }) });`,
    );
    const { attributes } = await bench.resources.create('AWS::Lambda::Url', 'Url', { TargetFunctionArn: arn, AuthType: 'AWS_IAM' });
    const url = attributes['FunctionUrl'] as string;
    const request = {
      method: 'POST',
      path: '/a/b?x=1',
      headers: { 'content-type': 'application/json' },
      body: new TextEncoder().encode('{"q":1}'),
    };
    const answer = await bench.run(() =>
      bench.lambda.invokeUrl(url, request, { principalArn: 'arn:aws:sts::123456789012:assumed-role/risk/ann' }),
    );
    expect(answer).toMatchObject({ status: 201, headers: { 'x-path': '/a/b' } });
    expect(JSON.parse(new TextDecoder().decode(answer.body))).toEqual({
      who: 'arn:aws:sts::123456789012:assumed-role/risk/ann',
      method: 'POST',
      query: { x: '1' },
      body: '{"q":1}',
    });
    const unsigned = await bench.run(() => bench.cloud.answerHttp({ method: 'GET', url, headers: {}, body: new Uint8Array(0) }));
    expect(unsigned.status).toBe(403);
  });

  it('refuses managed policies that it does not know', async () => {
    const bench = createBench();
    const role = {
      AssumeRolePolicyDocument: { Statement: [] },
      ManagedPolicyArns: [basicExecution, 'arn:aws:iam::aws:policy/AmazonBraketFullAccess'],
    };
    await expect(bench.resources.create('AWS::IAM::Role', 'Role', role)).rejects.toThrow(/AmazonBraketFullAccess/);
  });
});
