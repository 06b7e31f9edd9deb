import { AwsError } from '../../cloud/types';
import type { Members, ResourceContext, ResourceType } from '../../cloud/types';
import { newId } from './ids';
import { planStages } from './api-keys';
import { refuseAuthorizer, refuseMethod } from './rest-refusals';
import { RestApi } from './rest-model';
import { gateway, isTrue, noteApi, partType } from './resource-kit';
import { refuseModel } from './rest-validation';
import { refuseParameters, refuseTemplates } from './templates';

const notFound = (what: string): AwsError => new AwsError('NotFoundException', `Invalid ${what} identifier specified`, 404);

function apiOf(properties: Members, context: ResourceContext): RestApi {
  const found = gateway(context).rest.get(String(properties['RestApiId']));
  if (found === undefined) throw notFound('REST API');
  return found;
}

/** The API may have gone before what belongs to it. */
const apiIfThere = (properties: Members, context: ResourceContext): RestApi | undefined =>
  gateway(context).rest.get(String(properties['RestApiId']));

const restApi = partType({
  type: 'AWS::ApiGateway::RestApi',
  properties: [
    'ApiKeySourceType',
    'BinaryMediaTypes',
    'Description',
    'DisableExecuteApiEndpoint',
    'EndpointConfiguration',
    'FailOnWarnings',
    'MinimumCompressionSize',
    'Name',
    'Tags',
  ],
  refuse: (properties) => [
    ...(isTrue(properties['DisableExecuteApiEndpoint']) ? ['a REST API without its execute-api endpoint'] : []),
    ...((properties['EndpointConfiguration']?.['Types'] ?? []) as string[])
      .filter((type) => type === 'PRIVATE')
      .map(() => 'a private REST API'),
  ],
  put(properties, context, created) {
    const { rest } = gateway(context);
    const id = created?.ref ?? newId(context);
    const standing = rest.get(id);
    const api = standing ?? new RestApi(id, newId(context, 10, 'root'), properties);
    api.properties = properties;
    rest.set(id, api);
    noteApi(id, context);
    return { ref: id, attributes: { RestApiId: id, RootResourceId: api.rootId } };
  },
  remove: (created, _properties, context) => void gateway(context).rest.delete(created.ref),
});

const resource = partType({
  type: 'AWS::ApiGateway::Resource',
  properties: ['ParentId', 'PathPart', 'RestApiId'],
  replacing: ['ParentId', 'RestApiId', 'PathPart'],
  put(properties, context) {
    const api = apiOf(properties, context);
    const [parentId, pathPart] = [String(properties['ParentId']), String(properties['PathPart'])];
    if (!api.resources.has(parentId)) throw notFound('Resource');
    if ([...api.resources.values()].some((other) => other.parentId === parentId && other.pathPart === pathPart))
      throw new AwsError('ConflictException', 'Another resource with the same parent already has this name: ' + pathPart, 409);
    const id = newId(context, 6);
    api.resources.set(id, { id, parentId, pathPart });
    return { ref: id, attributes: { ResourceId: id } };
  },
  remove: (created, properties, context) => void apiIfThere(properties, context)?.resources.delete(created.ref),
});

const methodKey = (properties: Members): string => `${String(properties['ResourceId'])} ${String(properties['HttpMethod'])}`;

const method = partType({
  type: 'AWS::ApiGateway::Method',
  properties: [
    'ApiKeyRequired',
    'AuthorizationScopes',
    'AuthorizationType',
    'AuthorizerId',
    'HttpMethod',
    'Integration',
    'MethodResponses',
    'OperationName',
    'RequestModels',
    'RequestParameters',
    'RequestValidatorId',
    'ResourceId',
    'RestApiId',
  ],
  refuse: refuseMethod,
  replacing: ['ResourceId', 'RestApiId', 'HttpMethod'],
  put(properties, context) {
    const api = apiOf(properties, context);
    const owner = api.resources.get(String(properties['ResourceId']));
    if (owner === undefined) throw notFound('Resource');
    api.methods.set(methodKey(properties), { httpMethod: String(properties['HttpMethod']), resource: owner, properties });
    return { ref: `${api.id}|${owner.id}|${String(properties['HttpMethod'])}`, attributes: {} };
  },
  remove: (_created, properties, context) => void apiIfThere(properties, context)?.methods.delete(methodKey(properties)),
});

