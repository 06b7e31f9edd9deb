import type { Arm, ControlRecord } from '../../core/contracts';
import type { Cloud, HttpResponse, Random } from '../cloud/types';
import type { Answer } from './history';
import { decisionFields } from './kpi-event';
import type { KpiProducer } from './kpi-producer';
import type { Moment, OutcomesFunction, TrafficItem, TrafficSource } from './user-modules';

const MINUTE_MILLIS = 60_000;

/** Sends a signed request to a function URL, as an IAM principal would. */
export type UrlInvoker = (
  url: string,
  request: { method: string; path: string; headers: Record<string, string>; body: Uint8Array },
  signer: { principalArn: string },
) => Promise<HttpResponse>;

export interface CallersParts {
  cloud: Cloud;
  random: Random;
  invokeUrl: UrlInvoker;
  source: TrafficSource;
  outcomes: OutcomesFunction;
  producer: KpiProducer;
  /** The control record as it stands. */
  control(): ControlRecord | undefined;
  startMillis: number;
}

/** The callers of the use case. */
export class Callers {
  readonly answers: Answer[] = [];

  constructor(private readonly parts: CallersParts) {}

  async call(gatewayUrl: string, principalArn: string): Promise<void> {
    const { cloud, source, invokeUrl } = this.parts;
    const done = cloud.begin('request');
    try {
      const item = source.next(this.moment());
      const answer: Answer = { atMillis: cloud.clock.now(), status: 0, unit: item.unit };
      this.answers.push(answer);
      const headers = { 'content-type': 'application/json', 'x-sluice-unit': item.unit };
      const body = new TextEncoder().encode(JSON.stringify(item.request));
      const response = await invokeUrl(gatewayUrl, { method: 'POST', path: '/', headers, body }, { principalArn });
      answer.status = response.status;
      answer.decisionId = response.headers['x-sluice-decision-id'];
      answer.arm = response.headers['x-sluice-arm'] as Arm | undefined;
      noteTimes(answer, response);
      if (answer.status < 400 && answer.status > 0) this.observe(item, answer, response);
    } finally {
      done();
    }
  }

  private observe(item: TrafficItem, answer: Answer, response: HttpResponse): void {
    const { random, outcomes, producer, cloud } = this.parts;
    const decoded = decodedBody(response);
    const { request, truth, unit } = item;
    const observed = outcomes({ request, truth, unit, response: decoded, ...this.moment(), random: () => random.next() });
    const decisionId = answer.decisionId ?? '';
    const variant = this.variantOf(answer.arm);
    producer.observe(observed, {
      unit,
      decisionId,
      releaseId: decisionFields(decisionId).releaseId,
      ...(answer.arm === undefined ? {} : { arm: answer.arm }),
      decidedAtMillis: cloud.clock.now(),
      ...(variant === undefined ? {} : { variant }),
    });
  }

  /** The production variant behind an arm, as data capture on the endpoint would show it. */
  private variantOf(arm: Arm | undefined): string | undefined {
    const control = this.parts.control();
    return arm === 'candidate' ? control?.candidate?.variantName : arm === 'stable' ? control?.stable?.variantName : undefined;
  }

  private moment(): Moment {
    const atMillis = this.parts.cloud.clock.now();
    return { atMillis, atMinutes: (atMillis - this.parts.startMillis) / MINUTE_MILLIS };
  }
}

/** What is no JSON, such as a stream of events, is given as text. */
function decodedBody({ headers, body, streamed }: HttpResponse): unknown {
  const text = new TextDecoder().decode(body);
  return streamed !== undefined && !(headers['content-type'] ?? '').includes('json') ? text : (JSON.parse(text) as unknown);
}

function noteTimes(answer: Answer, { streamed }: HttpResponse): void {
  if (streamed === undefined) return;
  answer.firstByteMillis = streamed.firstByteAtMillis - answer.atMillis;
  answer.lastByteMillis = streamed.lastByteAtMillis - answer.atMillis;
  // The connection broke off: the caller has no answer.
  if (!streamed.complete) answer.status = 0;
}
