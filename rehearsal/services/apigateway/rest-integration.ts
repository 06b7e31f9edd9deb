import type { HttpResponse, Members } from '../../cloud/types';
import { functionOfUri, invokeFunction } from './invoke';
import type { Invoked } from './invoke';
import { answerOfVersion1 } from './proxy-answer';
import { jsonAnswer, headerOf, textBody } from './request';
import { matchesBinary, restEvent } from './rest-event';
import { binaryTypes, refused } from './rest-visit';
import type { Outcome, Visit } from './rest-visit';
import { literalOf, templateFor } from './templates';

const longestMillis = 29_000;
const decoder = new TextDecoder();

interface IntegrationResponse {
  StatusCode: string | number;
  SelectionPattern?: string;
  ResponseParameters?: Record<string, string>;
  ResponseTemplates?: Record<string, string>;
}

/** What stands behind the method: a proxied function, a function with fixed mappings, or a fixed answer. */
export async function integrate(visit: Visit): Promise<Outcome> {
  const integration = (visit.match.route.method.properties['Integration'] ?? {}) as Members;
  switch (integration['Type']) {
    case 'AWS_PROXY':
      return proxy(visit, integration);
    case 'AWS':
      return callFunction(visit, integration);
    case 'MOCK':
      return mock(visit, integration);
    default:
      return refused(visit.api, 'API_CONFIGURATION_ERROR', undefined, 'the method has no integration');
  }
}

/** What the function's policy is asked for: this stage, method and resource. */
function sourceArn({ context, api, stage, request, match }: Visit): string {
  return context.cloud.arn('execute-api', `${api.id}/${stage.name}/${request.method}${match.route.path}`);
}

function invoke(visit: Visit, integration: Members, event: unknown, type: 'RequestResponse' | 'Event'): Promise<Invoked> {
  const functionArn = functionOfUri(String(integration['Uri'])) ?? String(integration['Uri']);
  const credentials = integration['Credentials'] as string | undefined;
  const timeoutMillis = Number(integration['TimeoutInMillis'] ?? longestMillis);
  return invokeFunction(visit.context.cloud, { functionArn, credentials, timeoutMillis }, event, sourceArn(visit), type);
}

async function proxy(visit: Visit, integration: Members): Promise<Outcome> {
  const { api, request, scope } = visit;
  const invoked = await invoke(visit, integration, restEvent(request, scope), 'RequestResponse');
  const trouble = troubleOf(visit, invoked);
  if (trouble !== undefined) return trouble;
  const { payload, isError } = invoked as Extract<Invoked, { kind: 'answered' }>;
  if (isError) return refused(api, 'BAD_GATEWAY', undefined, `the function failed: ${decoder.decode(payload).slice(0, 300)}`);
  const answer = answerOfVersion1(payload, matchesBinary(binaryTypes(api), headerOf(request.headers, 'accept')));
  if ('malformed' in answer) return refused(api, 'BAD_GATEWAY', undefined, `malformed Lambda proxy response: ${answer.malformed}`);
  return { response: answer };
}

function troubleOf({ api }: Visit, invoked: Invoked): Outcome | undefined {
  if (invoked.kind === 'timed-out') return refused(api, 'INTEGRATION_TIMEOUT', undefined, 'the function did not answer in time');
  if (invoked.kind === 'rejected') return refused(api, 'API_CONFIGURATION_ERROR', undefined, `Lambda refused the call: ${invoked.reason}`);
  return undefined;
}

/** The text that the integration gets; undefined: the content type is not served. */
function inputOf({ request }: Visit, integration: Members): string | undefined {
  const templates = integration['RequestTemplates'] as Record<string, string> | undefined;
  const found = templateFor(templates, headerOf(request.headers, 'content-type'));
  if (found !== undefined) return found;
  const hasTemplates = Object.keys(templates ?? {}).length > 0;
  const passes = (integration['PassthroughBehavior'] ?? 'WHEN_NO_MATCH') as string;
  if (passes === 'NEVER' || (passes === 'WHEN_NO_TEMPLATES' && hasTemplates)) return undefined;
  return decoder.decode(request.body);
}

