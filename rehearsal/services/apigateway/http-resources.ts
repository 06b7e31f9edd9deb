import { AwsError } from '../../cloud/types';
import type { Members, ResourceContext, ResourceType } from '../../cloud/types';
import { HttpApi } from './http-model';
import { refuseSubtype } from './http-service';
import { newId } from './ids';
import { functionOfUri } from './invoke';
import { gateway, isTrue, noteApi, partType } from './resource-kit';

function apiOf(properties: Members, context: ResourceContext): HttpApi {
  const found = gateway(context).http.get(String(properties['ApiId']));
  if (found === undefined) throw new AwsError('NotFoundException', `Invalid API identifier specified ${String(properties['ApiId'])}`, 404);
  return found;
}

const apiIfThere = (properties: Members, context: ResourceContext): HttpApi | undefined =>
  gateway(context).http.get(String(properties['ApiId']));

const api = partType({
  type: 'AWS::ApiGatewayV2::Api',
  properties: [
    'CorsConfiguration',
    'Description',
    'DisableExecuteApiEndpoint',
    'DisableSchemaValidation',
    'IpAddressType',
    'Name',
    'ProtocolType',
    'RouteSelectionExpression',
    'Tags',
    'Version',
  ],
  refuse: (properties) => [
    ...(properties['ProtocolType'] === 'WEBSOCKET' ? ['a WebSocket API'] : []),
    ...(isTrue(properties['DisableExecuteApiEndpoint']) ? ['an HTTP API without its execute-api endpoint'] : []),
  ],
  replacing: ['ProtocolType'],
  put(properties, context, created) {
    const { http } = gateway(context);
    const id = created?.ref ?? newId(context);
    const standing = http.get(id) ?? new HttpApi(id, properties);
    standing.properties = properties;
    http.set(id, standing);
    noteApi(id, context);
    return { ref: id, attributes: { ApiId: id, ApiEndpoint: gateway(context).endpointOf(id) } };
  },
  remove: (created, _properties, context) => void gateway(context).http.delete(created.ref),
});

const integration = partType({
  type: 'AWS::ApiGatewayV2::Integration',
  properties: [
    'ApiId',
    'ConnectionType',
    'CredentialsArn',
    'Description',
    'IntegrationMethod',
    'IntegrationSubtype',
    'IntegrationType',
    'IntegrationUri',
    'PayloadFormatVersion',
    'RequestParameters',
    'TimeoutInMillis',
  ],
  refuse(properties) {
    const [type, uri] = [String(properties['IntegrationType']), String(properties['IntegrationUri'] ?? '')];
    const subtype = properties['IntegrationSubtype'] as string | undefined;
    if (subtype !== undefined) return refuseSubtype(subtype, properties);
    if (properties['RequestParameters'] !== undefined) return ['mapped parameters of an HTTP API’s integration with a function'];
    if (type !== 'AWS_PROXY') return [`an integration of the type ${type} with ${uri}: nothing leaves the laptop`];
    if (uri.includes('${stageVariables')) return ['stage variables in the URI of an integration'];
    return functionOfUri(uri) !== undefined || uri.split(':')[2] === 'lambda' ? [] : [`an integration with ${uri}`];
  },
  replacing: ['ApiId'],
  put(properties, context, created) {
    const id = created?.ref ?? newId(context, 7);
    apiOf(properties, context).integrations.set(id, properties);
    return { ref: id, attributes: { IntegrationId: id } };
  },
  remove: (created, properties, context) => void apiIfThere(properties, context)?.integrations.delete(created.ref),
});

const route = partType({
  type: 'AWS::ApiGatewayV2::Route',
  properties: [
    'ApiId',
    'ApiKeyRequired',
    'AuthorizationScopes',
    'AuthorizationType',
    'AuthorizerId',
    'OperationName',
    'RouteKey',
    'Target',
  ],
  refuse: (properties) => {
    const authorization = (properties['AuthorizationType'] ?? 'NONE') as string;
    return ['NONE', 'AWS_IAM', 'CUSTOM'].includes(authorization) ? [] : [`the authorisation ${authorization} of a route`];
  },
  replacing: ['ApiId'],
  put(properties, context, created) {
    const id = created?.ref ?? newId(context, 7);
    const { routes } = apiOf(properties, context);
    const key = String(properties['RouteKey']);
    if ([...routes.values()].some((other) => other.id !== id && other.properties['RouteKey'] === key))
      throw new AwsError('ConflictException', `Route with key ${key} already exists for this API`, 409);
    routes.set(id, { id, properties });
    return { ref: id, attributes: { RouteId: id } };
  },
  remove: (created, properties, context) => void apiIfThere(properties, context)?.routes.delete(created.ref),
});

const stage = partType({
  type: 'AWS::ApiGatewayV2::Stage',
  properties: [
    'AccessLogSettings',
    'ApiId',
    'AutoDeploy',
    'DefaultRouteSettings',
    'DeploymentId',
    'Description',
    'RouteSettings',
    'StageName',
    'StageVariables',
    'Tags',
  ],
  // Without it a stage serves the routes of a deployment, which templates rarely make.
  refuse: (properties) => (isTrue(properties['AutoDeploy']) ? [] : ['a stage of an HTTP API without AutoDeploy']),
  replacing: ['ApiId', 'StageName'],
  put(properties, context) {
    const name = String(properties['StageName']);
    apiOf(properties, context).stages.set(name, { name, properties });
    return { ref: name, attributes: {} };
  },
  remove: (created, properties, context) => void apiIfThere(properties, context)?.stages.delete(created.ref),
});

const authorizer = partType({
  type: 'AWS::ApiGatewayV2::Authorizer',
  properties: [
    'ApiId',
    'AuthorizerCredentialsArn',
    'AuthorizerPayloadFormatVersion',
    'AuthorizerResultTtlInSeconds',
    'AuthorizerType',
    'AuthorizerUri',
    'EnableSimpleResponses',
    'IdentitySource',
    'Name',
  ],
  refuse: (properties) =>
    properties['AuthorizerType'] === 'REQUEST' ? [] : [`an authorizer of the type ${String(properties['AuthorizerType'])}`],
  replacing: ['ApiId'],
  put(properties, context, created) {
    const id = created?.ref ?? newId(context, 6);
    apiOf(properties, context).authorizers.set(id, properties);
    return { ref: id, attributes: { AuthorizerId: id } };
  },
  remove: (created, properties, context) => void apiIfThere(properties, context)?.authorizers.delete(created.ref),
});

export const httpResources: ResourceType[] = [api, authorizer, integration, route, stage];