const deployment = partType({
  type: 'AWS::ApiGateway::Deployment',
  properties: ['Description', 'RestApiId', 'StageName', 'StageDescription'],
  refuse: (properties) =>
    Object.keys((properties['StageDescription'] ?? {}) as Members)
      .filter((name) => isTrue(properties['StageDescription']?.[name]) && /^(CacheClusterEnabled|CachingEnabled)$/.test(name))
      .map(() => 'the cache of a stage'),
  put(properties, context, created) {
    const api = apiOf(properties, context);
    if (api.methods.size === 0) throw new AwsError('BadRequestException', "The REST API doesn't contain any methods");
    const id = created?.ref ?? newId(context, 6);
    // A deployment stays as it was made: what changes later needs another one.
    if (created === undefined) api.deployments.set(id, api.snapshot(id));
    const stageName = properties['StageName'] as string | undefined;
    if (stageName !== undefined) {
      const variables = (properties['StageDescription']?.['Variables'] ?? {}) as Record<string, string>;
      api.stages.set(stageName, { name: stageName, deploymentId: id, variables });
    }
    return { ref: id, attributes: { DeploymentId: id } };
  },
  remove(created, properties, context) {
    const api = apiIfThere(properties, context);
    if (properties['StageName'] !== undefined) api?.stages.delete(String(properties['StageName']));
    api?.deployments.delete(created.ref);
  },
});

const stage = partType({
  type: 'AWS::ApiGateway::Stage',
  properties: [
    'AccessLogSetting',
    'CacheClusterEnabled',
    'ClientCertificateId',
    'DeploymentId',
    'Description',
    'DocumentationVersion',
    'MethodSettings',
    'RestApiId',
    'StageName',
    'Tags',
    'TracingEnabled',
    'Variables',
  ],
  refuse: (properties) => [
    ...(isTrue(properties['CacheClusterEnabled']) ? ['the cache of a stage'] : []),
    ...((properties['MethodSettings'] ?? []) as Members[]).filter((one) => isTrue(one['CachingEnabled'])).map(() => 'the cache of a stage'),
  ],
  replacing: ['RestApiId', 'StageName'],
  put(properties, context) {
    const api = apiOf(properties, context);
    const name = String(properties['StageName'] ?? 'default');
    const deploymentId = String(properties['DeploymentId']);
    if (!api.deployments.has(deploymentId)) throw notFound('Deployment');
    api.stages.set(name, { name, deploymentId, variables: (properties['Variables'] ?? {}) as Record<string, string> });
    return { ref: name, attributes: {} };
  },
  remove: (created, properties, context) => void apiIfThere(properties, context)?.stages.delete(created.ref),
});

const authorizer = partType({
  type: 'AWS::ApiGateway::Authorizer',
  properties: [
    'AuthType',
    'AuthorizerCredentials',
    'AuthorizerResultTtlInSeconds',
    'AuthorizerUri',
    'IdentitySource',
    'IdentityValidationExpression',
    'Name',
    'RestApiId',
    'Type',
  ],
  refuse: refuseAuthorizer,
  replacing: ['RestApiId'],
  put(properties, context, created) {
    const id = created?.ref ?? newId(context, 6);
    apiOf(properties, context).authorizers.set(id, properties);
    return { ref: id, attributes: { AuthorizerId: id } };
  },
  remove: (created, properties, context) => void apiIfThere(properties, context)?.authorizers.delete(created.ref),
});

const model = partType({
  type: 'AWS::ApiGateway::Model',
  properties: ['ContentType', 'Description', 'Name', 'RestApiId', 'Schema'],
  refuse: (properties) => refuseModel(schemaOf(properties)).map((what) => `${what} in a model`),
  replacing: ['RestApiId', 'Name', 'ContentType'],
  put(properties, context) {
    const name = (properties['Name'] as string | undefined) ?? context.physicalName(60).replace(/[^A-Za-z0-9]/g, '');
    apiOf(properties, context).models.set(name, schemaOf(properties));
    return { ref: name, attributes: {} };
  },
  remove: (created, properties, context) => void apiIfThere(properties, context)?.models.delete(created.ref),
});

const schemaOf = (properties: Members): unknown =>
  typeof properties['Schema'] === 'string' ? (JSON.parse(properties['Schema']) as unknown) : (properties['Schema'] as unknown);

