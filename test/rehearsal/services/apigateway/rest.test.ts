import type { Members } from '../../../../rehearsal/cloud/types';
import { account, createBench, echo, permission, proxied, region, restApi, uriOf } from './support';
import type { Bench } from './support';

let bench: Bench;
beforeEach(() => {
  bench = createBench();
});

it('hands a function the event of format 1.0', async () => {
  const arn = await bench.deploy('echo', echo);
  const { id, url } = await restApi(bench, [{ path: '/items/{id}', verb: 'POST', properties: proxied(arn) }]);
  expect(url).toBe(`https://${id}.execute-api.${region}.amazonaws.com/prod`);
  const answer = await bench.ask(`${url}/items/a%20b?x=1&x=2&y=`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'User-Agent': 'test' },
    body: '{"n":1}',
  });
  expect(answer.status).toBe(200);
  const event = answer.body as Members;
  expect(event).toMatchObject({
    resource: '/items/{id}',
    path: '/items/a b',
    httpMethod: 'POST',
    headers: { 'Content-Type': 'application/json', Host: `${id}.execute-api.${region}.amazonaws.com`, 'X-Forwarded-Proto': 'https' },
    multiValueHeaders: { 'Content-Type': ['application/json'] },
    queryStringParameters: { x: '2', y: '' },
    multiValueQueryStringParameters: { x: ['1', '2'], y: [''] },
    pathParameters: { id: 'a b' },
    stageVariables: { color: 'red' },
    requestContext: {
      resourcePath: '/items/{id}',
      httpMethod: 'POST',
      path: '/prod/items/a b',
      accountId: account,
      stage: 'prod',
      apiId: id,
      requestTime: expect.stringMatching(/^02\/Mar\/2026:09:00:\d\d \+0000$/) as string,
      identity: { sourceIp: '192.0.2.10', userAgent: 'test', caller: null },
    },
    body: '{"n":1}',
    isBase64Encoded: false,
  });
});

it('says null where there is nothing to say', async () => {
  const arn = await bench.deploy('echo', echo);
  const { url } = await restApi(bench, [{ path: '/', properties: proxied(arn) }]);
  expect((await bench.ask(url)).body).toMatchObject({
    path: '/',
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    body: null,
  });
});

it('finds the most exact resource first, then its method', async () => {
  const named = (name: string): string =>
    `export const handler = async ({ pathParameters }: any) => ({ statusCode: 200, body: JSON.stringify(['${name}', pathParameters]) });`;
  const fixed = await bench.deploy('fixed', named('fixed'));
  const one = await bench.deploy('one', named('one'));
  const all = await bench.deploy('all', named('all'));
  const { url } = await restApi(bench, [
    { path: '/items/{proxy+}', verb: 'ANY', properties: proxied(all) },
    { path: '/items/{id}', properties: proxied(one) },
    { path: '/items/new', properties: proxied(fixed) },
  ]);
  expect((await bench.ask(`${url}/items/new`)).body).toEqual(['fixed', null]);
  expect((await bench.ask(`${url}/items/7`)).body).toEqual(['one', { id: '7' }]);
  expect((await bench.ask(`${url}/items/7/parts/8`, { method: 'PUT' })).body).toEqual(['all', { proxy: '7/parts/8' }]);
  const wrongMethod = await bench.ask(`${url}/items/7`, { method: 'DELETE' });
  expect(wrongMethod).toMatchObject({ status: 403, body: { message: 'Missing Authentication Token' } });
  expect(await bench.ask(`${url}/elsewhere`)).toMatchObject({ status: 403, body: { message: 'Missing Authentication Token' } });
  expect(await bench.ask(url.replace('/prod', '/test'))).toMatchObject({ status: 403, body: { message: 'Forbidden' } });
});

