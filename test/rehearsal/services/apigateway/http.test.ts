import type { Members } from '../../../../rehearsal/cloud/types';
import { account, createBench, echo, httpApi, permission, region } from './support';
import type { Bench } from './support';

let bench: Bench;
beforeEach(() => {
  bench = createBench();
});

const named = (name: string): string => `export const handler = async ({ routeKey }: any) => ['${name}', routeKey];`;

it('hands a function the event of format 2.0', async () => {
  const arn = await bench.deploy('echo', 'export const handler = async (event: any) => event;');
  const { id, url } = await httpApi(bench, [{ key: 'POST /items/{id}', functionArn: arn }]);
  expect(url).toBe(`https://${id}.execute-api.${region}.amazonaws.com`);
  const answer = await bench.ask(`${url}/items/7?x=1&x=2`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Cookie: 'a=1; b=2' },
    body: '{"n":1}',
  });
  expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
  expect(answer.body).toMatchObject({
    version: '2.0',
    routeKey: 'POST /items/{id}',
    rawPath: '/items/7',
    rawQueryString: 'x=1&x=2',
    cookies: ['a=1', 'b=2'],
    headers: { 'content-type': 'application/json', 'x-forwarded-proto': 'https' },
    queryStringParameters: { x: '1,2' },
    pathParameters: { id: '7' },
    requestContext: {
      accountId: account,
      apiId: id,
      http: { method: 'POST', path: '/items/7', sourceIp: '192.0.2.10' },
      routeKey: 'POST /items/{id}',
      stage: '$default',
    },
    body: '{"n":1}',
    isBase64Encoded: false,
  });
});

it('hands a function the event of format 1.0 where it asks for that', async () => {
  const arn = await bench.deploy('echo', echo);
  const { url } = await httpApi(bench, [{ key: 'GET /a', functionArn: arn, integration: { PayloadFormatVersion: '1.0' } }]);
  expect((await bench.ask(`${url}/a?x=1`)).body).toMatchObject({
    version: '1.0',
    resource: '/a',
    path: '/a',
    httpMethod: 'GET',
    queryStringParameters: { x: '1' },
    requestContext: { stage: '$default', resourcePath: '/a' },
  });
});

it('finds the most exact route, and $default for the rest', async () => {
  const [exact, any, greedy, rest] = [
    await bench.deploy('exact', named('exact')),
    await bench.deploy('any', named('any')),
    await bench.deploy('greedy', named('greedy')),
    await bench.deploy('rest', named('rest')),
  ];
  const { url } = await httpApi(bench, [
    { key: '$default', functionArn: rest },
    { key: 'ANY /items/{proxy+}', functionArn: greedy },
    { key: 'ANY /items/{id}', functionArn: any },
    { key: 'GET /items/{id}', functionArn: exact },
  ]);
  expect((await bench.ask(`${url}/items/7`)).body).toEqual(['exact', 'GET /items/{id}']);
  expect((await bench.ask(`${url}/items/7`, { method: 'PUT' })).body).toEqual(['any', 'ANY /items/{id}']);
  expect((await bench.ask(`${url}/items/7/8`)).body).toEqual(['greedy', 'ANY /items/{proxy+}']);
  expect((await bench.ask(`${url}/`)).body).toEqual(['rest', '$default']);
});

it('answers 404 where there is no route', async () => {
  const { url } = await httpApi(bench, [{ key: 'GET /a', functionArn: await bench.deploy('echo', echo) }]);
  expect(await bench.ask(`${url}/b`)).toMatchObject({ status: 404, body: { message: 'Not Found' } });
});

it.each([
  ['an error', "export const handler = () => { throw new Error('no'); };", 500, 'Internal Server Error'],
  ['a body that is no text', 'export const handler = async () => ({ statusCode: 200, body: {} });', 500, 'Internal Server Error'],
  ['silence', 'export const handler = () => new Promise((done) => setTimeout(done, 40_000));', 503, 'Service Unavailable'],
])('answers for %s', async (_what, source, status, message) => {
  const { url } = await httpApi(bench, [{ key: 'GET /a', functionArn: await bench.deploy('bad', source) }]);
  expect(await bench.ask(`${url}/a`)).toMatchObject({ status, body: { message } });
  expect(bench.failures()).toHaveLength(1);
});

