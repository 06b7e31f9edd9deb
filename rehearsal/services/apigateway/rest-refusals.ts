import type { Members } from '../../cloud/types';
import { functionOfUri } from './invoke';
import { refuseMappings } from './parameter-mapping';
import { serviceOfUri } from './service-integration';
import { literalOf, refuseTemplates } from './templates';

/** What of a method is not supported: authorisation, integration and mappings. */
export function refuseMethod(properties: Members): string[] {
  const authorization = (properties['AuthorizationType'] ?? 'NONE') as string;
  return [
    ...(['NONE', 'AWS_IAM', 'CUSTOM'].includes(authorization) ? [] : [`the authorisation ${authorization} of a REST method`]),
    ...refuseIntegration((properties['Integration'] ?? {}) as Members),
  ];
}

function refuseIntegration(integration: Members): string[] {
  const type = integration['Type'] as string | undefined;
  if (type === undefined) return [];
  const uri = String(integration['Uri'] ?? '');
  const problems = [
    ...refuseTemplates(integration['RequestTemplates'], 'request of an integration'),
    ...((integration['IntegrationResponses'] ?? []) as Members[]).flatMap(refuseIntegrationResponse),
    ...(isOn(integration['CacheKeyParameters']) ? ['cache keys of an integration'] : []),
    ...(integration['ContentHandling'] === undefined ? [] : ['ContentHandling of an integration']),
    ...(uri.includes('${stageVariables') ? ['stage variables in the URI of an integration'] : []),
  ];
  if (type === 'MOCK') return problems;
  if (type === 'HTTP' || type === 'HTTP_PROXY')
    return [...problems, `an integration with the host of ${uri} (${type}): nothing leaves the laptop`];
  if (/\/response-streaming-invocations$/.test(uri) || integration['ResponseTransferMode'] === 'STREAM')
    return [...problems, 'a REST API that streams a function’s answer'];
  if (String(integration['Credentials'] ?? '').includes('user/*')) return [...problems, 'an integration that acts as its caller'];
  // Before a deployment the ARN of the function is a placeholder, of which the path around it stays.
  if (functionOfUri(uri) !== undefined) return type === 'AWS' ? [...problems, ...refuseRequestParameters(integration)] : problems;
  if (type !== 'AWS' || serviceOfUri(uri) === undefined) return [...problems, `an integration with ${serviceOf(uri)}`];
  return [...problems, ...refuseMappings(integration['RequestParameters'], 'request of an integration')];
}

const isOn = (list: unknown): boolean => ((list ?? []) as unknown[]).length > 0;

function refuseIntegrationResponse(response: Members): string[] {
  return [
    ...refusePattern(response['SelectionPattern'], 'answer of an integration'),
    ...refuseTemplates(response['ResponseTemplates'], 'answer of an integration'),
    ...refuseMappings(response['ResponseParameters'], 'answer of an integration'),
    ...(response['ContentHandling'] === undefined ? [] : ['ContentHandling of an integration']),
  ];
}

/** Patterns are Java's: one that JavaScript cannot read is not judged by chance. */
function refusePattern(pattern: unknown, where: string): string[] {
  if (typeof pattern !== 'string') return [];
  try {
    new RegExp(pattern);
    return [];
  } catch {
    return [`the pattern ${pattern} (${where})`];
  }
}

/** Of what a function is sent with the call, only how it is invoked has an effect. */
function refuseRequestParameters(integration: Members): string[] {
  return Object.entries((integration['RequestParameters'] ?? {}) as Record<string, string>)
    .filter(([name, mapping]) => !/x-amz-invocation-type$/i.test(name) || literalOf(mapping) === undefined)
    .map(([name, mapping]) => `a mapped parameter (request of an integration: ${name} from ${mapping})`);
}

/** `AWS service dynamodb, action/PutItem`. */
function serviceOf(uri: string): string {
  const [, service, path] = /^arn:[^:]*:apigateway:[^:]*:([^:]+):(.*)$/s.exec(uri) ?? [];
  return service === undefined ? `the URI ${uri}` : `the AWS service ${service} (${path ?? ''})`;
}

export function refuseAuthorizer(properties: Members): string[] {
  const type = String(properties['Type']);
  return [
    ...refusePattern(properties['IdentityValidationExpression'], 'authorizer'),
    ...(['TOKEN', 'REQUEST'].includes(type) ? [] : [`an authorizer of the type ${type}`]),
    ...(String(properties['AuthorizerUri'] ?? '').includes('${stageVariables') ? ['stage variables in the URI of an authorizer'] : []),
    ...(/(^|,)\s*context\./.test(String(properties['IdentitySource'] ?? '')) ? ['an identity source from the context'] : []),
  ];
}