it.each([
  ['an error', "export const handler = () => { throw new Error('no'); };", /the function failed: .*no/],
  ['no statusCode', "export const handler = async () => ({ message: 'hello' });", /malformed Lambda proxy response: statusCode/],
  ['a body that is no text', 'export const handler = async () => ({ statusCode: 200, body: { a: 1 } });', /body is no text/],
  ['headers that are no texts', 'export const handler = async () => ({ statusCode: 200, headers: { a: [1] } });', /header a is no text/],
  ['nothing', 'export const handler = async () => undefined;', /returned no object/],
])('answers 502 for %s', async (_what, source, reason) => {
  const arn = await bench.deploy('bad', source);
  const { url } = await restApi(bench, [{ path: '/', properties: proxied(arn) }]);
  expect(await bench.ask(url)).toMatchObject({ status: 502, body: { message: 'Internal server error' } });
  expect(bench.failures()).toMatchObject([{ api: 'shop', stage: 'prod', status: 502, reason: expect.stringMatching(reason) as string }]);
});

it('waits 29 seconds, or as long as it is told', async () => {
  const arn = await bench.deploy(
    'slow',
    'export const handler = () => new Promise((done) => setTimeout(() => done({ statusCode: 200 }), 40_000));',
  );
  const { url } = await restApi(bench, [
    { path: '/', properties: proxied(arn) },
    { path: '/short', properties: proxied(arn, { TimeoutInMillis: 500 }) },
  ]);
  const before = bench.clock.now();
  expect(await bench.ask(url)).toMatchObject({ status: 504, body: { message: 'Endpoint request timed out' } });
  expect(bench.clock.now() - before).toBe(29_000);
  expect(await bench.ask(`${url}/short`)).toMatchObject({ status: 504 });
  expect(bench.clock.now() - before).toBe(29_500);
});

it('answers 500 where the function does not let this method in', async () => {
  const arn = await bench.deploy('closed', echo, { lets: false });
  const { id, url } = await restApi(bench, [
    { path: '/a/{x}', properties: proxied(arn) },
    { path: '/b', properties: proxied(arn) },
  ]);
  await bench.make('AWS::Lambda::Permission', 'Let', permission(arn, `arn:aws:execute-api:${region}:${account}:${id}/prod/GET/a/*`));
  expect((await bench.ask(`${url}/a/1`)).status).toBe(200);
  expect(await bench.ask(`${url}/b`)).toMatchObject({ status: 500, body: { message: 'Internal server error' } });
  expect(bench.failures()[0]).toMatchObject({ reason: expect.stringMatching(/AccessDenied/) as string });
});

it('answers CORS questions from a mock integration, as the CDK writes it', async () => {
  const { url } = await restApi(bench, [
    {
      path: '/items',
      verb: 'OPTIONS',
      properties: {
        AuthorizationType: 'NONE',
        Integration: {
          Type: 'MOCK',
          RequestTemplates: { 'application/json': '{"statusCode": 200}' },
          IntegrationResponses: [
            {
              StatusCode: '204',
              ResponseParameters: {
                'method.response.header.Access-Control-Allow-Origin': "'*'",
                'method.response.header.Access-Control-Allow-Methods': "'GET,PUT'",
              },
            },
          ],
        },
      },
    },
  ]);
  const answer = await bench.ask(`${url}/items`, { method: 'OPTIONS', headers: { Origin: 'https://shop.example' } });
  expect(answer).toMatchObject({
    status: 204,
    headers: { 'access-control-allow-origin': '*', 'access-control-allow-methods': 'GET,PUT' },
    body: '',
  });
});

it('calls a function behind fixed mappings, at once or later', async () => {
  const arn = await bench.deploy(
    'plain',
    "export const handler = async (event: any) => { if (event.bad) throw new Error('bad request: x'); return event; };",
  );
  const Integration = {
    Type: 'AWS',
    IntegrationHttpMethod: 'POST',
    Uri: uriOf(arn),
    IntegrationResponses: [
      { StatusCode: '200', ResponseParameters: { 'method.response.header.X-Kind': "'plain'" } },
      { StatusCode: '400', SelectionPattern: 'bad request.*', ResponseTemplates: { 'text/plain': 'not so' } },
    ],
  };
  const later = { ...Integration, RequestParameters: { 'integration.request.header.X-Amz-Invocation-Type': "'Event'" } };
  const { url } = await restApi(bench, [
    { path: '/now', verb: 'POST', properties: { AuthorizationType: 'NONE', Integration } },
    { path: '/later', verb: 'POST', properties: { AuthorizationType: 'NONE', Integration: later } },
  ]);
  const post = (path: string, body: string): Promise<unknown> => bench.ask(`${url}/${path}`, { method: 'POST', body });
  expect(await post('now', '{"a":1}')).toMatchObject({ status: 200, headers: { 'x-kind': 'plain' }, body: { a: 1 } });
  expect(await post('now', '{"bad":true}')).toMatchObject({ status: 400, headers: { 'content-type': 'text/plain' }, body: 'not so' });
  expect(await post('later', '{"bad":true}')).toMatchObject({ status: 200, body: '' });
});

