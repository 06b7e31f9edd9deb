import type { Caller, CreatedResource, Members } from '../../../../rehearsal/cloud/types';
import { createDoubles, resourceTypes } from '../../../../rehearsal/services';
import type { ApiGateway } from '../../../../rehearsal/services/apigateway';
import { bundleHandler } from '../../support/bundle';
import { createTestCloud } from '../../support/harness';
import type { TestCloud } from '../../support/harness';
import { ResourceMaker } from '../../support/resources';

export const region = 'eu-west-1';
export const account = '123456789012';
const trust = { Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } } };

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

export interface Bench extends TestCloud {
  resources: ResourceMaker;
  gateway: ApiGateway;
  make(type: string, logicalId: string, properties: Members): Promise<CreatedResource>;
  /** A function that API Gateway may call, and its ARN. `lets: false`: its policy lets nobody in. */
  deploy(name: string, source: string, options?: { lets?: boolean; properties?: Members }): Promise<string>;
  ask(url: string, request?: { method?: string; headers?: Record<string, string>; body?: string; signer?: string }): Promise<Answer>;
  /** What the function was last called with, where it prints its event. */
  failures(): Members[];
}

export const uriOf = (functionArn: string): string =>
  `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;

export const world: Caller = { kind: 'world', principalArn: `arn:aws:iam::${account}:user/ann` };

export function createBench(): Bench {
  const test = createTestCloud((cloud) => createDoubles(cloud));
  const resources = new ResourceMaker(test.cloud, resourceTypes);
  const make: Bench['make'] = (type, logicalId, properties) => test.run(() => resources.create(type, logicalId, properties));
  return {
    ...test,
    resources,
    gateway: test.cloud.double<ApiGateway>('apigateway'),
    make,
    deploy: async (name, source, { lets = true, properties = {} } = {}) => {
      const role = await make('AWS::IAM::Role', `${name}Role`, {
        RoleName: `${name}-role`,
        AssumeRolePolicyDocument: trust,
        ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
      });
      const created = await make('AWS::Lambda::Function', name, {
        FunctionName: name,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Timeout: 60,
        Code: resources.asset(bundleHandler(source)),
        Role: role.attributes['Arn'] as string,
        ...properties,
      });
      const arn = created.attributes['Arn'] as string;
      if (lets) await make('AWS::Lambda::Permission', `Let${name}`, permission(arn, `arn:aws:execute-api:${region}:${account}:*`));
      return arn;
    },
    ask: async (url, { method = 'GET', headers = {}, body = '', signer } = {}) => {
      const request = { method, url, headers, body: new TextEncoder().encode(body) };
      const answer = await test.run(() => test.cloud.requestHttp(request, signer === undefined ? undefined : { principalArn: signer }));
      const text = new TextDecoder().decode(answer.body);
      return { status: answer.status, headers: answer.headers, body: asJson(text) };
    },
    failures: () => test.cloud.log.filter(({ source }) => source === 'apigateway').map(({ detail }) => detail),
  };
}

export const permission = (functionArn: string, SourceArn: string): Members => ({
  Action: 'lambda:InvokeFunction',
  FunctionName: functionArn,
  Principal: 'apigateway.amazonaws.com',
  SourceArn,
});

function asJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Answers with the event that it got. */
export const echo = 'export const handler = async (event: any) => ({ statusCode: 200, body: JSON.stringify(event) });';

export interface Method {
  path: string;
  verb?: string;
  properties: Members;
}

/** A REST API with these methods at its stage `prod`; gives the stage's address. */
export async function restApi(bench: Bench, methods: Method[], properties: Members = {}): Promise<{ id: string; url: string }> {
  const api = await bench.make('AWS::ApiGateway::RestApi', 'Api', { Name: 'shop', ...properties });
  const resourceIds = new Map<string, string>([['', api.attributes['RootResourceId'] as string]]);
  for (const [index, { path, verb = 'GET', properties: own }] of methods.entries()) {
    let at = '';
    for (const part of path.split('/').filter((one) => one !== '')) {
      const ParentId = resourceIds.get(at);
      at += `/${part}`;
      if (resourceIds.has(at)) continue;
      const made = await bench.make('AWS::ApiGateway::Resource', `R${resourceIds.size}`, { RestApiId: api.ref, ParentId, PathPart: part });
      resourceIds.set(at, made.ref);
    }
    const ResourceId = resourceIds.get(at);
    await bench.make('AWS::ApiGateway::Method', `M${index}`, { RestApiId: api.ref, ResourceId, HttpMethod: verb, ...own });
  }
  const { ref: DeploymentId } = await bench.make('AWS::ApiGateway::Deployment', 'D', { RestApiId: api.ref });
  await bench.make('AWS::ApiGateway::Stage', 'S', { RestApiId: api.ref, DeploymentId, StageName: 'prod', Variables: { color: 'red' } });
  return { id: api.ref, url: bench.gateway.urlOf(api.ref)! };
}

export const proxied = (functionArn: string, more: Members = {}, method: Members = {}): Members => ({
  AuthorizationType: 'NONE',
  ...method,
  Integration: { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri: uriOf(functionArn), ...more },
});

export interface Route {
  key: string;
  functionArn: string;
  integration?: Members;
  properties?: Members;
}

/** An HTTP API with these routes at its stage `$default`; gives its address. */
export async function httpApi(bench: Bench, routes: Route[], properties: Members = {}): Promise<{ id: string; url: string }> {
  const api = await bench.make('AWS::ApiGatewayV2::Api', 'Api', { Name: 'shop', ProtocolType: 'HTTP', ...properties });
  for (const [index, { key, functionArn, integration = {}, properties: own = {} }] of routes.entries()) {
    const made = await bench.make('AWS::ApiGatewayV2::Integration', `I${index}`, {
      ApiId: api.ref,
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: functionArn,
      PayloadFormatVersion: '2.0',
      ...integration,
    });
    await bench.make('AWS::ApiGatewayV2::Route', `R${index}`, {
      ApiId: api.ref,
      RouteKey: key,
      Target: `integrations/${made.ref}`,
      AuthorizationType: 'NONE',
      ...own,
    });
  }
  await bench.make('AWS::ApiGatewayV2::Stage', 'S', { ApiId: api.ref, StageName: '$default', AutoDeploy: true });
  return { id: api.ref, url: bench.gateway.urlOf(api.ref)! };
}
