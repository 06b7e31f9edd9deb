import Ajv from 'ajv';
import type { AnySchemaObject, ValidateFunction } from 'ajv';
import type { Members } from '../../cloud/types';
import type { GatewayRequest } from './request';
import { headerOf } from './request';
import type { RestApi, RestMethod } from './rest-model';
import type { ResponseType } from './gateway-responses';

export interface Refused {
  type: ResponseType;
  message?: string;
}

const compiled = new WeakMap<object, ValidateFunction>();

/** What the method's request validator finds wrong; without one nothing is checked. */
export function validateRequest(
  api: RestApi,
  { properties }: RestMethod,
  request: GatewayRequest,
  pathParameters: Readonly<Record<string, string>>,
): Refused | undefined {
  const validator = api.validators.get(String(properties['RequestValidatorId']));
  if (validator === undefined) return undefined;
  if (isOn(validator['ValidateRequestParameters'])) {
    const missing = missingParameters(properties, request, pathParameters);
    if (missing.length > 0)
      return { type: 'BAD_REQUEST_PARAMETERS', message: `Missing required request parameters: [${missing.join(', ')}]` };
  }
  return isOn(validator['ValidateRequestBody']) ? validateBody(api, properties, request) : undefined;
}

const isOn = (value: unknown): boolean => String(value ?? false) === 'true';

function missingParameters(properties: Members, request: GatewayRequest, pathParameters: Readonly<Record<string, string>>): string[] {
  const query = new URLSearchParams(request.rawQuery);
  const places: Record<string, (name: string) => string | null | undefined> = {
    querystring: (name) => query.get(name),
    header: (name) => headerOf(request.headers, name),
    path: (name) => pathParameters[name],
  };
  return Object.entries((properties['RequestParameters'] ?? {}) as Record<string, unknown>)
    .filter(([, required]) => isOn(required))
    .map(([name]) => /^method\.request\.(querystring|header|path)\.(.+)$/.exec(name))
    .filter((match) => match !== null && (places[match[1]!]!(match[2]!) ?? '') === '')
    .map((match) => match![2]!);
}

function validateBody(api: RestApi, properties: Members, request: GatewayRequest): Refused | undefined {
  const models = (properties['RequestModels'] ?? {}) as Record<string, string>;
  const type = (headerOf(request.headers, 'content-type') ?? 'application/json').split(';')[0]!.trim().toLowerCase();
  const name = models[type] ?? models['$default'];
  const schema = name === undefined ? undefined : api.models.get(name);
  if (schema === undefined) return undefined;
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder().decode(request.body)) as unknown;
  } catch {
    return { type: 'BAD_REQUEST_BODY' };
  }
  return validatorOf(schema as object)(body) ? undefined : { type: 'BAD_REQUEST_BODY' };
}

function validatorOf(schema: object): ValidateFunction {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  // Formats and what a later draft would demand are left aside, as draft 4 leaves them.
  const validate = new Ajv({ strict: false, validateFormats: false, validateSchema: false }).compile(withoutDialect(schema));
  compiled.set(schema, validate);
  return validate;
}

/** Models name draft 4, of which the words used here mean the same in later drafts. */
function withoutDialect(schema: object): AnySchemaObject {
  const { $schema: _dialect, ...rest } = schema as AnySchemaObject;
  void _dialect;
  return rest as AnySchemaObject;
}

/** What of a model cannot be checked here. */
export function refuseModel(schema: unknown): string[] {
  const words = refuseSchema(schema);
  if (words.length > 0 || typeof schema !== 'object' || schema === null) return words;
  try {
    validatorOf(schema);
    return [];
  } catch (error) {
    return [`a schema that cannot be read (${(error as Error).message})`];
  }
}

/** Words of draft 4 that mean something else in the drafts that can be checked, and references to other models. */
function refuseSchema(schema: unknown, path = '#'): string[] {
  if (Array.isArray(schema)) return schema.flatMap((item, index) => refuseSchema(item, `${path}/${index}`));
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([word, value]) => {
    if ((word === 'exclusiveMinimum' || word === 'exclusiveMaximum') && typeof value === 'boolean')
      return [`the word ${word} of draft 4 (${path})`];
    if (word === '$ref' && typeof value === 'string' && !value.startsWith('#')) return [`a reference to another model (${value})`];
    return refuseSchema(value, `${path}/${word}`);
  });
}