it('serves what was there when the deployment was made', async () => {
  const arn = await bench.deploy('echo', echo);
  const { id, url } = await restApi(bench, [{ path: '/', properties: proxied(arn) }]);
  const api = bench.gateway.rest.get(id)!;
  await bench.make('AWS::ApiGateway::Method', 'Late', {
    RestApiId: id,
    ResourceId: api.rootId,
    HttpMethod: 'PUT',
    ...proxied(arn),
  });
  expect((await bench.ask(url, { method: 'PUT' })).status).toBe(403);
  const { ref } = await bench.make('AWS::ApiGateway::Deployment', 'D2', { RestApiId: id });
  await bench.make('AWS::ApiGateway::Stage', 'S', { RestApiId: id, DeploymentId: ref, StageName: 'prod' });
  expect((await bench.ask(url, { method: 'PUT' })).status).toBe(200);
  const empty = bench.make('AWS::ApiGateway::RestApi', 'Empty', { Name: 'empty' });
  const deployed = bench.make('AWS::ApiGateway::Deployment', 'E', { RestApiId: (await empty).ref });
  await expect(deployed).rejects.toThrow("The REST API doesn't contain any methods");
});

it('checks parameters and bodies where a validator says so', async () => {
  const arn = await bench.deploy('echo', echo);
  const { ref: RestApiId } = await bench.make('AWS::ApiGateway::RestApi', 'Api', { Name: 'shop' });
  const model = await bench.make('AWS::ApiGateway::Model', 'Model', {
    RestApiId,
    Name: 'Order',
    ContentType: 'application/json',
    Schema: { $schema: 'http://json-schema.org/draft-04/schema#', type: 'object', required: ['n'], properties: { n: { type: 'integer' } } },
  });
  const validator = await bench.make('AWS::ApiGateway::RequestValidator', 'V', {
    RestApiId,
    ValidateRequestBody: true,
    ValidateRequestParameters: true,
  });
  const { url } = await restApi(bench, [
    {
      path: '/',
      verb: 'POST',
      properties: proxied(
        arn,
        {},
        {
          RequestValidatorId: validator.ref,
          RequestModels: { 'application/json': model.ref },
          RequestParameters: { 'method.request.querystring.who': true, 'method.request.header.x-optional': false },
        },
      ),
    },
  ]);
  const post = (query: string, body: string): Promise<unknown> => bench.ask(`${url}${query}`, { method: 'POST', body });
  expect(await post('', '{"n":1}')).toMatchObject({ status: 400, body: { message: 'Missing required request parameters: [who]' } });
  expect(await post('?who=a', '{"n":"1"}')).toMatchObject({ status: 400, body: { message: 'Invalid request body' } });
  expect(await post('?who=a', 'nothing')).toMatchObject({ status: 400, body: { message: 'Invalid request body' } });
  expect(await post('?who=a', '{"n":1}')).toMatchObject({ status: 200 });
});

it('lets in whose API key a usage plan knows for the stage', async () => {
  const arn = await bench.deploy('echo', echo);
  const { id, url } = await restApi(bench, [{ path: '/', properties: proxied(arn, {}, { ApiKeyRequired: true }) }]);
  const key = await bench.make('AWS::ApiGateway::ApiKey', 'Key', { Enabled: true, Value: 'a-key-of-twenty-signs' });
  const plan = await bench.make('AWS::ApiGateway::UsagePlan', 'Plan', { ApiStages: [{ ApiId: id, Stage: 'prod' }] });
  const headers = { 'x-api-key': 'a-key-of-twenty-signs' };
  expect(await bench.ask(url, { headers })).toMatchObject({ status: 403, body: { message: 'Forbidden' } });
  await bench.make('AWS::ApiGateway::UsagePlanKey', 'PlanKey', { KeyId: key.ref, KeyType: 'API_KEY', UsagePlanId: plan.ref });
  expect(await bench.ask(url)).toMatchObject({ status: 403 });
  expect(await bench.ask(url, { headers: { 'x-api-key': 'another' } })).toMatchObject({ status: 403 });
  const answer = await bench.ask(url, { headers });
  expect(answer.body).toMatchObject({ requestContext: { identity: { apiKey: 'a-key-of-twenty-signs', apiKeyId: key.ref } } });
});

