import type { Members, RefusalContext } from '../../../../rehearsal/cloud/types';
import { resourceTypes } from '../../../../rehearsal/services';
import { uriOf } from './support';

const refusals = (type: string, properties: Members): readonly string[] =>
  resourceTypes.find((one) => one.type === type)!.refuse!(properties, {} as RefusalContext);

const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:f';
const method = (Integration: Members, more: Members = {}): readonly string[] =>
  refusals('AWS::ApiGateway::Method', { ...more, Integration });

it.each<[string, readonly string[], RegExp[]]>([
  ['a proxied function', method({ Type: 'AWS_PROXY', Uri: uriOf(arn) }), []],
  [
    'another service',
    method({ Type: 'AWS', Uri: 'arn:aws:apigateway:eu-west-1:kinesis:action/PutRecord' }),
    [/AWS service kinesis \(action\/PutRecord\)/],
  ],
  ['the world', method({ Type: 'HTTP_PROXY', Uri: 'https://example.com/' }), [/https:\/\/example\.com.*nothing leaves/]],
  [
    'Velocity',
    method({
      Type: 'AWS',
      Uri: uriOf(arn),
      RequestTemplates: { 'application/json': '{"a":$input.xml("$")}' },
      IntegrationResponses: [{ StatusCode: 200, ResponseTemplates: { 'application/json': '$util.time' } }],
    }),
    [/\$input\.xml of a mapping template \(request of an integration, application\/json\)/, /\$util\.time .*answer of an integration/],
  ],
  ['fixed texts', method({ Type: 'MOCK', RequestTemplates: { 'application/json': '{"statusCode":200}' } }), []],
  [
    'mapped parameters',
    method({ Type: 'AWS', Uri: uriOf(arn), RequestParameters: { 'integration.request.header.x': 'method.request.multivalueheader.y' } }),
    [/integration\.request\.header\.x from method\.request\.multivalueheader\.y/],
  ],
  ['Cognito', method({ Type: 'MOCK' }, { AuthorizationType: 'COGNITO_USER_POOLS' }), [/COGNITO_USER_POOLS/]],
  [
    'streams',
    method({
      Type: 'AWS_PROXY',
      Uri: `arn:aws:apigateway:eu-west-1:lambda:path/2021-11-15/functions/${arn}/response-streaming-invocations`,
    }),
    [/streams/],
  ],
  ['OpenAPI', refusals('AWS::ApiGateway::RestApi', { Name: 'a', Body: {}, Policy: {} }), [/property Body/, /property Policy/]],
  ['private APIs', refusals('AWS::ApiGateway::RestApi', { EndpointConfiguration: { Types: ['PRIVATE'] } }), [/private REST API/]],
  ['caches', refusals('AWS::ApiGateway::Stage', { CacheClusterEnabled: true }), [/cache/]],
  ['Cognito authorizers', refusals('AWS::ApiGateway::Authorizer', { Type: 'COGNITO_USER_POOLS' }), [/COGNITO_USER_POOLS/]],
  ['WebSockets', refusals('AWS::ApiGatewayV2::Api', { ProtocolType: 'WEBSOCKET' }), [/WebSocket/]],
  ['JWT', refusals('AWS::ApiGatewayV2::Authorizer', { AuthorizerType: 'JWT', JwtConfiguration: {} }), [/JwtConfiguration/, /type JWT/]],
  [
    'service integrations of HTTP APIs',
    refusals('AWS::ApiGatewayV2::Integration', { IntegrationType: 'AWS_PROXY', IntegrationSubtype: 'Kinesis-PutRecord' }),
    [/Kinesis-PutRecord/],
  ],
  ['stages without deployments of their own', refusals('AWS::ApiGatewayV2::Stage', { StageName: 'a' }), [/AutoDeploy/]],
  [
    'boolean bounds of draft 4',
    refusals('AWS::ApiGateway::Model', { Schema: { properties: { a: { exclusiveMinimum: true } } } }),
    [/exclusiveMinimum/],
  ],
  ['models that are none', refusals('AWS::ApiGateway::Model', { Schema: { type: 'text' } }), [/cannot be read/]],
  [
    'patterns of Java',
    [
      ...method({ Type: 'MOCK', IntegrationResponses: [{ StatusCode: 200, SelectionPattern: '(?i)a' }] }),
      ...refusals('AWS::ApiGateway::Authorizer', { Type: 'TOKEN', IdentityValidationExpression: 'a++' }),
    ],
    [/\(\?i\)a/, /a\+\+/],
  ],
  [
    'other models',
    refusals('AWS::ApiGateway::Model', { Schema: { $ref: 'https://apigateway.amazonaws.com/restapis/x/models/y' } }),
    [/another model/],
  ],
])('of what concerns %s', (_what, found, expected) => {
  expect(found).toHaveLength(expected.length);
  expected.forEach((pattern, index) => expect(found[index]).toMatch(pattern));
});
