import { AwsError } from '../../cloud/types';
import type { Members } from '../../cloud/types';
import type { LaptopCloud } from '../../kernel/cloud';
import type { Authorizers, Verdict } from './authorizer';
import { corsHeaders, preflight } from './cors';
import { headersOf, httpEvent, iamIdentity, isTextual } from './http-event';
import type { HttpScope } from './http-event';
import { matchHttp } from './http-model';
import type { HttpApi, HttpMatch, HttpStage } from './http-model';
import { callSubtype } from './http-service';
import { functionOfUri, invokeFunction, within } from './invoke';
import { answerOfVersion1, answerOfVersion2 } from './proxy-answer';
import { jsonAnswer, textBody } from './request';
import type { GatewayRequest } from './request';
import { restEvent } from './rest-event';
import type { Outcome } from './rest-visit';

export interface HttpContext {
  cloud: LaptopCloud;
  authorizers: Authorizers;
}

interface Visit {
  context: HttpContext;
  api: HttpApi;
  stage: HttpStage;
  request: GatewayRequest;
  match: HttpMatch;
  scope: HttpScope;
}

const longestMillis = 30_000;
const decoder = new TextDecoder();

const told = (status: number, message: string, reason?: string): Outcome => ({
  response: jsonAnswer(status, { message }),
  ...(reason === undefined ? {} : { reason }),
});

const internalError = (reason: string): Outcome => told(500, 'Internal Server Error', reason);

/** Goes the way of a request through an HTTP API: CORS, route, authorisation, integration. */
export async function answerHttpApi(context: HttpContext, api: HttpApi, stage: HttpStage, request: GatewayRequest): Promise<Outcome> {
  const cors = api.properties['CorsConfiguration'] as Members | undefined;
  const asked = preflight(cors, request);
  if (asked !== undefined) return { response: asked };
  const outcome = await answerRoute(context, api, stage, request);
  const { response } = outcome;
  return { ...outcome, response: { ...response, headers: { ...response.headers, ...corsHeaders(cors, request) } } };
}

async function answerRoute(context: HttpContext, api: HttpApi, stage: HttpStage, request: GatewayRequest): Promise<Outcome> {
  const match = matchHttp(api.routes.values(), request.method, request.path);
  if (match === undefined) return told(404, 'Not Found');
  const scope: HttpScope = {
    apiId: api.id,
    accountId: context.cloud.accountId,
    stage: stage.name,
    stageVariables: (stage.properties['StageVariables'] ?? {}) as Record<string, string>,
    routeKey: match.routeKey,
    pathParameters: match.pathParameters,
    authorizer: undefined,
  };
  const visit = { context, api, stage, request, match, scope };
  const authorised = await authorise(visit);
  if ('refusal' in authorised) return authorised.refusal;
  return integrate({ ...visit, scope: { ...scope, authorizer: authorised.authorizer } });
}

type Authorised = { authorizer: Members | undefined } | { refusal: Outcome };

/** `<stage>/<method>/<path>` as policies and functions' permissions name it. */
function routeArn({ context, api, stage, request, match }: Visit): string {
  const route = match.pattern === '$default' ? '$default' : `${request.method}${match.pattern}`;
  return context.cloud.arn('execute-api', `${api.id}/${stage.name}/${route}`);
}

async function authorise(visit: Visit): Promise<Authorised> {
  const { properties } = visit.match.route;
  const type = (properties['AuthorizationType'] ?? 'NONE') as string;
  if (type === 'AWS_IAM') return authoriseByIam(visit);
  if (type !== 'CUSTOM') return { authorizer: undefined };
  const id = String(properties['AuthorizerId']);
  const authorizer = visit.api.authorizers.get(id);
  if (authorizer === undefined) return { refusal: internalError(`no authorizer ${id}`) };
  return judged(await askAuthorizer(visit, id, authorizer));
}

