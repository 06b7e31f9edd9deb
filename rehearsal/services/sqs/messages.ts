import { AwsError } from '../../cloud/types';
import type { Members } from '../../cloud/types';
import { invalidParameter } from './errors';
import type { Message, Queue } from './queue';

const maxAttributes = 10;

/** Bytes that count against the limit: the body, and names, types and values of the attributes. */
export function messageBytes(input: Members): number {
  let bytes = Buffer.byteLength(input['MessageBody'] as string);
  for (const [name, attribute] of Object.entries((input['MessageAttributes'] ?? {}) as Record<string, Members>)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(attribute['DataType'] as string);
    bytes += attribute['StringValue'] === undefined ? attribute['BinaryValue'].length : Buffer.byteLength(attribute['StringValue']);
  }
  return bytes;
}

// What XML 1.0 cannot carry, SQS does not take.
const unacceptable = /[^\u0009\u000a\u000d\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u; // eslint-disable-line no-control-regex

export function checkMessage(input: Members, queue: Queue): void {
  const body = input['MessageBody'] as string;
  if (body === '') throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  if (unacceptable.test(body)) {
    throw new AwsError(
      'InvalidMessageContents',
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    );
  }
  const { maximumMessageBytes } = queue.settings;
  if (messageBytes(input) > maximumMessageBytes) {
    throw invalidParameter(`One or more parameters are invalid. Reason: Message must be shorter than ${maximumMessageBytes} bytes.`);
  }
  const delaySeconds = input['DelaySeconds'] as number | undefined;
  if (delaySeconds !== undefined && (delaySeconds < 0 || delaySeconds > 900)) {
    throw invalidParameter(`Value ${delaySeconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`);
  }
  if (queue.settings.fifo === undefined) refuseParameter(input, 'MessageDeduplicationId');
  else checkFifo(input, queue.settings.fifo);
  const attributes = Object.keys((input['MessageAttributes'] ?? {}) as object).length;
  if (attributes > maxAttributes) {
    throw invalidParameter(`Number of message attributes [${attributes}] exceeds the allowed maximum [${maxAttributes}].`);
  }
}

function refuseParameter(input: Members, name: string): void {
  const value = input[name] as unknown;
  if (value === undefined) return;
  throw invalidParameter(
    `Value ${String(value)} for parameter ${name} is invalid. Reason: The request includes a parameter that is not valid for this queue type.`,
  );
}

/** Groups and deduplication ids are text of letters, digits and punctuation. */
const fifoText = /^[\x21-\x7e]{1,128}$/;

function checkFifo(input: Members, { deduplicatesByContent }: NonNullable<Queue['settings']['fifo']>): void {
  // The queue's own delay holds for all of its messages.
  if (input['DelaySeconds'] !== 0) refuseParameter(input, 'DelaySeconds');
  if (input['MessageGroupId'] === undefined)
    throw new AwsError('MissingParameter', 'The request must contain the parameter MessageGroupId.');
  for (const name of ['MessageGroupId', 'MessageDeduplicationId']) {
    const value = input[name] as string | undefined;
    if (value !== undefined && !fifoText.test(value))
      throw invalidParameter(
        `Value ${value} for parameter ${name} is invalid. Reason: ${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
      );
  }
  if (input['MessageDeduplicationId'] === undefined && !deduplicatesByContent)
    throw invalidParameter('The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly');
}

const receiveLimits: [string, number, number][] = [
  ['MaxNumberOfMessages', 1, 10],
  ['WaitTimeSeconds', 0, 20],
  ['VisibilityTimeout', 0, 43_200],
];

export function checkReceive(input: Members): void {
  for (const [name, least, most] of receiveLimits) {
    const value = input[name] as number | undefined;
    if (value === undefined || (value >= least && value <= most)) continue;
    throw invalidParameter(`Value ${value} for parameter ${name} is invalid. Reason: Must be between ${least} and ${most}, if provided.`);
  }
}

/** System attributes of a received message, all as text. */
export function systemAttributes(message: Message): Record<string, string> {
  return {
    SenderId: message.senderId,
    SentTimestamp: String(message.sentAtMillis),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMillis ?? message.sentAtMillis),
    ...(message.groupId === undefined ? {} : { MessageGroupId: message.groupId }),
    ...(message.fifo === undefined
      ? {}
      : {
          MessageGroupId: message.fifo.groupId,
          MessageDeduplicationId: message.fifo.deduplicationId,
          SequenceNumber: message.fifo.sequenceNumber,
        }),
    ...(message.sourceArn === undefined ? {} : { DeadLetterQueueSourceArn: message.sourceArn }),
  };
}

function chosen<T>(all: Record<string, T>, names: readonly string[]): Record<string, T> | undefined {
  const wanted = (name: string): boolean =>
    names.some(
      (asked) => asked === 'All' || asked === '.*' || asked === name || (asked.endsWith('.*') && name.startsWith(asked.slice(0, -1))),
    );
  const found = Object.entries(all).filter(([name]) => wanted(name));
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** A message as ReceiveMessage answers it. */
export function receivedMessage(message: Message, input: Members): Members {
  const system = [...((input['AttributeNames'] ?? []) as string[]), ...((input['MessageSystemAttributeNames'] ?? []) as string[])];
  const own = chosen(message.attributes, (input['MessageAttributeNames'] ?? []) as string[]);
  const attributes = chosen(systemAttributes(message), system);
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: message.bodyMd5,
    Body: message.body,
    ...(attributes === undefined ? {} : { Attributes: attributes }),
    ...(own === undefined ? {} : { MessageAttributes: own, MD5OfMessageAttributes: message.attributesMd5 }),
  };
}

export function checkBatch(entries: readonly Members[]): void {
  if (entries.length === 0) throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > 10) {
    throw new AwsError('TooManyEntriesInBatchRequest', `Maximum number of entries per request are 10. You have sent ${entries.length}.`);
  }
  const ids = new Set<string>();
  for (const { Id: id } of entries as { Id: string }[]) {
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(id)) {
      throw new AwsError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      );
    }
    if (ids.has(id)) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
    ids.add(id);
  }
}

/** Runs a batch entry by entry: one that fails does not stop the others. */
export function eachEntry(entries: readonly Members[], run: (entry: Members) => Members): Members {
  const successful: Members[] = [];
  const failed: Members[] = [];
  for (const entry of entries) {
    try {
      successful.push({ Id: entry['Id'], ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      failed.push({ Id: entry['Id'], SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return { Successful: successful, Failed: failed };
}
