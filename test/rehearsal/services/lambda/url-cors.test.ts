import { Stack } from 'aws-cdk-lib';
import {
  Code,
  Function as LambdaFunction,
  FunctionUrlAuthType,
  HttpMethod,
  Runtime,
  type FunctionUrlCorsOptions,
} from 'aws-cdk-lib/aws-lambda';
import type { HttpResponse } from '../../../../rehearsal/cloud/types';
import type { Lambda } from '../../../../rehearsal/services/lambda';
import { rehearse, synthesize } from '../../assembly/synthesized';

async function ask(cors: FunctionUrlCorsOptions | undefined, method: string, headers: Record<string, string>): Promise<HttpResponse> {
  const rehearsed = rehearse(
    synthesize((app) => {
      const handler = new LambdaFunction(new Stack(app, 'Shop'), 'Handler', {
        runtime: Runtime.NODEJS_22_X,
        handler: 'index.handler',
        code: Code.fromInline(
          `exports.handler = async () => ({ statusCode: 201, headers: { 'access-control-allow-origin': 'own' }, body: 'hi' });`,
        ),
      });
      handler.addFunctionUrl({ authType: FunctionUrlAuthType.NONE, ...(cors === undefined ? {} : { cors }) });
    }),
  );
  await rehearsed.deploy();
  const url = rehearsed.attribute('Handler/FunctionUrl', 'FunctionUrl');
  const request = { method, path: '/', headers, body: new Uint8Array(0) };
  return rehearsed.run(() =>
    rehearsed.cloud.double<Lambda>('lambda').invokeUrl(url, request, { principalArn: 'arn:aws:iam::123456789012:user/x' }),
  );
}

const cors: FunctionUrlCorsOptions = {
  allowedOrigins: ['https://shop.example'],
  allowedMethods: [HttpMethod.POST],
  allowedHeaders: ['x-id'],
};
const preflight = { origin: 'https://shop.example', 'access-control-request-method': 'POST' };

test('a function URL answers preflights itself', async () => {
  const { status, headers } = await ask(cors, 'OPTIONS', preflight);
  expect([status, headers]).toEqual([
    200,
    {
      'access-control-allow-origin': 'https://shop.example',
      vary: 'Origin',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'x-id',
    },
  ]);
});

test.each([
  ['another origin', { ...preflight, origin: 'https://other.example' }],
  ['another method', { ...preflight, 'access-control-request-method': 'DELETE' }],
])('%s is let in by no header', async (_, headers) => {
  expect((await ask(cors, 'OPTIONS', headers)).headers).toEqual({});
});

test('answers carry the headers of the URL in the place of the function’s own', async () => {
  expect((await ask(cors, 'POST', { Origin: 'https://shop.example' })).headers['access-control-allow-origin']).toBe('https://shop.example');
  expect((await ask(undefined, 'POST', { Origin: 'https://shop.example' })).headers['access-control-allow-origin']).toBe('own');
  const all = await ask({ allowedOrigins: ['*'], allowCredentials: false, exposedHeaders: ['x-a'] }, 'GET', {
    origin: 'https://x.example',
  });
  expect(all.headers).toMatchObject({ 'access-control-allow-origin': '*', 'access-control-expose-headers': 'x-a' });
});
