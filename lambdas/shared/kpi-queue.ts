import { setTimeout as sleep } from 'node:timers/promises';
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { BatchOptions } from '../../core/observation';
import { LARGEST_MESSAGE_BYTES, messagesOf } from './kpi-messages';

const MOST_ENTRIES = 10;
const ATTEMPTS = 4;
const BACKOFF_MILLIS = 100;

/** Sends KPI events to the observation queue, many to a message. Throws while some could not be sent: sent again, none is counted twice. */
export class KpiQueue {
  constructor(
    private readonly sqs: SQSClient,
    private readonly queueUrl: string,
  ) {}

  /** Each event has at most `LARGEST_EVENT_BYTES`. */
  async send(events: unknown[], options?: BatchOptions): Promise<void> {
    await this.sendBodies(messagesOf(events, options));
  }

  async sendBodies(bodies: string[]): Promise<void> {
    for (const request of requestsOf(bodies)) await this.sendRequest(request);
  }

  private async sendRequest(bodies: string[]): Promise<void> {
    let pending = bodies;
    for (let attempt = 1; ; attempt += 1) {
      const Entries = pending.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
      const { Failed = [] } = await this.sqs.send(new SendMessageBatchCommand({ QueueUrl: this.queueUrl, Entries }));
      if (Failed.length === 0) return;
      const refused = Failed.find(({ SenderFault }) => SenderFault === true) ?? Failed[0];
      if (refused?.SenderFault === true || attempt === ATTEMPTS) {
        throw new Error(
          `The observation queue did not take ${Failed.length} of ${pending.length} messages: ${refused?.Code} ${refused?.Message ?? ''}`,
        );
      }
      pending = Failed.map(({ Id }) => pending[Number(Id)] as string);
      await sleep(BACKOFF_MILLIS * 2 ** attempt);
    }
  }
}

/** As many messages as one request to SQS takes. */
function* requestsOf(bodies: string[]): Generator<string[]> {
  let request: string[] = [];
  let bytes = 0;
  for (const body of bodies) {
    const size = Buffer.byteLength(body);
    if (request.length === MOST_ENTRIES || bytes + size > LARGEST_MESSAGE_BYTES) {
      yield request;
      request = [];
      bytes = 0;
    }
    request.push(body);
    bytes += size;
  }
  if (request.length > 0) yield request;
}
