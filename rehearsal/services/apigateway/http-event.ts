import type { Members } from '../../cloud/types';
import { arnOfCaller, gatewayHeaders, headerOf, requestTime, sourceAddress } from './request';
import type { GatewayRequest } from './request';

export interface HttpScope {
  apiId: string;
  accountId: string;
  stage: string;
  stageVariables: Readonly<Record<string, string>>;
  routeKey: string;
  pathParameters: Readonly<Record<string, string>>;
  authorizer: Members | undefined;
}

const decoder = new TextDecoder();

const textual = /^(text\/|application\/(json|xml|javascript|x-www-form-urlencoded|graphql))|\+(json|xml)/;

/** Bodies of other types than text come as base64. */
export function isTextual(request: GatewayRequest): boolean {
  const type = headerOf(request.headers, 'content-type');
  return type === undefined || textual.test(type.toLowerCase());
}

/** The event of a proxied function, payload format 2.0. */
export function httpEvent(request: GatewayRequest, scope: HttpScope): Members {
  const headers = headersOf(request);
  const { cookie, ...others } = headers;
  const query = new URLSearchParams(request.rawQuery);
  const parameters = [...new Set(query.keys())].map((name) => [name, query.getAll(name).join(',')] as const);
  const isText = isTextual(request);
  return {
    version: '2.0',
    routeKey: scope.routeKey,
    rawPath: request.fullPath,
    rawQueryString: request.rawQuery,
    ...(cookie === undefined ? {} : { cookies: cookie.split(';').map((one) => one.trim()) }),
    headers: others,
    ...(parameters.length === 0 ? {} : { queryStringParameters: Object.fromEntries(parameters) }),
    requestContext: httpContext(request, scope),
    ...(Object.keys(scope.pathParameters).length === 0 ? {} : { pathParameters: { ...scope.pathParameters } }),
    ...(Object.keys(scope.stageVariables).length === 0 ? {} : { stageVariables: { ...scope.stageVariables } }),
    ...(request.body.byteLength === 0
      ? {}
      : { body: isText ? decoder.decode(request.body) : Buffer.from(request.body).toString('base64') }),
    isBase64Encoded: !isText && request.body.byteLength > 0,
  };
}

/** In small letters, with what the gateway adds. */
export function headersOf(request: GatewayRequest): Record<string, string> {
  const added = { host: request.host, 'content-length': String(request.body.byteLength), ...gatewayHeaders(request) };
  return Object.fromEntries(Object.entries({ ...added, ...request.headers }).map(([name, value]) => [name.toLowerCase(), value]));
}

export function httpContext(request: GatewayRequest, scope: HttpScope): Members {
  return {
    accountId: scope.accountId,
    apiId: scope.apiId,
    ...(scope.authorizer === undefined ? {} : { authorizer: scope.authorizer }),
    domainName: request.host,
    domainPrefix: scope.apiId,
    http: {
      method: request.method,
      path: request.fullPath,
      protocol: 'HTTP/1.1',
      sourceIp: sourceAddress,
      userAgent: headerOf(request.headers, 'user-agent') ?? '',
    },
    requestId: request.id,
    routeKey: scope.routeKey,
    stage: scope.stage,
    time: requestTime(request.atMillis),
    timeEpoch: request.atMillis,
  };
}

/** What a handler is told of a caller that IAM let in. */
export function iamIdentity({ signer }: GatewayRequest, accountId: string): Members | undefined {
  if (signer === undefined) return undefined;
  const arn = arnOfCaller(signer);
  const userId = arn.split('/').at(-1) ?? arn;
  return { iam: { accessKey: null, accountId, callerId: userId, cognitoIdentity: null, principalOrgId: null, userArn: arn, userId } };
}
