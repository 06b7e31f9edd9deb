import type { Members } from '../../cloud/types';
import { answerBy } from './integration-response';
import { functionOfUri, invokeFunction, within } from './invoke';
import type { Invoked } from './invoke';
import { mapped } from './parameter-mapping';
import type { IntegrationAnswer } from './parameter-mapping';
import { answerOfVersion1 } from './proxy-answer';
import { headerOf } from './request';
import { matchesBinary, requestContext, restEvent } from './rest-event';
import { binaryTypes, refused } from './rest-visit';
import type { Outcome, Visit } from './rest-visit';
import { callService, serviceOfUri } from './service-integration';
import type { ServiceTarget } from './service-integration';
import { literalOf, templateFor } from './templates';
import { renderTemplate, TemplateError } from './velocity';
import type { TemplateScope } from './velocity';

const longestMillis = 29_000;
const decoder = new TextDecoder();

/** What stands behind the method: a function, another service, or a fixed answer. */
export async function integrate(visit: Visit): Promise<Outcome> {
  try {
    return await integrateAsAsked(visit);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return misconfigured(visit, `a mapping template failed: ${error.message}`);
  }
}

async function integrateAsAsked(visit: Visit): Promise<Outcome> {
  const integration = (visit.match.route.method.properties['Integration'] ?? {}) as Members;
  switch (integration['Type']) {
    case 'AWS_PROXY':
      return proxy(visit, integration);
    case 'AWS':
      return mappedIntegration(visit, integration);
    case 'MOCK':
      return mock(visit, integration);
    default:
      return misconfigured(visit, 'the method has no integration');
  }
}

const misconfigured = ({ api }: Visit, reason: string): Outcome => refused(api, 'API_CONFIGURATION_ERROR', undefined, reason);

/** What the function's policy is asked for: this stage, method and resource. */
function sourceArn({ context, api, stage, request, match }: Visit): string {
  return context.cloud.arn('execute-api', `${api.id}/${stage.name}/${request.method}${match.route.path}`);
}

const timeoutOf = (integration: Members): number => Number(integration['TimeoutInMillis'] ?? longestMillis);

function invoke(visit: Visit, integration: Members, event: unknown, type: 'RequestResponse' | 'Event'): Promise<Invoked> {
  const functionArn = functionOfUri(String(integration['Uri'])) ?? String(integration['Uri']);
  const credentials = integration['Credentials'] as string | undefined;
  const target = { functionArn, credentials, timeoutMillis: timeoutOf(integration) };
  return invokeFunction(visit.context.cloud, target, event, sourceArn(visit), type);
}

async function proxy(visit: Visit, integration: Members): Promise<Outcome> {
  const { api, request, scope } = visit;
  const invoked = await invoke(visit, integration, restEvent(request, scope), 'RequestResponse');
  if (invoked.kind !== 'answered') return unanswered(visit, invoked);
  const { payload, isError } = invoked;
  if (isError) return refused(api, 'BAD_GATEWAY', undefined, `the function failed: ${decoder.decode(payload).slice(0, 300)}`);
  const answer = answerOfVersion1(payload, matchesBinary(binaryTypes(api), headerOf(request.headers, 'accept')));
  if ('malformed' in answer) return refused(api, 'BAD_GATEWAY', undefined, `malformed Lambda proxy response: ${answer.malformed}`);
  return { response: answer };
}

function unanswered(visit: Visit, invoked: Exclude<Invoked, { kind: 'answered' }>): Outcome {
  if (invoked.kind === 'timed-out') return late(visit);
  return misconfigured(visit, `Lambda refused the call: ${invoked.reason}`);
}

const late = ({ api }: Visit): Outcome => refused(api, 'INTEGRATION_TIMEOUT', undefined, 'the integration did not answer in time');

/** What templates and mapped parameters speak of. */
function templateScope({ request, scope }: Visit): TemplateScope {
  const query = new URLSearchParams(request.rawQuery);
  return {
    body: decoder.decode(request.body),
    parameters: { path: { ...scope.pathParameters }, querystring: Object.fromEntries(query), header: { ...request.headers } },
    context: { ...requestContext(request, scope), responseOverride: { header: {} } },
    stageVariables: scope.stageVariables,
  };
}

/** The text that the integration gets; undefined: the content type is not served. */
function inputOf({ request }: Visit, integration: Members, scope: TemplateScope): string | undefined {
  const templates = integration['RequestTemplates'] as Record<string, string> | undefined;
  const found = templateFor(templates, headerOf(request.headers, 'content-type'));
  // Without a body templates get an empty object.
  if (found !== undefined) return renderTemplate(found, { ...scope, body: scope.body === '' ? '{}' : scope.body });
  const hasTemplates = Object.keys(templates ?? {}).length > 0;
  const passes = (integration['PassthroughBehavior'] ?? 'WHEN_NO_MATCH') as string;
  if (passes === 'NEVER' || (passes === 'WHEN_NO_TEMPLATES' && hasTemplates)) return undefined;
  return scope.body;
}

