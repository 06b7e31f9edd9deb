import { AwsError } from '../../cloud/types';
import type { Caller, Members } from '../../cloud/types';
import type { LaptopCloud } from '../../kernel/cloud';
import { NoAnswerError } from '../../kernel/faults';
import { serviceModel } from '../../kernel/service-registry';
import { decodeRequest, encodeAnswer, encodeError } from '../../kernel/wire/codec';
import { queueRequest } from './queue-request';
import type { IntegrationAnswer } from './parameter-mapping';

/** Services by the names that integrations use. */
const services: Record<string, string> = {
  dynamodb: 'dynamodb',
  events: 'eventbridge',
  kms: 'kms',
  secretsmanager: 'secrets-manager',
  sns: 'sns',
  sqs: 'sqs',
  ssm: 'ssm',
  states: 'sfn',
};

export interface ServiceTarget {
  service: string;
  /** `action/PutItem`; undefined: the request itself says what is asked. */
  action: string | undefined;
  path: string;
}

/** The service behind an integration's URI; undefined: one that is not supported. */
export function serviceOfUri(uri: string): ServiceTarget | undefined {
  const [, name, kind, rest = ''] = /^arn:[^:]*:apigateway:[^:]*:([^:]+):(action|path)\/(.*)$/s.exec(uri) ?? [];
  const service = name === undefined ? undefined : services[name];
  if (service === undefined) return undefined;
  return {
    service,
    action: kind === 'action' ? rest.split('&')[0] : undefined,
    path: kind === 'path' ? `/${rest.replace(/^\//, '')}` : '/',
  };
}

export interface ServiceRequest {
  target: ServiceTarget;
  credentials: string;
  sourceArn: string;
  headers: Record<string, string>;
  query: Record<string, string>;
  body: string;
}

const principal = 'apigateway.amazonaws.com';

/** What a REST API asks of a service, as it stands in the request that templates made. */
export function callService(cloud: LaptopCloud, request: ServiceRequest): Promise<IntegrationAnswer | 'timeout'> {
  const { target, credentials, sourceArn } = request;
  return askAs(cloud, target.service, credentials, sourceArn, () => readRequest(cloud, request));
}

/** Asks the service as the role; what it answers, or refuses, comes back over HTTP. `timeout`: no answer came. */
export async function askAs(
  cloud: LaptopCloud,
  service: string,
  roleArn: string,
  sourceArn: string,
  read: () => { operation: string; input: Members },
): Promise<IntegrationAnswer | 'timeout'> {
  const caller: Caller = { kind: 'role', roleArn };
  try {
    cloud.assume(roleArn, principal, sourceArn);
    const { operation, input } = read();
    return success(service, operation, await cloud.call(service, operation, input, caller));
  } catch (error) {
    if (error instanceof NoAnswerError) return 'timeout';
    if (!(error instanceof AwsError)) throw error;
    const { status, headers, body } = encodeError(service, error, `integration-${service}`);
    return { status, headers, body: new TextDecoder().decode(body) };
  }
}

function readRequest(cloud: LaptopCloud, { target, headers, query, body }: ServiceRequest): { operation: string; input: Members } {
  const { service, action, path } = target;
  if (service === 'sqs')
    return queueRequest(cloud, path, action, new URLSearchParams({ ...query, ...Object.fromEntries(new URLSearchParams(body)) }));
  const model = serviceModel(service);
  const isQuery = model.protocol === 'awsQuery';
  const given = isQuery ? new URLSearchParams(body) : undefined;
  for (const [name, value] of Object.entries({ ...query, ...(action === undefined ? {} : { Action: action }) })) given?.set(name, value);
  return decodeRequest(service, {
    method: 'POST',
    host: '',
    path,
    query: new URLSearchParams(),
    headers: { ...(action === undefined ? {} : { 'x-amz-target': `${model.target}.${action}` }), ...headers },
    body: new TextEncoder().encode(given?.toString() ?? (body === '' ? '{}' : body)),
  });
}

/** Services of the older protocol answer in JSON here, where they would answer in XML. */
function success(service: string, operation: string, output: Members): IntegrationAnswer {
  const headers = { 'content-type': 'application/json' };
  if (service === 'sqs' || serviceModel(service).protocol === 'awsQuery') {
    const answer = {
      [`${operation}Response`]: { [`${operation}Result`]: output, ResponseMetadata: { RequestId: `integration-${operation}` } },
    };
    return { status: 200, headers, body: JSON.stringify(answer) };
  }
  const { status, body } = encodeAnswer(service, operation, output, `integration-${operation}`);
  return { status, headers, body: new TextDecoder().decode(body) };
}
