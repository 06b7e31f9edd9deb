import { crc32 } from 'node:zlib';
import { AwsError, type Caller, type Cloud, type Members, type Random } from '../../cloud/types';
import type { Json } from './definition';
import { StateError } from './errors';
import type { Integration } from './integrations';
import { argumentProblems, fromSdkOutput, toSdkInput } from './sdk-shapes';
import { toStateError } from './task-errors';

export interface CallContext {
  cloud: Cloud;
  random: Random;
  caller: Caller;
}

/** Null stands for a member that is not there. */
function asText(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The optimized integrations take documents where the API takes text. */
const DOCUMENT_MEMBERS: Record<string, string> = { SendMessage: 'MessageBody', Publish: 'Message', StartExecution: 'Input' };

function optimizedInput(operation: string, args: Record<string, Json>): Record<string, Json> {
  if (operation === 'PutEvents' && Array.isArray(args.Entries))
    return {
      ...args,
      Entries: args.Entries.map((entry) => {
        const { Detail, ...rest } = entry as Record<string, Json>;
        return Detail === undefined ? rest : { ...rest, Detail: asText(Detail) ?? '' };
      }),
    };
  const member = DOCUMENT_MEMBERS[operation];
  const value = member === undefined ? undefined : asText(args[member]);
  return member === undefined || value === undefined ? args : { ...args, [member]: value };
}

/** The HTTP answer that optimized integrations add to their result. */
function httpMetadata(context: CallContext, contentType: string, body: string, more: Record<string, string>): Record<string, Json> {
  const requestId = context.random.uuid();
  const headers: Record<string, string> = {
    Connection: 'keep-alive',
    'Content-Length': String(Buffer.byteLength(body)),
    'Content-Type': contentType,
    Date: new Date(context.cloud.clock.now()).toUTCString(),
    'x-amzn-RequestId': requestId,
    ...more,
  };
  const all = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
  return {
    SdkHttpMetadata: { AllHttpHeaders: all, HttpHeaders: headers, HttpStatusCode: 200 },
    SdkResponseMetadata: { RequestId: requestId },
  };
}

async function call(context: CallContext, integration: Integration, input: Members): Promise<Members> {
  try {
    if (integration.operation === 'SendMessage' && input.MessageBody === undefined)
      throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
    return await context.cloud.call(integration.service, integration.operation, input, context.caller);
  } catch (failure) {
    if (failure instanceof AwsError) throw toStateError(integration, failure, context.random.uuid());
    throw failure;
  }
}

/** A function's error becomes the state's error under its own name; its whole report is the cause. */
function functionError(report: string): StateError {
  let type: unknown;
  try {
    type = (JSON.parse(report) as { errorType?: unknown } | null)?.errorType;
  } catch {
    // What the runtime wrote is no JSON, and so names no error.
  }
  if (typeof type === 'string') return new StateError(type, report);
  return new StateError(
    'Lambda.Unknown',
    `The cause could not be determined because Lambda did not return an error type. Returned payload: ${report}`,
  );
}

function parsePayload(text: string): Json {
  if (text === '') return null;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

async function invokeFunction(context: CallContext, integration: Integration, request: Members): Promise<Members & { text: string }> {
  const output = await call(context, integration, request);
  const text = output.Payload === undefined ? '' : Buffer.from(output.Payload as Uint8Array).toString('utf8');
  if (output.FunctionError !== undefined) throw functionError(text);
  return { ...output, text };
}

/** A text is sent as it is, which Lambda takes where it is JSON. */
function payloadBytes(payload: Json): Uint8Array {
  return Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
}

async function invokeWithEnvelope(context: CallContext, integration: Integration, args: Record<string, Json>): Promise<Json> {
  const { Payload: payload, ...rest } = args;
  const output = await invokeFunction(context, integration, {
    ...rest,
    ...(payload === undefined ? {} : { Payload: payloadBytes(payload) }),
  });
  const executedVersion = (output.ExecutedVersion as string | undefined) ?? '$LATEST';
  return {
    ExecutedVersion: executedVersion,
    Payload: parsePayload(output.text),
    ...httpMetadata(context, 'application/json', output.text, {
      'X-Amz-Executed-Version': executedVersion,
      'x-amzn-Remapped-Content-Length': '0',
      'X-Amzn-Trace-Id': `root=1-${context.random.uuid()};sampled=0`,
    }),
    StatusCode: (output.StatusCode as number | undefined) ?? 200,
  };
}

async function callOptimized(context: CallContext, integration: Integration, args: Record<string, Json>): Promise<Json> {
  const input = toSdkInput(integration.service, integration.operation, optimizedInput(integration.operation, args));
  const output = fromSdkOutput(integration.service, integration.operation, await call(context, integration, input));
  if (integration.operation !== 'PutEvents')
    return { ...output, ...httpMetadata(context, 'application/x-amz-json-1.0', JSON.stringify(output), {}) };
  if (typeof output.FailedEntryCount === 'number' && output.FailedEntryCount > 0)
    throw new StateError('EventBridge.FailedEntry', JSON.stringify(output));
  return output;
}

/** S3 objects are written as JSON, texts in quotes too, and with the SDK's CRC32 unless another checksum is asked for. */
function putObjectInput(args: Record<string, Json>, input: Members): Members {
  const Body = Buffer.from(args.Body === undefined || args.Body === null ? '' : JSON.stringify(args.Body));
  if (Object.keys(input).some((name) => name.startsWith('Checksum'))) return { ...input, Body };
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(Body));
  return { ...input, Body, ChecksumCRC32: checksum.toString('base64') };
}

function sdkInput({ service, operation }: Integration, args: Record<string, Json>): Members {
  const input = toSdkInput(service, operation, args);
  return service === 's3' && operation === 'PutObject' ? putObjectInput(args, input) : input;
}

/** Why a Task cannot be started with these arguments, if it cannot: no attempt is made then. */
export function unusable({ kind, service, operation }: Integration, args: Json): string | undefined {
  if (kind === 'function' || kind === 'activity') return undefined;
  const isObject = typeof args === 'object' && args !== null && !Array.isArray(args);
  const problems = isObject ? argumentProblems(service, operation, args) : ['it must be an object'];
  if (problems.length === 0) return undefined;
  return `'${JSON.stringify(args)}' could not be used to start the Task: [${problems.join('; ')}]`;
}

/** Calls what a Task's Resource stands for, as the state machine's role, and returns the Task's result. The arguments are usable. */
export async function perform(context: CallContext, integration: Integration, args: Json): Promise<Json> {
  if (integration.kind === 'function') {
    const request = { FunctionName: integration.functionArn, Payload: Buffer.from(JSON.stringify(args)) };
    return parsePayload((await invokeFunction(context, integration, request)).text);
  }
  const members = args as Record<string, Json>;
  if (integration.kind === 'lambda') return invokeWithEnvelope(context, integration, members);
  if (integration.kind === 'optimized') return callOptimized(context, integration, members);
  return fromSdkOutput(integration.service, integration.operation, await call(context, integration, sdkInput(integration, members)));
}
