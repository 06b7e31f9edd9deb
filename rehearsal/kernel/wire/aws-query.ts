import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../../cloud/types';
import type { Members } from '../../cloud/types';
import { operationSchema } from '../service-registry';
import type { ServiceModel } from '../service-registry';
import { errorFacts } from './errors';
import { text, utf8 } from './message';
import type { DecodedRequest, WireRequest, WireResponse } from './message';
import { readScalar, traitsOf, xmlNameOf } from './scalars';
import { escapeXml, writeXml } from './xml';

/** A form's keys, split at their dots: `Tags.member.1.Key` is one path in this tree. */
interface FormNode {
  value?: string;
  children: Map<string, FormNode>;
}

/** Forms in, XML out: SNS and STS. */
export function decodeAwsQuery(model: ServiceModel, request: WireRequest): DecodedRequest {
  const form = parseForm(new URLSearchParams(text(request.body)));
  const operation = form.children.get('Action')?.value ?? '';
  if (!model.operations.has(operation)) {
    throw new AwsError('InvalidAction', `The action ${operation} is not valid for this endpoint.`, 400);
  }
  const { input } = operationSchema(model.service, operation);
  return { operation, input: input.isUnitSchema() ? {} : (readNode(input, form) as Members) };
}

export function encodeAwsQuery(model: ServiceModel, operation: string, output: Members, requestId: string): WireResponse {
  const schema = operationSchema(model.service, operation).output;
  const result = schema.isUnitSchema() ? '' : writeXml(`${operation}Result`, schema, output);
  const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  const body = `<${operation}Response xmlns="${escapeXml(model.xmlNamespace)}">${result}${metadata}</${operation}Response>`;
  return { status: 200, headers: { 'content-type': 'text/xml' }, body: utf8(body) };
}

export function encodeAwsQueryError(model: ServiceModel, error: AwsError, requestId: string): WireResponse {
  const facts = errorFacts(model, error);
  const inner = `<Type>${facts.fault}</Type><Code>${escapeXml(facts.queryCode)}</Code><Message>${escapeXml(error.message)}</Message>`;
  const body = `<ErrorResponse xmlns="${escapeXml(model.xmlNamespace)}"><Error>${inner}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
  return { status: facts.status, headers: { 'content-type': 'text/xml' }, body: utf8(body) };
}

function parseForm(parameters: URLSearchParams): FormNode {
  const root: FormNode = { children: new Map() };
  for (const [key, value] of parameters) {
    let node = root;
    for (const part of key.split('.')) {
      let child = node.children.get(part);
      if (child === undefined) {
        child = { children: new Map() };
        node.children.set(part, child);
      }
      node = child;
    }
    node.value = value;
  }
  return root;
}

function readNode(schema: NormalizedSchema, node: FormNode): unknown {
  if (schema.isStructSchema()) return readStructure(schema, node);
  if (schema.isListSchema()) return readList(schema, node);
  if (schema.isMapSchema()) return readMap(schema, node);
  return readScalar(schema, node.value ?? '', 'date-time');
}

function readStructure(schema: NormalizedSchema, node: FormNode): Members {
  const members: Members = {};
  for (const [name, member] of schema.structIterator()) {
    const child = node.children.get(xmlNameOf(member) ?? name);
    if (child !== undefined) members[name] = readNode(member, child);
  }
  return members;
}

function readList(schema: NormalizedSchema, node: FormNode): unknown[] {
  const member = schema.getValueSchema();
  const holder = traitsOf(schema)['xmlFlattened'] ? node : node.children.get(xmlNameOf(member) ?? 'member');
  return numbered(holder).map((item) => readNode(member, item));
}

function readMap(schema: NormalizedSchema, node: FormNode): Members {
  const holder = traitsOf(schema)['xmlFlattened'] ? node : node.children.get('entry');
  const keyName = xmlNameOf(schema.getKeySchema()) ?? 'key';
  const valueSchema = schema.getValueSchema();
  const valueName = xmlNameOf(valueSchema) ?? 'value';
  const map: Members = {};
  for (const entry of numbered(holder)) {
    const key = entry.children.get(keyName)?.value;
    const value = entry.children.get(valueName);
    if (key !== undefined && value !== undefined) map[key] = readNode(valueSchema, value);
  }
  return map;
}

function numbered(holder: FormNode | undefined): FormNode[] {
  if (holder === undefined) return [];
  return [...holder.children]
    .filter(([key]) => /^[0-9]+$/.test(key))
    .sort(([one], [other]) => Number(one) - Number(other))
    .map(([, node]) => node);
}
