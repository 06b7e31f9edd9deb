import type { HttpResponse, Members } from '../../cloud/types';
import type { RestApi } from './rest-model';
import { jsonAnswer, textBody } from './request';
import { literalOf } from './templates';
import { renderTemplate } from './velocity';

/** Trouble that a REST API answers by itself, with AWS's default status and text. */
const responses = {
  ACCESS_DENIED: [403, 'User is not authorized to access this resource'],
  API_CONFIGURATION_ERROR: [500, 'Internal server error'],
  AUTHORIZER_CONFIGURATION_ERROR: [500, null],
  AUTHORIZER_FAILURE: [500, null],
  BAD_REQUEST_BODY: [400, 'Invalid request body'],
  BAD_REQUEST_PARAMETERS: [400, 'Bad request parameters'],
  INTEGRATION_TIMEOUT: [504, 'Endpoint request timed out'],
  INVALID_API_KEY: [403, 'Forbidden'],
  MISSING_AUTHENTICATION_TOKEN: [403, 'Missing Authentication Token'],
  REQUEST_TOO_LARGE: [413, 'Request Too Long'],
  UNAUTHORIZED: [401, 'Unauthorized'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'Unsupported Media Type'],
  /** A function that failed, or did not answer as a proxied function must: AWS names no type of its own. */
  BAD_GATEWAY: [502, 'Internal server error'],
} as const satisfies Record<string, readonly [number, string | null]>;

export type ResponseType = keyof typeof responses;

/** Members of the body are written in small letters, but for what IAM and policies refuse. */
const capitalised = new Set<ResponseType>(['ACCESS_DENIED']);

/** The API's answer to trouble, as its gateway responses shape it. */
export function gatewayResponse(api: RestApi, type: ResponseType, given?: { message?: string }): HttpResponse {
  const [status, text] = responses[type];
  const message = given?.message ?? text;
  const shaped = api.gatewayResponses.get(type) ?? api.gatewayResponses.get(status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
  const answer = jsonAnswer(status, { [capitalised.has(type) ? 'Message' : 'message']: message }, { 'x-amzn-errortype': errorTypes[type] });
  return shaped === undefined ? answer : shape(answer, shaped, type, message);
}

function shape(answer: HttpResponse, shaped: Members, type: ResponseType, message: string | null): HttpResponse {
  const headers = { ...answer.headers };
  for (const [name, mapping] of Object.entries((shaped['ResponseParameters'] ?? {}) as Record<string, string>)) {
    headers[name.replace(/^gatewayresponse\.header\./, '').toLowerCase()] = literalOf(mapping) ?? '';
  }
  const template = Object.entries((shaped['ResponseTemplates'] ?? {}) as Record<string, string>)[0];
  const status = shaped['StatusCode'] === undefined ? answer.status : Number(shaped['StatusCode']);
  if (template === undefined) return { ...answer, status, headers };
  const [contentType, text] = template;
  const error = { message, messageString: JSON.stringify(message), responseType: type };
  const nothing = { body: '', parameters: { path: {}, querystring: {}, header: {} }, stageVariables: {} };
  const body = renderTemplate(text, { ...nothing, context: { error } });
  return { status, headers: { ...headers, 'content-type': contentType }, body: textBody(body) };
}

const errorTypes: Record<ResponseType, string> = {
  ACCESS_DENIED: 'AccessDeniedException',
  API_CONFIGURATION_ERROR: 'InternalServerErrorException',
  AUTHORIZER_CONFIGURATION_ERROR: 'AuthorizerConfigurationException',
  AUTHORIZER_FAILURE: 'AuthorizerFailureException',
  BAD_REQUEST_BODY: 'BadRequestException',
  BAD_REQUEST_PARAMETERS: 'BadRequestException',
  INTEGRATION_TIMEOUT: 'InternalServerErrorException',
  INVALID_API_KEY: 'ForbiddenException',
  MISSING_AUTHENTICATION_TOKEN: 'MissingAuthenticationTokenException',
  REQUEST_TOO_LARGE: 'RequestTooLargeException',
  UNAUTHORIZED: 'UnauthorizedException',
  UNSUPPORTED_MEDIA_TYPE: 'BadRequestException',
  BAD_GATEWAY: 'InternalServerErrorException',
};
