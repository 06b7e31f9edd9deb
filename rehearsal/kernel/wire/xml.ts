import type { NormalizedSchema } from '@smithy/core/schema';
import { traitsOf, writeScalar, xmlNameOf } from './scalars';

/** The element `name` with the value's members, as the schema's XML traits say. */
export function writeXml(name: string, schema: NormalizedSchema, value: unknown, xmlNamespace = ''): string {
  const attribute = xmlNamespace === '' ? '' : ` xmlns="${escapeXml(xmlNamespace)}"`;
  return `<${name}${attribute}>${content(schema, value)}</${name}>`;
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"\r]/g, (sign) => escapes[sign]!);
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#xD;' };

function content(schema: NormalizedSchema, value: unknown): string {
  if (value === undefined || value === null || schema.isUnitSchema()) return '';
  if (schema.isStructSchema()) return structure(schema, value as Record<string, unknown>);
  if (schema.isListSchema()) return items(schema, value as unknown[], xmlNameOf(schema.getValueSchema()) ?? 'member');
  if (schema.isMapSchema()) return entries(schema, value as Record<string, unknown>, 'entry');
  return escapeXml(writeScalar(schema, value, 'date-time'));
}

function structure(schema: NormalizedSchema, value: Record<string, unknown>): string {
  let written = '';
  for (const [memberName, member] of schema.structIterator()) {
    const given = value[memberName];
    if (given === undefined || given === null) continue;
    const name = (member.getMemberTraits() as Record<string, unknown>)['xmlName'] as string | undefined;
    written += element(name ?? memberName, member, given);
  }
  return written;
}

function element(name: string, schema: NormalizedSchema, value: unknown): string {
  const flattened = Boolean(traitsOf(schema)['xmlFlattened']);
  if (flattened && schema.isListSchema()) return items(schema, value as unknown[], name);
  if (flattened && schema.isMapSchema()) return entries(schema, value as Record<string, unknown>, name);
  return `<${name}>${content(schema, value)}</${name}>`;
}

function items(schema: NormalizedSchema, values: unknown[], name: string): string {
  const member = schema.getValueSchema();
  return values.map((value) => `<${name}>${content(member, value)}</${name}>`).join('');
}

function entries(schema: NormalizedSchema, values: Record<string, unknown>, name: string): string {
  const keyName = xmlNameOf(schema.getKeySchema()) ?? 'key';
  const valueSchema = schema.getValueSchema();
  const valueName = xmlNameOf(valueSchema) ?? 'value';
  return Object.entries(values)
    .map(([key, value]) => `<${name}><${keyName}>${escapeXml(key)}</${keyName}>${element(valueName, valueSchema, value)}</${name}>`)
    .join('');
}
