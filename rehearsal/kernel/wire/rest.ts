import type { NormalizedSchema } from '@smithy/core/schema';
import type { AwsError, Members } from '../../cloud/types';
import { operationSchema } from '../service-registry';
import type { ServiceModel } from '../service-registry';
import { codecOf, errorMembers, readJson, writeJson } from './aws-json';
import { errorFacts } from './errors';
import { encodeEvents, isEventStream } from './event-stream';
import { bytesOf, noBody, text, utf8 } from './message';
import type { DecodedRequest, WireRequest, WireResponse } from './message';
import { matchRoute } from './routes';
import { readScalar, traitsOf, writeScalar, xmlNameOf } from './scalars';
import type { TimestampFormat } from './timestamps';
import { escapeXml, writeXml } from './xml';

type Place = 'label' | 'query' | 'queryMap' | 'header' | 'prefixHeaders' | 'payload' | 'status' | 'body';

interface Binding {
  member: string;
  schema: NormalizedSchema;
  place: Place;
  wireName: string;
}

const bindings = new WeakMap<object, Binding[]>();

/** REST: members travel in path, query, headers and body, as the traits of the schema say. */
export function decodeRest(model: ServiceModel, request: WireRequest): DecodedRequest {
  const { operation, labels } = matchRoute(model, request);
  const schema = operationSchema(model.service, operation).input;
  if (schema.isUnitSchema()) return { operation, input: {} };
  const all = bindingsOf(schema);
  const input = readBody(model, schema, all, request.body);
  for (const binding of all) {
    const value = readBinding(binding, request, labels);
    if (value !== undefined) input[binding.member] = value;
  }
  return { operation, input };
}

export function encodeRest(model: ServiceModel, operation: string, output: Members): WireResponse {
  const { output: schema, http } = operationSchema(model.service, operation);
  const response: WireResponse = { status: http?.status ?? 200, headers: {}, body: noBody };
  if (schema.isUnitSchema()) return response;
  const inBody: Members = {};
  let bodyMembers = 0;
  let payload: Binding | undefined;
  for (const binding of bindingsOf(schema)) {
    if (binding.place === 'body') bodyMembers += 1;
    if (binding.place === 'payload') payload = binding;
    const value = output[binding.member] as unknown;
    if (value === undefined || value === null) continue;
    if (binding.place === 'body') inBody[binding.member] = value;
    else if (binding.place === 'status') response.status = value as number;
    else if (binding.place === 'header') response.headers[binding.wireName] = headerText(binding.schema, value);
    else if (binding.place === 'prefixHeaders') writePrefixHeaders(binding, value as Record<string, string>, response.headers);
  }
  if (payload !== undefined) writePayload(model, payload, output[payload.member], response);
  else if (bodyMembers > 0) writeBody(model, schema, inBody, operation, response);
  return response;
}

export function encodeRestJsonError(model: ServiceModel, error: AwsError): WireResponse {
  const facts = errorFacts(model, error);
  const headers = { 'content-type': 'application/json', 'x-amzn-errortype': facts.shapeName };
  return { status: facts.status, headers, body: utf8(JSON.stringify(errorMembers(model, error))) };
}

export function encodeRestXmlError(model: ServiceModel, error: AwsError, requestId: string): WireResponse {
  const facts = errorFacts(model, error);
  // HTTP has no body here: a client learns no more than the status.
  if (facts.status === 304) return { status: 304, headers: {}, body: utf8('') };
  const further = Object.entries(error.members).map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`);
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>${further.join('')}<RequestId>${requestId}</RequestId></Error>`;
  return { status: facts.status, headers: { 'content-type': 'application/xml' }, body: utf8(body) };
}

function bindingsOf(schema: NormalizedSchema): Binding[] {
  const key = schema.getSchema() as unknown as object;
  const known = bindings.get(key);
  if (known !== undefined) return known;
  const read = [...schema.structIterator()].map(([member, memberSchema]) => readBindingTraits(member, memberSchema));
  bindings.set(key, read);
  return read;
}

function readBindingTraits(member: string, schema: NormalizedSchema): Binding {
  const traits = traitsOf(schema);
  if (traits['httpLabel']) return { member, schema, place: 'label', wireName: member };
  if (traits['httpQuery']) return { member, schema, place: 'query', wireName: String(traits['httpQuery']) };
  if (traits['httpQueryParams']) return { member, schema, place: 'queryMap', wireName: '' };
  if (traits['httpHeader']) return { member, schema, place: 'header', wireName: String(traits['httpHeader']).toLowerCase() };
  if (typeof traits['httpPrefixHeaders'] === 'string') {
    return { member, schema, place: 'prefixHeaders', wireName: traits['httpPrefixHeaders'].toLowerCase() };
  }
  if (traits['httpPayload']) return { member, schema, place: 'payload', wireName: member };
  if (traits['httpResponseCode']) return { member, schema, place: 'status', wireName: member };
  return { member, schema, place: 'body', wireName: member };
}

