import { AwsError } from '../../cloud/types';
import type { Members } from '../../cloud/types';
import type { ApiKey } from './api-keys';
import type { Verdict } from './authorizer';
import { gatewayHeaders, headerOf } from './request';
import type { GatewayRequest } from './request';
import { matchesBinary, restEvent } from './rest-event';
import type { EventScope } from './rest-event';
import { integrate } from './rest-integration';
import { matchRest } from './rest-model';
import type { RestApi, RestDeployment, RestMatch, RestStage } from './rest-model';
import { validateRequest } from './rest-validation';
import { binaryTypes, refused } from './rest-visit';
import type { Outcome, RestContext, Visit } from './rest-visit';

const largestBodyBytes = 10 * 1024 * 1024;

/** Goes the way of a request through a REST API: route, authorisation, API key, validation, integration. */
export async function answerRest(context: RestContext, api: RestApi, stage: RestStage, request: GatewayRequest): Promise<Outcome> {
  const deployment = api.deployments.get(stage.deploymentId);
  const match = matchRest(deployment?.routes ?? [], request.method, request.path);
  if (deployment === undefined || match === undefined) return refused(api, 'MISSING_AUTHENTICATION_TOKEN');
  if (request.body.byteLength > largestBodyBytes) return refused(api, 'REQUEST_TOO_LARGE');
  const methodArn = context.cloud.arn('execute-api', `${api.id}/${stage.name}/${request.method}${request.path}`);
  const visit = { context, api, stage, request, match, methodArn, scope: scopeOf(context, api, stage, deployment, request, match) };
  const authorised = await authorise(visit);
  if ('refusal' in authorised) return authorised.refusal;
  const key = admit(visit, authorised.usageKey);
  if (key === 'refused') return refused(api, 'INVALID_API_KEY');
  const invalid = validateRequest(api, match.route.method, request, match.pathParameters);
  if (invalid !== undefined) return refused(api, invalid.type, invalid.message);
  const scope = { ...visit.scope, authorizer: authorised.authorizer, apiKey: key };
  return integrate({ ...visit, scope });
}

function scopeOf(
  { cloud }: RestContext,
  api: RestApi,
  stage: RestStage,
  deployment: RestDeployment,
  request: GatewayRequest,
  { route, pathParameters }: RestMatch,
): EventScope {
  return {
    apiId: api.id,
    accountId: cloud.accountId,
    stage: stage.name,
    stageVariables: stage.variables,
    resourceId: route.method.resource.id,
    resourcePath: route.path,
    pathParameters,
    deploymentId: deployment.id,
    isBinary: matchesBinary(binaryTypes(api), headerOf(request.headers, 'content-type')),
  };
}

interface Authorised {
  authorizer: Members | undefined;
  usageKey: string | undefined;
}

async function authorise(visit: Visit): Promise<Authorised | { refusal: Outcome }> {
  const { properties } = visit.match.route.method;
  const type = (properties['AuthorizationType'] ?? 'NONE') as string;
  if (type === 'AWS_IAM') return authoriseByIam(visit);
  if (type !== 'CUSTOM') return { authorizer: undefined, usageKey: undefined };
  const id = String(properties['AuthorizerId']);
  const authorizer = visit.api.authorizers.get(id);
  if (authorizer === undefined) return { refusal: refused(visit.api, 'AUTHORIZER_CONFIGURATION_ERROR', undefined, `no authorizer ${id}`) };
  return judged(visit.api, await askAuthorizer(visit, id, authorizer));
}

function authoriseByIam({ api, request, context, methodArn }: Visit): Authorised | { refusal: Outcome } {
  if (request.signer === undefined) return { refusal: refused(api, 'MISSING_AUTHENTICATION_TOKEN') };
  try {
    context.cloud.iam.authorise(request.signer, { action: 'execute-api:Invoke', resource: methodArn }, undefined);
    return { authorizer: undefined, usageKey: undefined };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { refusal: refused(api, 'ACCESS_DENIED', error.message) };
  }
}

