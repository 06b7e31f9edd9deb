import * as z from 'zod';
import { happeningSchema } from '../world/happening';
import { amount, construct, duration, exactlyOne, json, oneOf, text } from './schema-parts';

export const EXECUTION_STATUSES = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const;

const execution = z.strictObject({
  stateMachine: construct('The state machine'),
  name: text.optional().describe('Name of the execution; default: any'),
  status: z.enum(EXECUTION_STATUSES).optional().describe('How it stands at the end. One that is named here may well fail'),
  states: z.array(text).optional().describe('States that it entered in this order; others may lie between'),
  notStates: z.array(text).optional().describe('States that it never entered'),
  input: json.optional().describe('Members that its input has at least'),
  output: json.optional().describe('Members that its output has at least'),
  error: text.optional().describe('The error’s name'),
  cause: text.optional().describe('A text that its cause holds'),
  count: amount.optional().describe('So many executions are like this; default: at least one'),
});

const item = z
  .strictObject({
    table: construct('The table'),
    key: z
      .record(z.string(), z.union([z.string(), z.number()]))
      .optional()
      .describe('Primary key of the item'),
    item: z.record(z.string(), z.unknown()).optional().describe('Members that the item has at least'),
    absent: z.boolean().optional().describe('true: there is no such item'),
    count: amount.optional().describe('Without a key: so many items are like this; default: at least one'),
  })
  .refine(({ key, count }) => key === undefined || count === undefined, 'key or count, not both')
  .refine(
    ({ absent, item: members, count }) => absent !== true || (members === undefined && count === undefined),
    'absent beside key alone',
  )
  .refine(({ absent, key }) => absent !== true || key !== undefined, 'absent with the key of what is not there');

const object = z
  .strictObject({
    bucket: construct('The bucket'),
    key: text.describe('Key of the object; * stands for any text'),
    count: amount.optional().describe('So many objects are like this; default: at least one'),
    json: json.optional().describe('Members that its JSON has at least'),
    text: text.optional().describe('A text that it holds'),
    contentType: text.optional().describe('Its content type'),
    absent: z.boolean().optional().describe('true: there is no such object'),
  })
  .refine(({ absent, count }) => absent !== true || count === undefined, 'absent or count, not both');

const PLACES = ['queue', 'topic', 'bus'] as const;

const message = z
  .strictObject({
    queue: construct('A queue: what is in it at the end').optional(),
    topic: construct('A topic: what was published to it since the start').optional(),
    bus: construct('An event bus, or default: what was put on it since the start').optional(),
    body: json.optional().describe('queue: a text that the body holds, or members that its JSON has at least'),
    message: json.optional().describe('topic: a text that the message holds, or members that its JSON has at least'),
    subject: text.optional().describe('topic: a text that the subject holds'),
    source: text.optional().describe('bus: source of the event'),
    detailType: text.optional().describe('bus: its detail type'),
    detail: z.record(z.string(), z.unknown()).optional().describe('bus: members that its detail has at least'),
    count: amount.optional().describe('So many are like this; default: at least one'),
  })
  .refine(exactlyOne(PLACES), `exactly one of ${PLACES.join(', ')}`)
  .refine(({ queue, body }) => queue !== undefined || body === undefined, 'body only with queue')
  .refine(
    ({ topic, message: said, subject }) => topic !== undefined || (said ?? subject) === undefined,
    'message and subject only with topic',
  )
  .refine(
    ({ bus, source, detailType, detail }) => bus !== undefined || (source ?? detailType ?? detail) === undefined,
    'source, detailType and detail only with bus',
  )
  .meta(oneOf(PLACES));

const ALARM_STATES = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const;

const alarm = z
  .strictObject({
    alarm: construct('The alarm'),
    was: z.enum(ALARM_STATES).optional().describe('The state that it reached at some time since the start'),
    within: duration.optional().describe('… so soon after the start'),
    is: z.enum(ALARM_STATES).optional().describe('The state at the end'),
    never: z.enum(ALARM_STATES).optional().describe('The state that it never reached since the start'),
  })
  .refine(({ was, is, never }) => (was ?? is ?? never) !== undefined, 'was, is or never')
  .refine(({ was, within }) => within === undefined || was !== undefined, 'within together with was');

const fn = z
  .strictObject({
    function: construct('The function'),
    invocations: amount.optional().describe('How often it ran since the start, retries among them'),
    errors: amount.optional().describe('How often that failed. A function that is named with errors may well fail'),
  })
  .refine(({ invocations, errors }) => (invocations ?? errors) !== undefined, 'invocations or errors');

const denial = z.strictObject({
  role: text.optional().describe('A text that the role’s construct path (of a role of others: its name) holds'),
  action: text.describe('The action that was denied, such as dynamodb:PutItem'),
  resource: text.optional().describe('A text that the resource’s ARN holds'),
});

export const expectationSchema = z.strictObject({
  executions: z.array(execution).default([]).describe('Executions of state machines'),
  items: z.array(item).default([]).describe('Items of tables, at the end'),
  objects: z.array(object).default([]).describe('Objects of buckets, at the end'),
  messages: z.array(message).default([]).describe('Messages in queues, to topics and on event buses'),
  alarms: z.array(alarm).default([]).describe('Alarms'),
  functions: z.array(fn).default([]).describe('Functions'),
  denied: z.array(denial).default([]).describe('Calls that IAM denies: each is there, and no other is allowed to be'),
  timeline: z.array(happeningSchema).default([]).describe('Entries of the timeline'),
});

export type ApplicationExpectations = z.output<typeof expectationSchema>;
