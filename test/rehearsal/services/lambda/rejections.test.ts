import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { bundledWorker } from '../../support/worker-bundle';
import { rehearse, synthesize } from '../../assembly/synthesized';

jest.setTimeout(60_000);

const assemblyOf = (source: string): string =>
  synthesize((app) => {
    const stack = new Stack(app, 'Loose');
    new LambdaFunction(stack, 'Handler', { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline(source) });
  });

test('a promise that fails unheard ends the invocation, and the next one starts anew', async () => {
  const directory = assemblyOf(`
    let calls = 0;
    exports.handler = async (event) => {
      calls += 1;
      if (event.loose) Promise.reject(new TypeError('loose'));
      await new Promise((resolve) => setTimeout(resolve, 100));
      return calls;
    };`);
  const worker = bundledWorker(path.join(__dirname, 'rejection-worker.ts'));
  const told = await new Promise((resolve, reject) => {
    const thread = new Worker(worker, { workerData: { directory, events: [{}, { loose: true }, {}] } });
    thread.once('message', (message) => {
      void thread.terminate();
      resolve(message);
    });
    thread.once('error', reject);
  });
  expect(told).toMatchObject({
    answers: [
      { result: 1 },
      { error: 'Unhandled', result: { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'TypeError: loose' } },
      { result: 1 },
    ],
  });
});

test('answers and requests that are too large are refused as by Lambda', async () => {
  const rehearsed = rehearse(assemblyOf(`exports.handler = async ({ bytes }) => 'x'.repeat(bytes);`));
  await rehearsed.deploy();
  expect((await rehearsed.invoke('Handler', { bytes: 6_291_554 })).error).toBeUndefined();
  expect((await rehearsed.invoke('Handler', { bytes: 6_291_555 })).result).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' });
  await expect(rehearsed.invoke('Handler', { text: 'x'.repeat(6_291_456) })).rejects.toMatchObject({ code: 'RequestTooLargeException' });
  const event = { FunctionName: rehearsed.ref('Handler'), InvocationType: 'Event', Payload: new Uint8Array(1_048_577).fill(32) };
  await expect(rehearsed.call('lambda', 'Invoke', event)).rejects.toMatchObject({ code: 'RequestTooLargeException', statusCode: 413 });
});