function judged(api: RestApi, verdict: Verdict): Authorised | { refusal: Outcome } {
  switch (verdict.kind) {
    case 'allowed':
      return { authorizer: { ...texts(verdict.context), integrationLatency: 0 }, usageKey: verdict.usageKey };
    case 'unauthorized':
      return { refusal: refused(api, 'UNAUTHORIZED') };
    case 'denied': {
      const message = `User is not authorized to access this resource${verdict.explicitly ? ' with an explicit deny' : ''}`;
      return { refusal: refused(api, 'ACCESS_DENIED', message) };
    }
    case 'failed':
      return { refusal: refused(api, 'AUTHORIZER_CONFIGURATION_ERROR', undefined, verdict.reason) };
  }
}

/** Handlers get the authorizer's context as texts. */
const texts = (context: Members): Members => Object.fromEntries(Object.entries(context).map(([name, value]) => [name, String(value)]));

async function askAuthorizer(visit: Visit, id: string, authorizer: Members): Promise<Verdict> {
  const { api, stage, request, context, methodArn, scope } = visit;
  const isToken = authorizer['Type'] === 'TOKEN';
  const sources = String(authorizer['IdentitySource'] ?? (isToken ? 'method.request.header.Authorization' : ''))
    .split(',')
    .map((source) => source.trim())
    .filter((source) => source !== '');
  const identity = sources.map((source) => identityAt(source, request, stage));
  const seconds = Number(authorizer['AuthorizerResultTtlInSeconds'] ?? 300);
  if (identity.some((value) => value === undefined || value === '') && (isToken || seconds > 0)) return { kind: 'unauthorized' };
  const expression = authorizer['IdentityValidationExpression'] as string | undefined;
  if (isToken && expression !== undefined && !new RegExp(`^(?:${expression})$`).test(identity[0] ?? '')) return { kind: 'unauthorized' };
  const event = isToken
    ? { type: 'TOKEN', methodArn, authorizationToken: identity[0] }
    : { type: 'REQUEST', methodArn, ...withoutBody(restEvent(request, scope)) };
  return context.authorizers.ask({
    uri: String(authorizer['AuthorizerUri']),
    credentials: authorizer['AuthorizerCredentials'] as string | undefined,
    event,
    sourceArn: context.cloud.arn('execute-api', `${api.id}/authorizers/${id}`),
    methodArn,
    isSimple: false,
    cached: sources.length === 0 ? undefined : { key: JSON.stringify([api.id, stage.name, id, ...identity]), seconds },
  });
}

function withoutBody(event: Members): Members {
  const { body: _body, isBase64Encoded: _encoded, ...rest } = event;
  void _body;
  void _encoded;
  return rest;
}

function identityAt(source: string, request: GatewayRequest, stage: RestStage): string | undefined {
  const [, place, name = ''] = /^(method\.request\.header|method\.request\.querystring|stageVariables|context)\.(.+)$/.exec(source) ?? [];
  if (place === 'method.request.header') return headerOf({ ...gatewayHeaders(request), ...request.headers }, name);
  if (place === 'method.request.querystring') return new URLSearchParams(request.rawQuery).get(name) ?? undefined;
  return place === 'stageVariables' ? stage.variables[name] : undefined;
}

/** The key that the method asks for; undefined: it asks for none. */
function admit({ api, stage, request, match, context }: Visit, usageKey: string | undefined): ApiKey | undefined | 'refused' {
  if (String(match.route.method.properties['ApiKeyRequired'] ?? false) !== 'true') return undefined;
  const isAuthorizers = api.properties['ApiKeySourceType'] === 'AUTHORIZER';
  return context.keys.admitted(isAuthorizers ? usageKey : headerOf(request.headers, 'x-api-key'), api.id, stage.name) ?? 'refused';
}