async function mappedIntegration(visit: Visit, integration: Members): Promise<Outcome> {
  const scope = templateScope(visit);
  const text = inputOf(visit, integration, scope);
  if (text === undefined) return refused(visit.api, 'UNSUPPORTED_MEDIA_TYPE');
  const service = serviceOfUri(String(integration['Uri']));
  return service === undefined ? callFunction(visit, integration, scope, text) : askService(visit, integration, scope, text, service);
}

/** A function behind mappings: each answer becomes the integration response that fits. */
async function callFunction(visit: Visit, integration: Members, scope: TemplateScope, text: string): Promise<Outcome> {
  let event: unknown;
  try {
    event = text === '' ? {} : (JSON.parse(text) as unknown);
  } catch {
    return refused(visit.api, 'BAD_REQUEST_BODY', 'Could not parse request body into json');
  }
  const parameters = (integration['RequestParameters'] ?? {}) as Record<string, string>;
  const type = literalOf(parameters[invocationHeader(parameters)] ?? '') === 'Event' ? 'Event' : 'RequestResponse';
  const invoked = await invoke(visit, integration, event, type);
  if (invoked.kind !== 'answered') return unanswered(visit, invoked);
  const body = decoder.decode(invoked.payload);
  const error = invoked.isError ? String((JSON.parse(body) as Members)['errorMessage'] ?? '') : undefined;
  const told = error === undefined ? {} : { reason: `the function failed: ${error}` };
  return answerWith(visit, integration, scope, error, { status: 200, headers: {}, body }, told);
}

const invocationHeader = (parameters: Record<string, string>): string =>
  Object.keys(parameters).find((name) => /^integration\.request\.header\.x-amz-invocation-type$/i.test(name)) ?? '';

/** Another service, asked as the integration's role. Which response fits is told by its HTTP status. */
async function askService(visit: Visit, integration: Members, scope: TemplateScope, body: string, target: ServiceTarget): Promise<Outcome> {
  const credentials = integration['Credentials'] as string | undefined;
  if (credentials === undefined) return misconfigured(visit, `the integration with ${target.service} has no role`);
  const { cloud } = visit.context;
  const { header: headers, querystring: query } = sentParameters(integration, scope);
  const request = { target, credentials, sourceArn: sourceArn(visit), headers, query, body };
  const answer = await within(cloud, timeoutOf(integration), callService(cloud, request), 'timeout' as const);
  if (answer === 'timeout') return late(visit);
  const told = answer.status < 400 ? {} : { reason: `${target.service} answered ${answer.status}: ${answer.body.slice(0, 300)}` };
  return answerWith(visit, integration, scope, String(answer.status), answer, told);
}

function sentParameters(integration: Members, scope: TemplateScope): Record<'header' | 'querystring', Record<string, string>> {
  const sent = { header: {} as Record<string, string>, querystring: {} as Record<string, string> };
  for (const [name, mapping] of Object.entries((integration['RequestParameters'] ?? {}) as Record<string, string>)) {
    const [, place, key = ''] = /^integration\.request\.(header|querystring)\.(.+)$/s.exec(name) ?? [];
    const value = mapped(mapping, scope);
    if (value === undefined || place === undefined) continue;
    if (place === 'header') sent.header[key.toLowerCase()] = value;
    else sent.querystring[key] = value;
  }
  return sent;
}

/** A fixed answer: the request's template says its status. */
function mock(visit: Visit, integration: Members): Outcome {
  const scope = templateScope(visit);
  const text = inputOf(visit, integration, scope);
  if (text === undefined) return refused(visit.api, 'UNSUPPORTED_MEDIA_TYPE');
  let status: unknown;
  try {
    status = (JSON.parse(text) as Members | null)?.['statusCode'];
  } catch {
    return misconfigured(visit, 'the mock integration got no JSON');
  }
  if (status === undefined) return misconfigured(visit, 'the mock integration was told no statusCode');
  return answerWith(visit, integration, scope, String(status), { status: Number(status), headers: {}, body: '' });
}

function answerWith(
  visit: Visit,
  integration: Members,
  scope: TemplateScope,
  selector: string | undefined,
  answer: IntegrationAnswer,
  told: { reason?: string } = {},
): Outcome {
  const response = answerBy(integration, selector, answer, scope, headerOf(visit.request.headers, 'accept'));
  if (response !== undefined) return { response, ...told };
  return misconfigured(visit, told.reason ?? `no integration response matches ${selector ?? 'the answer'}`);
}