it('gives out status, headers, cookies and binary bodies', async () => {
  const source = `export const handler = async () => ({ statusCode: 201, headers: { 'X-A': 'b' }, cookies: ['a=1', 'b=2'],
    body: Buffer.from('hé').toString('base64'), isBase64Encoded: true });`;
  const { url } = await httpApi(bench, [{ key: 'GET /a', functionArn: await bench.deploy('made', source) }]);
  expect(await bench.ask(`${url}/a`)).toMatchObject({ status: 201, headers: { 'x-a': 'b', 'set-cookie': 'a=1, b=2' }, body: 'hé' });
});

it('answers browsers that ask whether they may', async () => {
  const { url } = await httpApi(bench, [{ key: 'GET /a', functionArn: await bench.deploy('echo', echo) }], {
    CorsConfiguration: { AllowOrigins: ['https://shop.example'], AllowMethods: ['GET'], AllowHeaders: ['x-a'], MaxAge: 60 },
  });
  const asked = { method: 'OPTIONS', headers: { Origin: 'https://shop.example', 'Access-Control-Request-Method': 'GET' } };
  expect(await bench.ask(`${url}/a`, asked)).toMatchObject({
    status: 204,
    headers: {
      'access-control-allow-origin': 'https://shop.example',
      'access-control-allow-methods': 'GET',
      'access-control-allow-headers': 'x-a',
      'access-control-max-age': '60',
    },
  });
  const other = await bench.ask(`${url}/a`, { ...asked, headers: { ...asked.headers, Origin: 'https://evil.example' } });
  expect(other.headers).not.toHaveProperty('access-control-allow-origin');
  const answer = await bench.ask(`${url}/a`, { headers: { origin: 'https://shop.example' } });
  expect(answer.headers).toMatchObject({ 'access-control-allow-origin': 'https://shop.example' });
});

it('asks the policy of the function', async () => {
  const arn = await bench.deploy('closed', echo, { lets: false });
  const { id, url } = await httpApi(bench, [
    { key: 'GET /a/{x}', functionArn: arn },
    { key: 'GET /b', functionArn: arn },
  ]);
  await bench.make('AWS::Lambda::Permission', 'Let', permission(arn, `arn:aws:execute-api:${region}:${account}:${id}/*/*/a/{x}`));
  expect((await bench.ask(`${url}/a/1`)).status).toBe(200);
  expect((await bench.ask(`${url}/b`)).status).toBe(500);
});

it('lets in who signed, where IAM says so', async () => {
  const arn = await bench.deploy('echo', 'export const handler = async (event: any) => event;');
  const { url } = await httpApi(bench, [{ key: 'GET /a', functionArn: arn, properties: { AuthorizationType: 'AWS_IAM' } }]);
  expect(await bench.ask(`${url}/a`)).toMatchObject({ status: 403, body: { message: 'Forbidden' } });
  const signer = `arn:aws:iam::${account}:user/ann`;
  expect((await bench.ask(`${url}/a`, { signer })).body).toMatchObject({ requestContext: { authorizer: { iam: { userArn: signer } } } });
});

it('serves a named stage below its name', async () => {
  const arn = await bench.deploy('echo', 'export const handler = async (event: any) => event;');
  const { id } = await httpApi(bench, [{ key: 'GET /a', functionArn: arn }]);
  const at = { ApiId: id, StageName: 'dev', AutoDeploy: true };
  await bench.make('AWS::ApiGatewayV2::Stage', 'Dev', { ...at, StageVariables: { color: 'red' } });
  const { body } = await bench.ask(`${bench.gateway.endpointOf(id)}/dev/a`);
  expect(body as Members).toMatchObject({ rawPath: '/dev/a', stageVariables: { color: 'red' }, requestContext: { stage: 'dev' } });
});