function readBinding({ schema, place, wireName }: Binding, request: WireRequest, labels: Record<string, string>): unknown {
  if (place === 'label') return labels[wireName] === undefined ? undefined : readScalar(schema, labels[wireName], 'date-time');
  if (place === 'query') return readList(schema, request.query.getAll(wireName), 'date-time');
  if (place === 'header') {
    const header = request.headers[wireName];
    return header === undefined ? undefined : readList(schema, schema.isListSchema() ? splitHeader(header) : [header], 'http-date');
  }
  if (place === 'prefixHeaders') return readPrefixHeaders(wireName, request.headers);
  return undefined;
}

function readList(schema: NormalizedSchema, texts: string[], format: TimestampFormat): unknown {
  if (texts.length === 0) return undefined;
  if (!schema.isListSchema()) return readScalar(schema, texts[0]!, format);
  return texts.map((item) => readScalar(schema.getValueSchema(), item, format));
}

function splitHeader(header: string): string[] {
  return header.split(',').map((part) => part.trim().replace(/^"(.*)"$/, '$1'));
}

function readPrefixHeaders(prefix: string, headers: Record<string, string>): Record<string, string> | undefined {
  const found = Object.entries(headers).filter(([name]) => name.startsWith(prefix));
  return found.length === 0 ? undefined : Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value]));
}

function writePrefixHeaders(binding: Binding, values: Record<string, string>, headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(values)) headers[`${binding.wireName}${name.toLowerCase()}`] = value;
}

function headerText(schema: NormalizedSchema, value: unknown): string {
  if (!schema.isListSchema()) return writeScalar(schema, value, 'http-date');
  return (value as unknown[]).map((item) => writeScalar(schema.getValueSchema(), item, 'http-date')).join(', ');
}

function readBody(model: ServiceModel, schema: NormalizedSchema, all: Binding[], body: Uint8Array): Members {
  const payload = all.find((binding) => binding.place === 'payload');
  if (payload !== undefined) {
    const value = readPayload(model, payload.schema, body);
    return value === undefined ? {} : { [payload.member]: value };
  }
  if (body.byteLength === 0 || !all.some((binding) => binding.place === 'body')) return {};
  return readStructured(model, schema, body) as Members;
}

function readPayload(model: ServiceModel, schema: NormalizedSchema, body: Uint8Array): unknown {
  if (schema.isBlobSchema() || schema.isStreaming()) return body.byteLength === 0 ? undefined : body;
  if (body.byteLength === 0) return undefined;
  return schema.isStringSchema() ? text(body) : readStructured(model, schema, body);
}

function readStructured(model: ServiceModel, schema: NormalizedSchema, body: Uint8Array): unknown {
  const codec = codecOf(model);
  return model.protocol === 'restXml' ? codec.createDeserializer().read(schema, body) : readJson(codec, schema, body);
}

function writePayload(model: ServiceModel, binding: Binding, value: unknown, response: WireResponse): void {
  if (value === undefined || value === null) return;
  const { schema } = binding;
  if (isEventStream(schema)) {
    response.chunks = encodeEvents(model, schema, value as AsyncIterable<Members>);
    response.headers['content-type'] = 'application/vnd.amazon.eventstream';
    return;
  }
  if (schema.isBlobSchema() || schema.isStreaming() || schema.isStringSchema()) {
    response.body = bytesOf(value);
    response.headers['content-type'] ??= schema.isStringSchema() ? 'text/plain' : 'application/octet-stream';
    return;
  }
  writeStructured(model, schema, value, xmlNameOf(schema) ?? schema.getName() ?? binding.member, response);
}

function writeBody(model: ServiceModel, schema: NormalizedSchema, members: Members, operation: string, response: WireResponse): void {
  writeStructured(model, schema, members, xmlNameOf(schema) ?? `${operation}Result`, response);
}

function writeStructured(model: ServiceModel, schema: NormalizedSchema, value: unknown, xmlName: string, response: WireResponse): void {
  if (model.protocol === 'restXml') {
    response.body = utf8(`<?xml version="1.0" encoding="UTF-8"?>${writeXml(xmlName, schema, value, model.xmlNamespace)}`);
    response.headers['content-type'] ??= 'application/xml';
  } else {
    response.body = writeJson(codecOf(model), schema, value);
    response.headers['content-type'] ??= 'application/json';
  }
}