it('asks IAM who signed', async () => {
  const arn = await bench.deploy('echo', echo);
  const { id, url } = await restApi(bench, [{ path: '/items', properties: proxied(arn, {}, { AuthorizationType: 'AWS_IAM' }) }]);
  expect(await bench.ask(`${url}/items`)).toMatchObject({ status: 403, body: { message: 'Missing Authentication Token' } });
  const signer = `arn:aws:iam::${account}:user/ann`;
  expect((await bench.ask(`${url}/items`, { signer })).body).toMatchObject({
    requestContext: { identity: { userArn: signer, user: 'ann' } },
  });
  const caller = await bench.deploy(
    'caller',
    `import { get } from 'node:https';
     export const handler = () => new Promise((done) => get('${url}/items', (answer) => {
       let text = '';
       answer.on('data', (part) => (text += part)).on('end', () => done({ status: answer.statusCode, text }));
     }));`,
  );
  const invoked = await bench.run(() =>
    bench.cloud.call('lambda', 'Invoke', { FunctionName: caller }, { kind: 'world', principalArn: signer }),
  );
  const told = JSON.parse(new TextDecoder().decode(invoked['Payload'] as Uint8Array)) as Members;
  expect(told).toEqual({ status: 403, text: '{"message":"Missing Authentication Token"}' });
  expect(id).toMatch(/^[a-z0-9]{10}$/);
});

it('shapes its own answers as gateway responses say', async () => {
  const arn = await bench.deploy('bad', "export const handler = () => { throw new Error('no'); };");
  const { id, url } = await restApi(bench, [{ path: '/', properties: proxied(arn) }]);
  await bench.make('AWS::ApiGateway::GatewayResponse', 'G5', {
    RestApiId: id,
    ResponseType: 'DEFAULT_5XX',
    ResponseParameters: { 'gatewayresponse.header.Access-Control-Allow-Origin': "'*'" },
  });
  await bench.make('AWS::ApiGateway::GatewayResponse', 'G4', {
    RestApiId: id,
    ResponseType: 'MISSING_AUTHENTICATION_TOKEN',
    StatusCode: '404',
    ResponseTemplates: { 'application/json': '{"message":$context.error.messageString}' },
  });
  expect(await bench.ask(url)).toMatchObject({ status: 502, headers: { 'access-control-allow-origin': '*' } });
  expect(await bench.ask(`${url}/none`)).toMatchObject({ status: 404, body: { message: 'Missing Authentication Token' } });
});

it('counts requests and errors in CloudWatch', async () => {
  const arn = await bench.deploy('bad', "export const handler = () => { throw new Error('no'); };");
  const { url } = await restApi(bench, [{ path: '/', properties: proxied(arn) }]);
  await bench.ask(url);
  await bench.ask(`${url}/none`);
  const sum = async (MetricName: string): Promise<unknown> => {
    const { Datapoints: points } = await bench.run(() =>
      bench.cloud.call(
        'cloudwatch',
        'GetMetricStatistics',
        {
          Namespace: 'AWS/ApiGateway',
          MetricName,
          Dimensions: [{ Name: 'ApiName', Value: 'shop' }],
          StartTime: new Date(bench.clock.now() - 3_600_000),
          EndTime: new Date(bench.clock.now() + 60_000),
          Period: 86_400,
          Statistics: ['Sum'],
        },
        { kind: 'world', principalArn: 'x' },
      ),
    );
    return (points as Members[])[0]?.['Sum'] as unknown;
  };
  expect([await sum('Count'), await sum('5XXError'), await sum('4XXError')]).toEqual([2, 1, 1]);
});
