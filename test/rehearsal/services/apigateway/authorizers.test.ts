import type { Members } from '../../../../rehearsal/cloud/types';
import { createBench, echo, httpApi, proxied, restApi, uriOf } from './support';
import type { Bench } from './support';

let bench: Bench;
beforeEach(() => {
  bench = createBench();
});

/** Lets in the token `allow`, for the method that was asked for alone; counts how often it is asked. */
const byToken = `let asked = 0;
export const handler = async ({ authorizationToken: token, methodArn }: any) => {
  asked += 1;
  if (token === 'who') throw new Error('Unauthorized');
  if (token === 'broken') throw new Error('no database');
  if (token === 'odd') return { principalId: 'x' };
  const statement = (Effect: string) => ({ Action: 'execute-api:Invoke', Effect, Resource: methodArn });
  const Statement = token === 'deny' ? [statement('Deny')] : token === 'none' ? [] : [statement('Allow')];
  return { principalId: 'ann', policyDocument: { Version: '2012-10-17', Statement }, context: { asked, admin: true } };
};`;

async function restWithAuthorizer(properties: Members): Promise<string> {
  const function_ = await bench.deploy('echo', echo);
  const authorizing = await bench.deploy('authorizer', byToken);
  const { ref: RestApiId } = await bench.make('AWS::ApiGateway::RestApi', 'Api', { Name: 'shop' });
  const { ref: AuthorizerId } = await bench.make('AWS::ApiGateway::Authorizer', 'Authorizer', {
    RestApiId,
    Name: 'a',
    AuthorizerUri: uriOf(authorizing),
    ...properties,
  });
  const method = proxied(function_, {}, { AuthorizationType: 'CUSTOM', AuthorizerId });
  const { url } = await restApi(bench, [
    { path: '/a', properties: method },
    { path: '/b', properties: method },
  ]);
  return url;
}

const token = { Type: 'TOKEN', IdentitySource: 'method.request.header.Authorization' };
const withToken = (authorization: string): { headers: Record<string, string> } => ({ headers: { Authorization: authorization } });

it('lets in whom the policy allows, and tells the function of them', async () => {
  const url = await restWithAuthorizer(token);
  const { body } = await bench.ask(`${url}/a`, withToken('allow'));
  expect(body).toMatchObject({ requestContext: { authorizer: { principalId: 'ann', asked: '1', admin: 'true', integrationLatency: 0 } } });
});

it.each([
  ['nobody', undefined, 401, { message: 'Unauthorized' }],
  ['who the authorizer does not know', 'who', 401, { message: 'Unauthorized' }],
  ['who is denied', 'deny', 403, { Message: 'User is not authorized to access this resource with an explicit deny' }],
  ['who is not allowed', 'none', 403, { Message: 'User is not authorized to access this resource' }],
  ['anybody while the authorizer fails', 'broken', 500, { message: null }],
  ['anybody while the authorizer answers nonsense', 'odd', 500, { message: null }],
])('refuses %s', async (_who, sent, status, body) => {
  const url = await restWithAuthorizer(token);
  expect(await bench.ask(`${url}/a`, sent === undefined ? {} : withToken(sent))).toMatchObject({ status, body });
});

it('remembers an answer for five minutes, for other methods too', async () => {
  const url = await restWithAuthorizer(token);
  const asked = async (path: string): Promise<unknown> => {
    const { status, body } = await bench.ask(`${url}${path}`, withToken('allow'));
    return status === 200 ? ((body as Members)['requestContext'] as Members)['authorizer'] : status;
  };
  expect(await asked('/a')).toMatchObject({ asked: '1' });
  expect(await asked('/a')).toMatchObject({ asked: '1' });
  // The policy that was remembered speaks of the first method alone.
  expect(await asked('/b')).toBe(403);
  await bench.run(() => bench.clock.sleep(300_000));
  expect(await asked('/b')).toMatchObject({ asked: '2' });
});

it('asks each time where nothing is to be remembered, and looks at the token first', async () => {
  const url = await restWithAuthorizer({ ...token, AuthorizerResultTtlInSeconds: 0, IdentityValidationExpression: 'allow|who' });
  await bench.ask(`${url}/a`, withToken('allow'));
  const { body } = await bench.ask(`${url}/a`, withToken('allow'));
  expect(body).toMatchObject({ requestContext: { authorizer: { asked: '2' } } });
  expect((await bench.ask(`${url}/a`, withToken('deny'))).status).toBe(401);
});

