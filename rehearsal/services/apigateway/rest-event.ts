import type { Members } from '../../cloud/types';
import { arnOfCaller, gatewayHeaders, headerOf, requestTime, sourceAddress } from './request';
import type { GatewayRequest } from './request';

/** What of an API and a route an event of format 1.0 tells. */
export interface EventScope {
  apiId: string;
  accountId: string;
  stage: string;
  stageVariables: Readonly<Record<string, string>>;
  resourceId: string;
  resourcePath: string;
  pathParameters: Readonly<Record<string, string>>;
  deploymentId: string;
  authorizer?: Members | undefined;
  apiKey?: { id: string; value: string } | undefined;
  /** Bodies of these types come as base64. */
  isBinary: boolean;
  /** `1.0` where an HTTP API sends this format. */
  version?: string;
}

const orNull = <T extends object>(value: T): T | null => (Object.keys(value).length === 0 ? null : value);

const decoder = new TextDecoder();

/** The event of a proxied function, payload format 1.0. */
export function restEvent(request: GatewayRequest, scope: EventScope): Members {
  const host = { Host: request.host };
  const headers: Record<string, string> = { ...host, ...gatewayHeaders(request), ...request.headers };
  const query = new URLSearchParams(request.rawQuery);
  const names = [...new Set(query.keys())];
  return {
    ...(scope.version === undefined ? {} : { version: scope.version }),
    resource: scope.resourcePath,
    path: scope.version === undefined ? request.path : request.fullPath,
    httpMethod: request.method,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: orNull(Object.fromEntries(names.map((name) => [name, query.getAll(name).at(-1)!]))),
    multiValueQueryStringParameters: orNull(Object.fromEntries(names.map((name) => [name, query.getAll(name)]))),
    pathParameters: orNull({ ...scope.pathParameters }),
    stageVariables: orNull({ ...scope.stageVariables }),
    requestContext: requestContext(request, scope),
    body: bodyOf(request, scope.isBinary),
    isBase64Encoded: scope.isBinary && request.body.byteLength > 0,
  };
}

export function requestContext(request: GatewayRequest, scope: EventScope): Members {
  return {
    resourceId: scope.resourceId,
    ...(scope.authorizer === undefined ? {} : { authorizer: scope.authorizer }),
    resourcePath: scope.resourcePath,
    httpMethod: request.method,
    extendedRequestId: request.id.replaceAll('-', '').slice(0, 15),
    requestTime: requestTime(request.atMillis),
    path: request.fullPath,
    accountId: scope.accountId,
    protocol: 'HTTP/1.1',
    stage: scope.stage,
    domainPrefix: scope.apiId,
    requestTimeEpoch: request.atMillis,
    requestId: request.id,
    identity: identityOf(request, scope),
    domainName: request.host,
    deploymentId: scope.deploymentId,
    apiId: scope.apiId,
  };
}

function identityOf({ signer, headers }: GatewayRequest, { accountId, apiKey }: EventScope): Members {
  const arn = signer === undefined ? null : arnOfCaller(signer);
  const user = arn === null ? null : (arn.split('/').at(-1) ?? arn);
  return {
    cognitoIdentityPoolId: null,
    accountId: signer === undefined ? null : accountId,
    ...(apiKey === undefined ? {} : { apiKey: apiKey.value, apiKeyId: apiKey.id }),
    cognitoIdentityId: null,
    caller: user,
    sourceIp: sourceAddress,
    principalOrgId: null,
    accessKey: null,
    cognitoAuthenticationType: null,
    cognitoAuthenticationProvider: null,
    userArn: arn,
    userAgent: headerOf(headers, 'user-agent') ?? null,
    user,
  };
}

export function bodyOf({ body }: GatewayRequest, isBinary: boolean): string | null {
  if (body.byteLength === 0) return null;
  return isBinary ? Buffer.from(body).toString('base64') : decoder.decode(body);
}

/** Whether a media type is one of those that the API treats as binary. */
export function matchesBinary(types: readonly string[], mediaTypes: string | undefined): boolean {
  const first = (mediaTypes ?? '').split(',')[0]!.split(';')[0]!.trim().toLowerCase();
  return types.some((type) => type === '*/*' || type.toLowerCase() === first);
}
