import type { Members, PolicyStatement } from '../../../../rehearsal/cloud/types';
import type { FunctionFault } from '../../../../rehearsal/services/lambda';
import { createBench, world } from './support';
import type { LambdaBench } from './support';

const always = { fromMillis: 0, untilMillis: Infinity };

function arm(bench: LambdaBench, logicalId: string, fault: Partial<FunctionFault>): void {
  bench.lambda.failFunction({ ...always, constructPath: `stack/${logicalId}`, error: 'crash', ...fault });
}

describe('crash mid-way', () => {
  const allow: PolicyStatement = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' };
  const source = `
    import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
    const sqs = new SQSClient({});
    let runs = 0;
    export const handler = async () => {
      runs += 1;
      for (const MessageBody of ['a', 'b', 'c']) await sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE, MessageBody }));
      return runs;
    };`;

  async function crashAfter(calls: number | undefined): Promise<{ first: unknown; second: unknown; sent: string[] }> {
    const bench = createBench();
    const { ref: QUEUE } = await bench.resources.create('AWS::SQS::Queue', 'Queue', {});
    await bench.deploy('sender', source, { statements: [allow], properties: { Environment: { Variables: { QUEUE } } } });
    arm(bench, 'sender', { times: 1, ...(calls === undefined ? {} : { afterCalls: calls }) });
    const first = (await bench.invoke('sender', {})).result;
    const received = await bench.run(() => bench.cloud.call('sqs', 'ReceiveMessage', { QueueUrl: QUEUE, MaxNumberOfMessages: 10 }, world));
    const sent = ((received['Messages'] ?? []) as Members[]).map(({ Body }) => Body as string);
    return { first, second: (await bench.invoke('sender', {})).result, sent };
  }

  it.each([
    [undefined, []],
    [1, ['a']],
    [2, ['a', 'b']],
  ])('after %p answered calls: what they did stays done, and the next invocation starts afresh', async (calls, expected) => {
    const { first, second, sent } = await crashAfter(calls);
    expect(first).toMatchObject({ errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('exit status 1') as string });
    expect(sent).toEqual(expected);
    expect(second).toBe(1);
  });

  it('does not come where the handler is done before', async () => {
    const { first, second, sent } = await crashAfter(4);
    expect([first, second, sent]).toEqual([1, 2, ['a', 'b', 'c']]);
  });
});

describe('faults on invocations', () => {
  const counting = `let calls = 0; export const handler = async () => (calls += 1);`;

  it('start cold: no environment is used again, and starting takes as long as is said', async () => {
    const bench = createBench();
    await bench.deploy('warm', counting);
    await bench.invoke('warm', {});
    expect((await bench.invoke('warm', {})).result).toBe(2);
    arm(bench, 'warm', { error: 'cold-start', slowMillis: 4000, times: 2 });
    const before = bench.clock.now();
    expect((await bench.invoke('warm', {})).result).toBe(1);
    expect(bench.clock.now() - before).toBeGreaterThanOrEqual(4000);
    expect((await bench.invoke('warm', {})).result).toBe(1);
    expect((await bench.invoke('warm', {})).result).toBe(2);
  });

  it('strike a share of the invocations, by the seed', async () => {
    const outcomes = async (seed: number): Promise<boolean[]> => {
      const bench = createBench(seed);
      await bench.deploy('some', counting);
      arm(bench, 'some', { error: 'timeout', share: 0.4 });
      const seen: boolean[] = [];
      for (let turn = 0; turn < 30; turn += 1) seen.push((await bench.invoke('some', {})).error === undefined);
      return seen;
    };
    const seen = await outcomes(1);
    expect(seen.filter((fine) => !fine).length).toBeGreaterThan(4);
    expect(seen.filter((fine) => fine).length).toBeGreaterThan(8);
    expect(await outcomes(1)).toEqual(seen);
    expect(await outcomes(2)).not.toEqual(seen);
  });

  it('strike whole ids of the construct path only', async () => {
    const bench = createBench();
    await bench.deploy('Handler', counting);
    bench.lambda.failFunction({ ...always, constructPath: 'dler', error: 'crash' });
    expect((await bench.invoke('Handler', {})).result).toBe(1);
    bench.lambda.failFunction({ ...always, constructPath: 'Handler', error: 'crash' });
    expect((await bench.invoke('Handler', {})).error).toBe('Unhandled');
  });
});