const requestValidator = partType({
  type: 'AWS::ApiGateway::RequestValidator',
  properties: ['Name', 'RestApiId', 'ValidateRequestBody', 'ValidateRequestParameters'],
  replacing: ['RestApiId', 'Name'],
  put(properties, context, created) {
    const id = created?.ref ?? newId(context, 6);
    apiOf(properties, context).validators.set(id, properties);
    return { ref: id, attributes: { RequestValidatorId: id } };
  },
  remove: (created, properties, context) => void apiIfThere(properties, context)?.validators.delete(created.ref),
});

const gatewayResponseType = partType({
  type: 'AWS::ApiGateway::GatewayResponse',
  properties: ['ResponseParameters', 'ResponseTemplates', 'ResponseType', 'RestApiId', 'StatusCode'],
  refuse: (properties) => [
    ...refuseParameters(properties['ResponseParameters'], 'gateway response'),
    ...refuseTemplates(properties['ResponseTemplates'], 'gateway response'),
    ...Object.values((properties['ResponseTemplates'] ?? {}) as Record<string, string>)
      .flatMap((template) => template.match(/\$!?\{?(?!context\.error\.)[A-Za-z.]+/g) ?? [])
      .map((reference) => `${reference} in a gateway response (only $context.error is there)`),
  ],
  replacing: ['RestApiId', 'ResponseType'],
  put(properties, context, created) {
    apiOf(properties, context).gatewayResponses.set(String(properties['ResponseType']), properties);
    const id = created?.ref ?? newId(context, 6);
    return { ref: id, attributes: { Id: id } };
  },
  remove: (_created, properties, context) =>
    void apiIfThere(properties, context)?.gatewayResponses.delete(String(properties['ResponseType'])),
});

/** The role with which API Gateway writes logs: without effect on requests. */
const account = partType({
  type: 'AWS::ApiGateway::Account',
  properties: ['CloudWatchRoleArn'],
  put: (_properties, context, created) => created ?? { ref: newId(context), attributes: { Id: newId(context) } },
  remove: () => undefined,
});

const apiKey = partType({
  type: 'AWS::ApiGateway::ApiKey',
  properties: ['CustomerId', 'Description', 'Enabled', 'GenerateDistinctId', 'Name', 'StageKeys', 'Tags', 'Value'],
  refuse: (properties) => (((properties['StageKeys'] ?? []) as unknown[]).length > 0 ? ['StageKeys of an API key (use a usage plan)'] : []),
  replacing: ['Name', 'Value', 'GenerateDistinctId'],
  put(properties, context, created) {
    const id = created?.ref ?? newId(context);
    const value = (properties['Value'] as string | undefined) ?? newId(context, 40, 'value');
    gateway(context).keys.keys.set(id, { id, value, enabled: isTrue(properties['Enabled']) });
    return { ref: id, attributes: { APIKeyId: id } };
  },
  remove: (created, _properties, context) => void gateway(context).keys.keys.delete(created.ref),
});

const usagePlan = partType({
  type: 'AWS::ApiGateway::UsagePlan',
  properties: ['ApiStages', 'Description', 'Quota', 'Tags', 'Throttle', 'UsagePlanName'],
  put(properties, context, created) {
    const { plans } = gateway(context).keys;
    const id = created?.ref ?? newId(context, 6);
    plans.set(id, { id, stages: planStages(properties), keyIds: plans.get(id)?.keyIds ?? new Set() });
    return { ref: id, attributes: { Id: id } };
  },
  remove: (created, _properties, context) => void gateway(context).keys.plans.delete(created.ref),
});

const usagePlanKey = partType({
  type: 'AWS::ApiGateway::UsagePlanKey',
  properties: ['KeyId', 'KeyType', 'UsagePlanId'],
  replacing: ['KeyId', 'UsagePlanId'],
  put(properties, context) {
    const plan = gateway(context).keys.plans.get(String(properties['UsagePlanId']));
    if (plan === undefined) throw notFound('Usage Plan');
    const keyId = String(properties['KeyId']);
    plan.keyIds.add(keyId);
    return { ref: `${keyId}:${plan.id}`, attributes: { Id: `${keyId}:${plan.id}` } };
  },
  remove: (_created, properties, context) =>
    void gateway(context).keys.plans.get(String(properties['UsagePlanId']))?.keyIds.delete(String(properties['KeyId'])),
});

export const restResources: ResourceType[] = [
  account,
  apiKey,
  authorizer,
  deployment,
  gatewayResponseType,
  method,
  model,
  requestValidator,
  resource,
  restApi,
  stage,
  usagePlan,
  usagePlanKey,
];
