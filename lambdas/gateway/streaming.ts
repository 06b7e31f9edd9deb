import { createHash } from 'node:crypto';
import { answering, type HttpAnswer, type HttpEvent } from '../shared/http';
import { lineageHeaders, withoutLineage } from './answer';
import { type Decided, Gateway, type GatewayParts } from './gateway';
import type { Invocation } from './model';
import type { ModelStream } from './model-stream';
import { type DirectEvent, type InferenceRequest, readRequest } from './request';

export interface StreamingParts extends GatewayParts {
  open(invocation: Invocation): Promise<ModelStream>;
}

/** Who waits for the answer: gets it whole, or its head and then its body bit by bit. */
export interface Caller {
  whole(answer: HttpAnswer): Promise<void>;
  begin(headers: Record<string, string>): void;
  write(bytes: Uint8Array): Promise<void>;
  end(): Promise<void>;
}

/** Nobody reads any more: no fault of the model. */
class CallerLeft extends Error {
  override readonly name = 'CallerLeft';
}

/** The answer was begun and is not whole: the caller's connection has to break, since its head said 200. */
export class BrokenAnswer extends Error {
  override readonly name = 'BrokenAnswer';
}

/**
 * Hands answers on while the model still writes them.
 * Until the first byte an error is answered by the baseline, as ever; after it the answer ends there, and its decision counts as failed.
 * What is known as a whole (a baseline's answer, a refusal) is on record before it is given; a streamed answer is when it ends.
 */
export class StreamingGateway extends Gateway {
  constructor(protected override readonly parts: StreamingParts) {
    super(parts);
  }

  async stream(event: HttpEvent | DirectEvent, caller: Caller): Promise<void> {
    const whole = await answering(() => this.streamed(readRequest(event), caller));
    if (whole !== undefined) await caller.whole(whole);
  }

  /** Undefined once the answer was streamed. */
  private async streamed(request: InferenceRequest, caller: Caller): Promise<HttpAnswer | undefined> {
    const startedAtMillis = this.parts.now();
    const decided = await this.decide(request, startedAtMillis);
    if (decided === undefined) return withoutLineage();
    const stream = await this.asked(request, decided, this.parts.open);
    const firstByteMillis = this.parts.now() - startedAtMillis;
    if (stream !== undefined) {
      await this.handOn(request, decided, stream, caller, { startedAtMillis, firstByteMillis });
      return undefined;
    }
    const outcome = await this.fromBaseline(request, decided);
    return this.recorded(request, decided, { ...outcome, firstByteMillis: this.parts.now() - startedAtMillis }, startedAtMillis);
  }

  private async handOn(
    request: InferenceRequest,
    decided: Decided,
    stream: ModelStream,
    caller: Caller,
    { startedAtMillis, firstByteMillis }: { startedAtMillis: number; firstByteMillis: number },
  ): Promise<void> {
    const hash = createHash('sha256');
    const pass = async (bytes: Uint8Array): Promise<void> => {
      hash.update(bytes);
      await caller.write(bytes).catch((error: unknown) => Promise.reject(new CallerLeft('The answer cannot be written', { cause: error })));
    };
    caller.begin({ 'content-type': stream.contentType, ...lineageHeaders(decided.decisionId, decided.arm) });
    const failed = !(await this.allOf(stream, pass, decided));
    const outcome = { failed, fallback: false, responseHash: hash.digest('hex'), firstByteMillis };
    const isRecorded = await this.record(request, decided, outcome, startedAtMillis);
    if (failed) throw new BrokenAnswer('The model broke off its answer');
    if (!isRecorded) throw new BrokenAnswer('The decision of an answer could not be recorded');
    await caller.end();
  }

  /** False when the model broke off. */
  private async allOf(stream: ModelStream, pass: (bytes: Uint8Array) => Promise<void>, decided: Decided): Promise<boolean> {
    try {
      await pass(stream.first);
      for await (const bytes of stream.rest) await pass(bytes);
    } catch (error) {
      if (!(error instanceof CallerLeft)) {
        this.noteFailure(decided, 'The model broke off its answer', error);
        return false;
      }
      this.parts.warn('The caller left before the answer was whole', { decisionId: decided.decisionId });
    }
    this.noteSuccess(decided);
    return true;
  }
}