it('gives an authorizer of requests the request', async () => {
  const function_ = await bench.deploy('echo', echo);
  const authorizing = await bench.deploy(
    'authorizer',
    `export const handler = async ({ type, methodArn, headers, queryStringParameters, body }: any) => ({
       principalId: 'ann', context: { seen: JSON.stringify([type, headers.Pass, queryStringParameters, body ?? 'none']) },
       policyDocument: { Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: methodArn }] } });`,
  );
  const { ref: RestApiId } = await bench.make('AWS::ApiGateway::RestApi', 'Api', { Name: 'shop' });
  const { ref: AuthorizerId } = await bench.make('AWS::ApiGateway::Authorizer', 'Authorizer', {
    RestApiId,
    Type: 'REQUEST',
    AuthorizerUri: uriOf(authorizing),
    IdentitySource: 'method.request.header.Pass, method.request.querystring.who',
  });
  const { url } = await restApi(bench, [
    { path: '/a', verb: 'POST', properties: proxied(function_, {}, { AuthorizationType: 'CUSTOM', AuthorizerId }) },
  ]);
  const post = { method: 'POST', headers: { Pass: 'p' }, body: 'secret' };
  const { body } = await bench.ask(`${url}/a?who=ann`, post);
  const { authorizer } = (body as Members)['requestContext'] as Members;
  expect(JSON.parse((authorizer as Members)['seen'] as string)).toEqual(['REQUEST', 'p', { who: 'ann' }, 'none']);
  expect((await bench.ask(`${url}/a`, post)).status).toBe(401);
});

async function httpWithAuthorizer(source: string, properties: Members): Promise<string> {
  const function_ = await bench.deploy('echo', 'export const handler = async (event: any) => event;');
  const authorizing = await bench.deploy('authorizer', source);
  const { ref: ApiId } = await bench.make('AWS::ApiGatewayV2::Api', 'Api', { Name: 'shop', ProtocolType: 'HTTP' });
  const { ref: AuthorizerId } = await bench.make('AWS::ApiGatewayV2::Authorizer', 'Authorizer', {
    ApiId,
    AuthorizerType: 'REQUEST',
    AuthorizerUri: uriOf(authorizing),
    AuthorizerPayloadFormatVersion: '2.0',
    IdentitySource: ['$request.header.Authorization'],
    Name: 'a',
    ...properties,
  });
  const { url } = await httpApi(bench, [
    { key: 'GET /a', functionArn: function_, properties: { AuthorizationType: 'CUSTOM', AuthorizerId } },
  ]);
  return url;
}

const simple = `export const handler = async ({ identitySource: [token], routeKey }: any) =>
  token === 'broken' ? {} : { isAuthorized: token === 'allow', context: { routeKey, list: [1] } };`;

it('understands the simple answers of HTTP APIs', async () => {
  const url = await httpWithAuthorizer(simple, { EnableSimpleResponses: true });
  const { body } = await bench.ask(`${url}/a`, withToken('allow'));
  expect(body).toMatchObject({ requestContext: { authorizer: { lambda: { routeKey: 'GET /a', list: [1] } } } });
  expect(await bench.ask(`${url}/a`, withToken('no'))).toMatchObject({ status: 403, body: { message: 'Forbidden' } });
  expect(await bench.ask(`${url}/a`)).toMatchObject({ status: 401, body: { message: 'Unauthorized' } });
  expect(await bench.ask(`${url}/a`, withToken('broken'))).toMatchObject({ status: 500, body: { message: 'Internal Server Error' } });
});

it('understands policies at HTTP APIs', async () => {
  const url = await httpWithAuthorizer(
    `export const handler = async ({ routeArn, methodArn, authorizationToken }: any) => ({ principalId: 'ann', policyDocument: { Statement:
       [{ Action: 'execute-api:Invoke', Effect: authorizationToken === 'allow' ? 'Allow' : 'Deny', Resource: routeArn ?? methodArn }] } });`,
    { AuthorizerPayloadFormatVersion: '1.0' },
  );
  expect((await bench.ask(`${url}/a`, withToken('allow'))).status).toBe(200);
  expect((await bench.ask(`${url}/a`, withToken('deny'))).status).toBe(403);
});
