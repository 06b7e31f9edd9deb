import { storeRequest } from '../../lambdas/async-gateway/store';
import { type Invocation, invokeModel } from '../../lambdas/gateway/model';
import { fakeClient } from './support';

const request = { body: Buffer.from('{"text":"hi"}'), contentType: 'application/json' };
const invocation: Invocation = { endpointName: 'p-r2', variantName: 'b', decisionId: 'd-1', request };

async function asked(more: Partial<Invocation>) {
  const { client, sent } = fakeClient<never>({
    InvokeEndpoint: () => ({ Body: Buffer.from('1'), ContentType: 'application/json' }),
    InvokeEndpointAsync: () => ({ OutputLocation: 's3://bucket/answers/r2/x.out', FailureLocation: 's3://bucket/failures/r2/x.out' }),
  });
  const answer = await invokeModel(client, { ...invocation, ...more }, 1000);
  return { answer, sent: sent[0] };
}

test('a variant is named on real-time endpoints alone', async () => {
  expect((await asked({})).sent?.input).toMatchObject({ EndpointName: 'p-r2', TargetVariant: 'b', InferenceId: 'd-1' });
  expect((await asked({ mode: 'serverless' })).sent?.input).not.toHaveProperty('TargetVariant');
});

test('a component is asked by its name', async () => {
  const { sent } = await asked({ mode: 'inference-components', componentName: 'p-r2-c' });
  expect(sent?.input).toMatchObject({ InferenceComponentName: 'p-r2-c' });
  expect(sent?.input).not.toHaveProperty('TargetVariant');
});

test('a request to an asynchronous endpoint is queued, and the caller told where the answer will be', async () => {
  const { answer, sent } = await asked({ mode: 'async', inputLocation: 's3://bucket/requests/1' });
  expect(sent).toMatchObject({ name: 'InvokeEndpointAsync', input: { InputLocation: 's3://bucket/requests/1', InferenceId: 'd-1' } });
  expect(answer.statusCode).toBe(202);
  expect(JSON.parse(Buffer.from(answer.body).toString())).toEqual({
    decisionId: 'd-1',
    answer: 's3://bucket/answers/r2/x.out',
    failure: 's3://bucket/failures/r2/x.out',
  });
});

test('without a stored request an asynchronous endpoint is not asked', async () => {
  await expect(asked({ mode: 'async' })).rejects.toThrow(/deploy with serving.mode async/);
});

test('requests are stored under names of their own', async () => {
  const { client, sent } = fakeClient<never>();
  const first = await storeRequest(client, 'bucket', request);
  const second = await storeRequest(client, 'bucket', request);
  expect(first).toMatch(/^s3:\/\/bucket\/requests\/[0-9a-f-]{36}$/);
  expect(second).not.toBe(first);
  expect(sent[0]).toMatchObject({ name: 'PutObject', input: { Bucket: 'bucket', Body: request.body, ContentType: 'application/json' } });
});
