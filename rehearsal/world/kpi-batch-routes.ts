import type { Cloud } from '../cloud/types';
import type { UrlInvoker } from './callers';
import { outputNeeded, PRODUCER, untilTaken, type KpiRoute, type OutputOf } from './kpi-routes';

/** What the URL takes at once, and less than a Lambda invocation holds. */
const MOST_EVENTS = 1000;
const MOST_CHARACTERS = 4_000_000;

interface Waiting {
  text: string;
  done(answer: { refused?: string }): void;
  failed(error: unknown): void;
}

/** Gathers events for a while, then sends them together. */
abstract class BatchRoute implements KpiRoute {
  abstract readonly takesAnyText: boolean;
  readonly bringsOthers = true;
  private waiting: Waiting[] = [];

  constructor(
    protected readonly cloud: Cloud,
    private readonly everyMillis: number,
  ) {}

  protected abstract sendBatch(texts: string[]): Promise<{ refused?: string }>;

  send(text: string): Promise<{ refused?: string }> {
    if (this.waiting.length === 0) this.cloud.clock.after(this.everyMillis, () => this.flush());
    return new Promise((done, failed) => this.waiting.push({ text, done, failed }));
  }

  private async flush(): Promise<void> {
    const gathered = this.waiting;
    this.waiting = [];
    for (const batch of batches(gathered)) {
      try {
        const answer = await this.sendBatch(batch.map(({ text }) => text));
        for (const { done } of batch) done(answer);
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
  }
}

function batches(events: Waiting[]): Waiting[][] {
  const made: Waiting[][] = [];
  let characters = 0;
  for (const event of events) {
    const last = made.at(-1);
    if (last === undefined || last.length === MOST_EVENTS || characters + event.text.length > MOST_CHARACTERS) {
      made.push([event]);
      characters = event.text.length;
    } else {
      last.push(event);
      characters += event.text.length;
    }
  }
  return made;
}

/** POSTs to the URL for KPI events, as an IAM principal. */
export class HttpsRoute extends BatchRoute {
  readonly takesAnyText = true;

  constructor(
    cloud: Cloud,
    everyMillis: number,
    private readonly outputOf: OutputOf,
    private readonly invokeUrl: UrlInvoker,
  ) {
    super(cloud, everyMillis);
  }

  protected sendBatch(texts: string[]): Promise<{ refused?: string }> {
    const url = outputNeeded(this.outputOf, 'KpiUrl', 'https', 'a charter with platform: { kpiHttp: true }');
    const body = new TextEncoder().encode(`{"events":[${texts.join(',')}]}`);
    const request = { method: 'POST', path: '/', headers: { 'content-type': 'application/json' }, body };
    const signer = { principalArn: `arn:aws:iam::${this.cloud.accountId}:role/KpiProducer` };
    return untilTaken(this.cloud, async () => {
      const { status, body: answer } = await this.invokeUrl(url, request, signer);
      // 400: none of the events was good; they are kept all the same.
      if (status < 300 || status === 400) return undefined;
      return { code: `HTTP ${status}`, message: new TextDecoder().decode(answer) };
    });
  }
}

/** Drops files of JSON lines in the bucket for KPI events. */
export class FileRoute extends BatchRoute {
  readonly takesAnyText = false;
  private files = 0;

  constructor(
    cloud: Cloud,
    everyMillis: number,
    private readonly outputOf: OutputOf,
  ) {
    super(cloud, everyMillis);
  }

  protected sendBatch(texts: string[]): Promise<{ refused?: string }> {
    const Bucket = outputNeeded(this.outputOf, 'KpiFileBucketName', 'file', 'a charter with platform: { kpiFiles: true }');
    this.files += 1;
    const Key = `outcomes/${String(this.files).padStart(6, '0')}.jsonl`;
    const Body = new TextEncoder().encode(`${texts.join('\n')}\n`);
    return untilTaken(this.cloud, async () => {
      await this.cloud.call('s3', 'PutObject', { Bucket, Key, Body }, PRODUCER);
      return undefined;
    });
  }
}
