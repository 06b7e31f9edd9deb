import type { LambdaClient } from '@aws-sdk/client-lambda';
import { killThrough } from '../../lambdas/cost/kill';
import { fakeClient } from './support';

const answering = (answer: object) => fakeClient<LambdaClient>({ Invoke: () => answer });

test('the rollback handler is asked for the kill switch, and waited for', async () => {
  const { client, sent } = answering({ StatusCode: 200 });
  await killThrough(client, 'rollback')('used up');
  expect(sent).toEqual([
    {
      name: 'Invoke',
      input: {
        FunctionName: 'rollback',
        InvocationType: 'RequestResponse',
        Payload: JSON.stringify({ source: 'cost-guard', kill: true, reason: 'used up' }),
      },
    },
  ]);
});

test('one that fails is an error: the kill stays owed', async () => {
  const { client } = answering({ StatusCode: 200, FunctionError: 'Unhandled', Payload: Buffer.from('{"errorMessage":"throttled"}') });
  await expect(killThrough(client, 'rollback')('used up')).rejects.toThrow(
    'could not turn the kill switch on (Unhandled): {"errorMessage":"throttled"}',
  );
});

test('without a rollback handler there is nobody to ask', async () => {
  const { client, sent } = answering({});
  await expect(killThrough(client, undefined)('used up')).rejects.toThrow('ROLLBACK_FUNCTION is missing');
  expect(sent).toEqual([]);
});
