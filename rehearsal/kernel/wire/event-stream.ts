import { EventStreamCodec } from '@smithy/core/event-streams';
import type { NormalizedSchema } from '@smithy/core/schema';
import type { Members } from '../../cloud/types';
import type { ServiceModel } from '../service-registry';
import { codecOf, writeJson } from './aws-json';
import { bytesOf, noBody, text, utf8 } from './message';
import { traitsOf } from './scalars';

const codec = new EventStreamCodec(text, utf8);
const isError = (schema: NormalizedSchema): boolean => (schema.getSchema() as unknown as [number])[0] === -3;

/** An operation whose answer is a stream of events (a union of what may come). */
export const isEventStream = (schema: NormalizedSchema): boolean => schema.isStreaming() && schema.isStructSchema();

/** Events as AWS frames them (application/vnd.amazon.eventstream), each at the moment at which it comes. */
export async function* encodeEvents(
  model: ServiceModel,
  union: NormalizedSchema,
  events: AsyncIterable<Members>,
): AsyncGenerator<Uint8Array> {
  const members = new Map([...union.structIterator()]);
  for await (const event of events) {
    const [[name, value] = ['', undefined]] = Object.entries(event) as [string, Members][];
    const schema = members.get(name);
    if (schema === undefined || value === undefined)
      throw new TypeError(
        `An event of ${String(union.getName())} has exactly one member of ${[...members.keys()].join(', ')}, got ${name || 'none'}.`,
      );
    yield encodeEvent(model, name, schema, value);
  }
}

function encodeEvent(model: ServiceModel, name: string, schema: NormalizedSchema, value: Members): Uint8Array {
  const kind = isError(schema) ? 'exception' : 'event';
  const { contentType, body } = payloadOf(model, schema, value);
  return codec.encode({
    headers: {
      [`:${kind}-type`]: { type: 'string', value: name },
      ':message-type': { type: 'string', value: kind },
      ...(contentType === undefined ? {} : { ':content-type': { type: 'string', value: contentType } }),
    },
    body,
  });
}

function payloadOf(model: ServiceModel, schema: NormalizedSchema, value: Members): { contentType?: string; body: Uint8Array } {
  for (const [member, memberSchema] of schema.structIterator()) {
    if (!traitsOf(memberSchema)['eventPayload']) continue;
    if (!memberSchema.isBlobSchema() && !memberSchema.isStringSchema())
      return { contentType: 'application/json', body: writeJson(codecOf(model), memberSchema, value[member]) };
    return { contentType: memberSchema.isStringSchema() ? 'text/plain' : 'application/octet-stream', body: bytesOf(value[member]) };
  }
  if (Object.keys(value).length === 0) return { body: noBody };
  return { contentType: 'application/json', body: writeJson(codecOf(model), schema, value) };
}