function authoriseByIam({ context, api, stage, request }: Visit): Authorised {
  const resource = context.cloud.arn('execute-api', `${api.id}/${stage.name}/${request.method}${request.path}`);
  try {
    if (request.signer === undefined) return { refusal: told(403, 'Forbidden') };
    context.cloud.iam.authorise(request.signer, { action: 'execute-api:Invoke', resource }, undefined);
    return { authorizer: iamIdentity(request, context.cloud.accountId) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { refusal: told(403, 'Forbidden') };
  }
}

function judged(verdict: Verdict): Authorised {
  if (verdict.kind === 'allowed') return { authorizer: { lambda: verdict.context } };
  if (verdict.kind === 'unauthorized') return { refusal: told(401, 'Unauthorized') };
  if (verdict.kind === 'denied') return { refusal: told(403, 'Forbidden') };
  return { refusal: internalError(verdict.reason) };
}

async function askAuthorizer(visit: Visit, id: string, authorizer: Members): Promise<Verdict> {
  const { api, request, context, scope, stage } = visit;
  const sources = (authorizer['IdentitySource'] ?? []) as string[];
  const identitySource = sources.map((source) => identityAt(source, visit));
  if (identitySource.some((value) => value === undefined || value === '')) return { kind: 'unauthorized' };
  const arn = routeArn(visit);
  const isVersion2 = authorizer['AuthorizerPayloadFormatVersion'] !== '1.0';
  const { body: _body, isBase64Encoded: _encoded, ...asked } = isVersion2 ? httpEvent(request, scope) : eventOfVersion1(visit);
  void _body;
  void _encoded;
  const event = isVersion2
    ? { ...asked, type: 'REQUEST', routeArn: arn, identitySource: sources.length === 0 ? null : identitySource }
    : { ...asked, type: 'REQUEST', methodArn: arn, identitySource: identitySource.join(','), authorizationToken: identitySource.join(',') };
  const seconds = Number(authorizer['AuthorizerResultTtlInSeconds'] ?? 300);
  return context.authorizers.ask({
    uri: String(authorizer['AuthorizerUri']),
    credentials: authorizer['AuthorizerCredentialsArn'] as string | undefined,
    event,
    sourceArn: context.cloud.arn('execute-api', `${api.id}/authorizers/${id}`),
    methodArn: arn,
    isSimple: String(authorizer['EnableSimpleResponses'] ?? false) === 'true',
    cached: sources.length === 0 ? undefined : { key: JSON.stringify([api.id, stage.name, id, ...identitySource]), seconds },
  });
}

function identityAt(source: string, { request, scope }: Visit): string | undefined {
  const [, place, name = ''] = /^\$(request\.header|request\.querystring|stageVariables|context)\.(.+)$/.exec(source) ?? [];
  if (place === 'request.header') return headersOf(request)[name.toLowerCase()];
  if (place === 'request.querystring') return new URLSearchParams(request.rawQuery).get(name) ?? undefined;
  if (place === 'context') return name === 'routeKey' ? scope.routeKey : undefined;
  return place === 'stageVariables' ? scope.stageVariables[name] : undefined;
}

function eventOfVersion1({ request, scope, match }: Visit): Members {
  return restEvent(
    { ...request, headers: headersOf(request) },
    {
      apiId: scope.apiId,
      accountId: scope.accountId,
      stage: scope.stage,
      stageVariables: scope.stageVariables,
      resourceId: match.route.id,
      resourcePath: match.pattern,
      pathParameters: scope.pathParameters,
      deploymentId: scope.stage,
      authorizer: scope.authorizer,
      isBinary: !isTextual(request),
      version: '1.0',
    },
  );
}

/** A service instead of a function: its answer is the API's. */
async function askService(visit: Visit, integration: Members): Promise<Outcome> {
  const { cloud } = visit.context;
  const millis = Number(integration['TimeoutInMillis'] ?? longestMillis);
  const answer = await within(
    cloud,
    millis,
    callSubtype(cloud, integration, visit.request, visit.scope, routeArn(visit)),
    'timeout' as const,
  );
  if (answer === 'timeout') return told(503, 'Service Unavailable', 'the integration did not answer in time');
  const { status, headers, body } = answer;
  const response = { status, headers, body: textBody(body) };
  return status < 400 ? { response } : { response, reason: `the integration answered ${status}: ${body.slice(0, 300)}` };
}

async function integrate(visit: Visit): Promise<Outcome> {
  const { api, match, context, request, scope } = visit;
  const id = String(match.route.properties['Target'] ?? '').replace(/^integrations\//, '');
  const integration = api.integrations.get(id);
  if (integration?.['IntegrationSubtype'] !== undefined) return askService(visit, integration);
  if (integration === undefined) return internalError(`the route ${match.routeKey} has no integration`);
  const isVersion2 = integration['PayloadFormatVersion'] === '2.0';
  const uri = String(integration['IntegrationUri']);
  const target = {
    functionArn: functionOfUri(uri) ?? uri,
    credentials: integration['CredentialsArn'] as string | undefined,
    timeoutMillis: Number(integration['TimeoutInMillis'] ?? longestMillis),
  };
  const event = isVersion2 ? httpEvent(request, scope) : eventOfVersion1(visit);
  const invoked = await invokeFunction(context.cloud, target, event, routeArn(visit));
  if (invoked.kind === 'timed-out') return told(503, 'Service Unavailable', 'the function did not answer in time');
  if (invoked.kind === 'rejected') return internalError(`Lambda refused the call: ${invoked.reason}`);
  if (invoked.isError) return internalError(`the function failed: ${decoder.decode(invoked.payload).slice(0, 300)}`);
  const answer = isVersion2 ? answerOfVersion2(invoked.payload) : answerOfVersion1(invoked.payload, true);
  return 'malformed' in answer ? internalError(`malformed answer: ${answer.malformed}`) : { response: answer };
}