/** A function behind fixed mappings: its input is the body, and each answer the integration response that fits. */
async function callFunction(visit: Visit, integration: Members): Promise<Outcome> {
  const text = inputOf(visit, integration);
  if (text === undefined) return refused(visit.api, 'UNSUPPORTED_MEDIA_TYPE');
  let event: unknown;
  try {
    event = text === '' ? {} : (JSON.parse(text) as unknown);
  } catch {
    return refused(visit.api, 'BAD_REQUEST_BODY', 'Could not parse request body into json');
  }
  const parameters = (integration['RequestParameters'] ?? {}) as Record<string, string>;
  const type = literalOf(parameters[invocationHeader(parameters)] ?? '') === 'Event' ? 'Event' : 'RequestResponse';
  const invoked = await invoke(visit, integration, event, type);
  const trouble = troubleOf(visit, invoked);
  if (trouble !== undefined) return trouble;
  const { payload, isError } = invoked as Extract<Invoked, { kind: 'answered' }>;
  const body = decoder.decode(payload);
  const error = isError ? String((JSON.parse(body) as Members)['errorMessage'] ?? '') : undefined;
  const answer = answerBy(integration, error, body);
  if (answer === undefined) return refused(visit.api, 'API_CONFIGURATION_ERROR', undefined, 'no integration response matches');
  return error === undefined ? { response: answer } : { response: answer, reason: `the function failed: ${error}` };
}

const invocationHeader = (parameters: Record<string, string>): string =>
  Object.keys(parameters).find((name) => /^integration\.request\.header\.x-amz-invocation-type$/i.test(name)) ?? '';

/** A fixed answer: the request's template says its status. */
function mock(visit: Visit, integration: Members): Outcome {
  const failed = (reason: string): Outcome => refused(visit.api, 'API_CONFIGURATION_ERROR', undefined, reason);
  const text = inputOf(visit, integration);
  if (text === undefined) return refused(visit.api, 'UNSUPPORTED_MEDIA_TYPE');
  let status: unknown;
  try {
    status = (JSON.parse(text) as Members | null)?.['statusCode'];
  } catch {
    return failed('the mock integration got no JSON');
  }
  if (status === undefined) return failed('the mock integration was told no statusCode');
  const answer = answerBy(integration, String(status), '');
  return answer === undefined ? failed(`no integration response matches the status ${String(status)}`) : { response: answer };
}

/** The integration response whose pattern fits, else that without one. */
function answerBy(integration: Members, selector: string | undefined, body: string): HttpResponse | undefined {
  const all = (integration['IntegrationResponses'] ?? []) as IntegrationResponse[];
  const patterned = all.filter(({ SelectionPattern: pattern }) => pattern !== undefined && pattern !== '');
  const found =
    (selector === undefined
      ? undefined
      : patterned.find(({ SelectionPattern: pattern }) => new RegExp(`^(?:${pattern!})$`, 's').test(selector))) ??
    all.find(({ SelectionPattern: pattern }) => pattern === undefined || pattern === '');
  if (found === undefined) return undefined;
  const template = Object.entries(found.ResponseTemplates ?? {})[0];
  const headers: Record<string, string> = {};
  for (const [name, mapping] of Object.entries(found.ResponseParameters ?? {})) {
    headers[name.replace(/^method\.response\.header\./, '').toLowerCase()] = literalOf(mapping) ?? '';
  }
  const answer = jsonAnswer(Number(found.StatusCode), '', headers);
  if (template !== undefined) answer.headers['content-type'] = template[0];
  return { ...answer, body: textBody(template === undefined || template[1] === '' ? body : template[1]) };
}
