import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { marshall } from '@aws-sdk/util-dynamodb';
import { BadInputError } from '../../core/errors';
import type { DeployedResource } from '../assembly/standing';
import type { Members } from '../cloud/types';
import type { EventBridge } from '../services/eventbridge';
import type { EventEnvelope } from '../services/eventbridge/bus';
import type { Laptop } from '../world/laptop';
import { DEFAULT_BUS } from './references';
import { sendRequest } from './request';
import type { ApplicationInput } from './scenario-schema';

/** What became of an input. */
export interface Sent {
  ok: boolean;
  words: string;
  /** Of a request: what was answered. */
  status?: number;
  /** Of a request that says what it expects: what of it was otherwise. */
  otherwise?: string;
  /** Of an event: no rule of its bus takes it. */
  unmatched?: true;
  /** Of an invocation: the function failed. */
  functionError?: string;
}

export interface Sender {
  laptop: Laptop;
  /** Where files that the scenario names lie. */
  directory: string;
}

type Place = DeployedResource;
type Given<K extends keyof ApplicationInput> = NonNullable<ApplicationInput[K]>;

/** Sends one input as the world outside does: no policy binds it, resource policies aside that a signature would need. */
export async function sendInput(sender: Sender, input: ApplicationInput, place: Place | undefined): Promise<Sent> {
  if (input.event !== undefined) return putEvent(sender, input.event, place);
  const there = place!;
  if (input.message !== undefined) return sendMessage(sender, input.message, there);
  if (input.publish !== undefined) return publish(sender, input.publish, there);
  if (input.object !== undefined) return putObject(sender, input.object, there);
  if (input.request !== undefined) return sendRequest(sender.laptop, input.request, there);
  if (input.execution !== undefined) return startExecution(sender, input.execution, there);
  if (input.invoke !== undefined) return invoke(sender, input.invoke, there);
  return putItem(sender, input.item!, there);
}

const call = ({ laptop: { cloud } }: Sender, service: string, operation: string, input: Members): Promise<Members> =>
  cloud.call(service, operation, input, { kind: 'world', principalArn: outsiderArn(cloud) });

/** Who signs what comes from outside. */
export const outsiderArn = (cloud: { partition: string; accountId: string }): string =>
  `arn:${cloud.partition}:iam::${cloud.accountId}:role/Outside`;

/** A text as it is, anything else as JSON. */
export const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const textAttributes = (attributes: Record<string, string> | undefined): Members =>
  attributes === undefined
    ? {}
    : {
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
        ),
      };

const ordered = ({ group, deduplication }: { group?: string | undefined; deduplication?: string | undefined }): Members => ({
  ...(group === undefined ? {} : { MessageGroupId: group }),
  ...(deduplication === undefined ? {} : { MessageDeduplicationId: deduplication }),
});

async function putEvent(sender: Sender, { source, detailType, detail }: Given<'event'>, bus: Place | undefined): Promise<Sent> {
  const entry = { Source: source, DetailType: detailType, Detail: JSON.stringify(detail) };
  const { Entries } = await call(sender, 'eventbridge', 'PutEvents', {
    Entries: [bus === undefined ? entry : { ...entry, EventBusName: bus.ref }],
  });
  const { EventId, ErrorCode, ErrorMessage } = (Entries as Members[])[0] ?? {};
  if (EventId === undefined) return { ok: false, words: `${ErrorCode}: ${ErrorMessage}` };
  const isTaken = isMatched(sender, bus?.ref ?? DEFAULT_BUS, { source, 'detail-type': detailType, detail });
  const words = `${source} ${detailType}`;
  return isTaken ? { ok: true, words } : { ok: true, words: `${words}: no enabled rule of the bus matches it`, unmatched: true };
}

function isMatched({ laptop: { cloud } }: Sender, bus: string, event: Pick<EventEnvelope, 'source' | 'detail-type' | 'detail'>): boolean {
  const envelope: EventEnvelope = {
    ...event,
    version: '0',
    id: '',
    account: cloud.accountId,
    region: cloud.region,
    time: new Date(cloud.clock.now()).toISOString(),
    resources: [],
  };
  const { rules } = cloud.double<EventBridge>('eventbridge').bus(bus);
  return [...rules.values()].some(({ enabled, matches }) => enabled && matches?.(envelope) === true);
}

async function sendMessage(sender: Sender, { body, attributes, ...order }: Given<'message'>, queue: Place): Promise<Sent> {
  const input = { QueueUrl: queue.ref, MessageBody: asText(body), ...textAttributes(attributes), ...ordered(order) };
  await call(sender, 'sqs', 'SendMessage', input);
  return { ok: true, words: 'sent' };
}

async function publish(sender: Sender, { message, subject, attributes, ...order }: Given<'publish'>, topic: Place): Promise<Sent> {
  await call(sender, 'sns', 'Publish', {
    TopicArn: topic.ref,
    Message: asText(message),
    ...(subject === undefined ? {} : { Subject: subject }),
    ...textAttributes(attributes),
    ...ordered(order),
  });
  return { ok: true, words: 'published' };
}

async function putObject(sender: Sender, object: Given<'object'>, bucket: Place): Promise<Sent> {
  const { body, type } = contentOf(sender.directory, object);
  await call(sender, 's3', 'PutObject', { Bucket: bucket.ref, Key: object.key, Body: body, ContentType: object.contentType ?? type });
  return { ok: true, words: `${object.key}, ${body.byteLength} bytes` };
}

function contentOf(directory: string, { text, json, file }: Given<'object'>): { body: Uint8Array; type: string } {
  if (text !== undefined) return { body: Buffer.from(text), type: 'text/plain' };
  if (file === undefined) return { body: Buffer.from(JSON.stringify(json)), type: 'application/json' };
  const absolute = path.resolve(directory, file);
  if (!existsSync(absolute)) throw new BadInputError(`inputs: object.file: there is no file ${file} in ${directory}`);
  return { body: readFileSync(absolute), type: 'application/octet-stream' };
}

async function startExecution(sender: Sender, { name, input = {} }: Given<'execution'>, machine: Place): Promise<Sent> {
  const { executionArn } = await call(sender, 'sfn', 'StartExecution', {
    stateMachineArn: machine.ref,
    input: JSON.stringify(input),
    ...(name === undefined ? {} : { name }),
  });
  return { ok: true, words: `execution ${String(executionArn).split(':').at(-1)}` };
}

async function invoke(sender: Sender, { payload = {}, async: waitsForNobody }: Given<'invoke'>, owner: Place): Promise<Sent> {
  const { FunctionError, Payload } = await call(sender, 'lambda', 'Invoke', {
    FunctionName: owner.ref,
    InvocationType: waitsForNobody ? 'Event' : 'RequestResponse',
    Payload: Buffer.from(JSON.stringify(payload)),
  });
  if (waitsForNobody) return { ok: true, words: 'accepted' };
  const answer = new TextDecoder().decode(Payload as Uint8Array);
  return FunctionError === undefined ? { ok: true, words: answer } : { ok: false, words: answer, functionError: answer };
}

async function putItem(sender: Sender, { put }: Given<'item'>, table: Place): Promise<Sent> {
  await call(sender, 'dynamodb', 'PutItem', { TableName: table.ref, Item: marshall(put) });
  return { ok: true, words: 'put' };
}
