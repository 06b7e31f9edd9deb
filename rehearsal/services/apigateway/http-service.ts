import { AwsError } from '../../cloud/types';
import type { Members } from '../../cloud/types';
import type { LaptopCloud } from '../../kernel/cloud';
import { httpContext } from './http-event';
import type { HttpScope } from './http-event';
import type { IntegrationAnswer } from './parameter-mapping';
import { headerOf } from './request';
import type { GatewayRequest } from './request';
import { askAs } from './service-integration';
import { TemplateInput } from './velocity-input';

interface Subtype {
  service: string;
  operation: string;
  required: readonly string[];
  optional: readonly string[];
  input(given: Record<string, string>): Members;
}

/** Parameters are named as in the API's own reference, with a capital letter at the beginning. */
const lowered = (given: Record<string, string>): Members =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value]));

const numbers = new Set(['DelaySeconds', 'MaxNumberOfMessages', 'VisibilityTimeout', 'WaitTimeSeconds']);
const structures = new Set(['AttributeNames', 'MessageAttributeNames', 'MessageAttributes', 'Resources']);

function typed(given: Record<string, string>): Members {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      numbers.has(name) ? Number(value) : structures.has(name) ? (JSON.parse(value) as unknown) : value,
    ]),
  );
}

const onQueue = (operation: string, required: readonly string[], optional: readonly string[] = []): Subtype => ({
  service: 'sqs',
  operation,
  required: ['QueueUrl', ...required],
  optional,
  input: typed,
});

const subtypes: Record<string, Subtype> = {
  'EventBridge-PutEvents': {
    service: 'eventbridge',
    operation: 'PutEvents',
    required: ['Detail', 'DetailType', 'Source'],
    optional: ['EventBusName', 'Resources'],
    input: (given) => ({ Entries: [typed(given)] }),
  },
  'SQS-SendMessage': onQueue(
    'SendMessage',
    ['MessageBody'],
    ['DelaySeconds', 'MessageAttributes', 'MessageDeduplicationId', 'MessageGroupId'],
  ),
  'SQS-ReceiveMessage': onQueue(
    'ReceiveMessage',
    [],
    ['AttributeNames', 'MaxNumberOfMessages', 'MessageAttributeNames', 'VisibilityTimeout', 'WaitTimeSeconds'],
  ),
  'SQS-DeleteMessage': onQueue('DeleteMessage', ['ReceiptHandle']),
  'SQS-PurgeQueue': onQueue('PurgeQueue', []),
  'StepFunctions-StartExecution': {
    service: 'sfn',
    operation: 'StartExecution',
    required: ['StateMachineArn'],
    optional: ['Input', 'Name'],
    input: lowered,
  },
  'StepFunctions-StartSyncExecution': {
    service: 'sfn',
    operation: 'StartSyncExecution',
    required: ['StateMachineArn'],
    optional: ['Input', 'Name'],
    input: lowered,
  },
  'StepFunctions-StopExecution': {
    service: 'sfn',
    operation: 'StopExecution',
    required: ['ExecutionArn'],
    optional: ['Cause', 'Error'],
    input: lowered,
  },
};

/** What of an integration with a service is not supported. */
export function refuseSubtype(name: string, { RequestParameters: given, CredentialsArn: role }: Members): string[] {
  const subtype = subtypes[name];
  if (subtype === undefined) return [`the integration ${name} of an HTTP API`];
  const known = [...subtype.required, ...subtype.optional];
  return [
    ...Object.keys((given ?? {}) as object)
      .filter((parameter) => !known.includes(parameter))
      .map((parameter) => `the parameter ${parameter} of the integration ${name}`),
    ...(role === undefined ? [`the integration ${name} without CredentialsArn`] : []),
  ];
}

/** Asks the service what the integration's parameters say, as its role. */
export function callSubtype(
  cloud: LaptopCloud,
  integration: Members,
  request: GatewayRequest,
  scope: HttpScope,
  sourceArn: string,
): Promise<IntegrationAnswer | 'timeout'> {
  const { service, operation, required, input } = subtypes[String(integration['IntegrationSubtype'])]!;
  return askAs(cloud, service, String(integration['CredentialsArn']), sourceArn, () => {
    const given = resolved((integration['RequestParameters'] ?? {}) as Record<string, string>, request, scope);
    const missing = required.filter((name) => given[name] === undefined);
    if (missing.length > 0) throw new AwsError('BadRequestException', `Missing required parameters: ${missing.join(', ')}`);
    return { operation, input: input(given) };
  });
}

function resolved(parameters: Record<string, string>, request: GatewayRequest, scope: HttpScope): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, expression] of Object.entries(parameters)) {
    const value =
      expression.startsWith('$') && !expression.startsWith('${')
        ? valueOf(expression.slice(1), request, scope)
        : filled(expression, request, scope);
    if (value !== undefined) found[name] = value;
  }
  return found;
}

const filled = (text: string, request: GatewayRequest, scope: HttpScope): string =>
  text.replace(/\$\{([^}]+)\}/g, (_all, inner: string) => valueOf(inner, request, scope) ?? '');

function valueOf(expression: string, request: GatewayRequest, scope: HttpScope): string | undefined {
  const [, place = '', name = ''] =
    /^(request\.(?:header|querystring|path|body)|context|stageVariables)(?:\.(.+))?$/s.exec(expression) ?? [];
  const body = new TextDecoder().decode(request.body);
  switch (place) {
    case 'request.header':
      return headerOf(request.headers, name);
    case 'request.querystring':
      return new URLSearchParams(request.rawQuery).get(name) ?? undefined;
    case 'request.path':
      return name === '' ? request.fullPath : scope.pathParameters[name];
    case 'request.body':
      return name === ''
        ? body === ''
          ? undefined
          : body
        : textOf(new TemplateInput(body, { path: {}, querystring: {}, header: {} }).at(`$.${name}`));
    case 'stageVariables':
      return scope.stageVariables[name];
    case 'context':
      return textOf(
        name.split('.').reduce<unknown>((value, key) => (value as Members | undefined)?.[key] as unknown, httpContext(request, scope)),
      );
    default:
      return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
