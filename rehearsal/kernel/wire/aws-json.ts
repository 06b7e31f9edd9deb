import type { AwsError, Members } from '../../cloud/types';
import { AwsError as AwsFailure } from '../../cloud/types';
import { operationSchema } from '../service-registry';
import type { PayloadCodec, ServiceModel } from '../service-registry';
import type { NormalizedSchema } from '@smithy/core/schema';
import { errorFacts } from './errors';
import { text, utf8 } from './message';
import type { DecodedRequest, WireRequest, WireResponse } from './message';

/** JSON by header `X-Amz-Target`: most services. */
export function decodeAwsJson(model: ServiceModel, request: WireRequest): DecodedRequest {
  const target = request.headers['x-amz-target'] ?? '';
  const operation = target.slice(target.indexOf('.') + 1);
  if (!target.startsWith(`${model.target}.`) || !model.operations.has(operation)) {
    throw new AwsFailure('UnknownOperationException', `Unknown operation "${target}" of ${model.service}.`, 404);
  }
  const input = operationSchema(model.service, operation).input;
  return { operation, input: input.isUnitSchema() ? {} : readJson(codecOf(model), input, request.body) };
}

export function encodeAwsJson(model: ServiceModel, operation: string, output: Members): WireResponse {
  const schema = operationSchema(model.service, operation).output;
  const body = schema.isUnitSchema() ? utf8('{}') : writeJson(codecOf(model), schema, output);
  return { status: 200, headers: { 'content-type': contentType(model) }, body };
}

export function encodeAwsJsonError(model: ServiceModel, error: AwsError): WireResponse {
  const facts = errorFacts(model, error);
  const type = facts.schema === undefined ? facts.shapeName : `${model.namespace}#${facts.shapeName}`;
  const headers: Record<string, string> = { 'content-type': contentType(model) };
  if (model.queryCompatible) headers['x-amzn-query-error'] = `${facts.queryCode};${facts.fault}`;
  return { status: facts.status, headers, body: utf8(JSON.stringify({ __type: type, ...errorMembers(model, error) })) };
}

/** Members of a JSON error: the modelled ones in wire form, and always a message. */
export function errorMembers(model: ServiceModel, error: AwsError): Record<string, unknown> {
  const { schema } = errorFacts(model, error);
  if (schema === undefined) return { ...error.members, message: error.message };
  const known = Object.fromEntries(Object.entries(error.members).filter(([name]) => name in schema.getMemberSchemas()));
  const written = JSON.parse(text(writeJson(codecOf(model), schema, known))) as Record<string, unknown>;
  const named = 'Message' in schema.getMemberSchemas() ? { Message: error.message } : {};
  return { ...written, ...named, message: error.message };
}

export function readJson(codec: PayloadCodec, schema: NormalizedSchema, body: Uint8Array): Members {
  if (body.byteLength === 0) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(text(body));
  } catch {
    throw new AwsFailure('SerializationException', 'The body is not JSON.');
  }
  const deserializer = codec.createDeserializer();
  if (deserializer.readObject === undefined) throw new TypeError('This codec does not read JSON objects.');
  return deserializer.readObject(schema, parsed) as Members;
}

export function writeJson(codec: PayloadCodec, schema: NormalizedSchema, value: unknown): Uint8Array {
  const serializer = codec.createSerializer();
  serializer.write(schema, value);
  const written = serializer.flush();
  // The serializer's own class of bytes warns when it is used as a text.
  return typeof written === 'string' ? utf8(written) : new Uint8Array(written.buffer, written.byteOffset, written.byteLength);
}

export function codecOf(model: ServiceModel): PayloadCodec {
  if (model.codec === undefined) throw new TypeError(`${model.service} has no payload codec.`);
  return model.codec;
}

function contentType(model: ServiceModel): string {
  return model.protocol === 'awsJson1_0' ? 'application/x-amz-json-1.0' : 'application/x-amz-json-1.1';
}
