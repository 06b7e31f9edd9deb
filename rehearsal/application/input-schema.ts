import * as z from 'zod';
import { construct, duration, exactlyOne, json, oneOf, text } from './schema-parts';

const texts = (what: string) => z.record(z.string(), z.string()).describe(what);

const event = z.strictObject({
  bus: construct('The event bus').optional(),
  source: text.describe('Source of the event'),
  detailType: text.describe('Its detail type'),
  detail: z.record(z.string(), z.unknown()).default({}).describe('Its detail'),
});

const message = z.strictObject({
  queue: construct('The queue'),
  body: json.describe('The body: a text as it is, anything else as JSON'),
  attributes: texts('Message attributes, all texts').optional(),
  group: text.optional().describe('Message group id, for a FIFO queue'),
  deduplication: text.optional().describe('Message de-duplication id, for a FIFO queue'),
});

const publish = z.strictObject({
  topic: construct('The topic'),
  message: json.describe('The message: a text as it is, anything else as JSON'),
  subject: text.optional().describe('Its subject'),
  attributes: texts('Message attributes, all texts').optional(),
  group: text.optional().describe('Message group id, for a FIFO topic'),
  deduplication: text.optional().describe('Message de-duplication id, for a FIFO topic'),
});

const CONTENTS = ['text', 'json', 'file'] as const;

const object = z
  .strictObject({
    bucket: construct('The bucket'),
    key: text.describe('Key of the object'),
    text: z.string().optional().describe('What it holds, as text'),
    json: json.optional().describe('What it holds, written as JSON'),
    file: text.optional().describe('A file with what it holds, beside the scenario'),
    contentType: text.optional().describe('Its content type; default: text/plain, application/json or application/octet-stream'),
  })
  .refine(exactlyOne(CONTENTS), 'one of text, json and file')
  .meta(oneOf(CONTENTS));

export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const;

const answer = z
  .strictObject({
    status: z.number().int().min(100).max(599).optional().describe('The status; default: any below 500'),
    body: json.optional().describe('A text that the body holds, or members that its JSON has at least'),
    headers: texts('Headers it has, with these values').optional(),
  })
  .refine(({ status, body, headers }) => (status ?? body ?? headers) !== undefined, 'status, body or headers');

const request = z.strictObject({
  to: construct('A function URL or the function that has one, a REST API or an HTTP API'),
  method: z.enum(METHODS).default('GET').describe('The method'),
  path: z.string().regex(/^\//, 'a path that begins with /').default('/').describe('The path, without the stage'),
  headers: texts('Headers').optional(),
  query: texts('Query parameters').optional(),
  body: json.optional().describe('The body: a text as it is, anything else as JSON'),
  as: z
    .enum(['none', 'iam'])
    .default('none')
    .describe('none: not signed; iam: signed by a principal of the account, as AWS_IAM authorisation wants'),
  answer: answer.optional().describe('What is expected of the answer; default: any status below 500'),
});

const execution = z.strictObject({
  stateMachine: construct('The state machine'),
  name: text.optional().describe('Name of the execution; default: one is made'),
  input: json.optional().describe('Its input; default: {}'),
});

const invoke = z.strictObject({
  function: construct('The function'),
  payload: json.optional().describe('The event that it is handed; default: {}'),
  async: z.boolean().default(false).describe('true: as an event that nobody waits for, with retries; false: the caller waits'),
});

const item = z.strictObject({
  table: construct('The table'),
  put: z.record(z.string(), z.unknown()).describe('The item as plain JSON'),
});

export const INPUT_KINDS = ['event', 'message', 'publish', 'object', 'request', 'execution', 'invoke', 'item'] as const;
export type InputKind = (typeof INPUT_KINDS)[number];

export const inputSchema = z
  .strictObject({
    at: duration.describe('When, since the start'),
    every: duration.optional().describe('With times: again after each such while'),
    times: z.number().int().min(1).max(100_000).optional().describe('How often; {{n}} in any text is the number of the repetition, from 1'),
    event: event.optional().describe('Puts an event on a bus'),
    message: message.optional().describe('Sends a message to a queue'),
    publish: publish.optional().describe('Publishes a message to a topic'),
    object: object.optional().describe('Puts an object into a bucket'),
    request: request.optional().describe('Sends an HTTP request'),
    execution: execution.optional().describe('Starts an execution of a state machine'),
    invoke: invoke.optional().describe('Invokes a function'),
    item: item.optional().describe('Puts an item into a table'),
  })
  .refine(exactlyOne(INPUT_KINDS), `exactly one of ${INPUT_KINDS.join(', ')}`)
  .refine(({ every, times }) => every === undefined || times !== undefined, '`every` together with `times`')
  .meta(oneOf(INPUT_KINDS));

const failure = z.strictObject({
  error: text.describe('The error’s name, as Catch and Retry know it'),
  cause: z.string().optional().describe('Why, in words'),
});

const ANSWERS = ['succeed', 'fail', 'heartbeat'] as const;

export const personSchema = z
  .strictObject({
    stateMachine: construct('The state machine'),
    state: text.describe('The state that waits for a task token or is an activity'),
    input: json.optional().describe('Only tasks whose input has at least these members'),
    after: duration.default(0).describe('How long after the task began to wait; default: at once'),
    succeed: json.optional().describe('The task succeeds with this output'),
    fail: failure.optional().describe('The task fails'),
    heartbeat: duration.optional().describe('Sends a heartbeat each such while, until the answer or the end of the task'),
    times: z.number().int().min(1).max(100).default(1).describe('How often the same answer is sent, a minute apart'),
    attempts: z.number().int().min(1).optional().describe('Only the first so many of these tasks; default: all'),
  })
  .refine((person) => ANSWERS.some((key) => person[key] !== undefined), 'succeed, fail or heartbeat')
  .refine(({ succeed, fail }) => succeed === undefined || fail === undefined, 'succeed or fail, not both');
