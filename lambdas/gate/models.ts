import { InvokeEndpointCommand, type SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { type Answer, answerOf } from '../../core/gates/answer';
import { type DataLine, requestOf } from '../../core/gates/line';
import { Unscored } from '../../core/gates/unscored';
import { targetOf } from '../../core/release/target';
import type { Baseline } from '../gateway/baseline';
import type { Place } from './parts';

/** A release as it stands on an endpoint. */
export interface Target extends Place {
  /** Named in captured data and in traces: no decision of a user's. */
  inferenceId: string;
}

const TIMEOUT_MILLIS = 62_000;

/** Whoever answers lines: a variant of the endpoint, whatever its weight, or the baseline. */
export class Models {
  /**
   * @param patient tries again where SageMaker throttles
   * @param once one attempt, for load
   */
  constructor(
    private readonly patient: SageMakerRuntimeClient,
    private readonly once: SageMakerRuntimeClient,
    private readonly baseline: () => Baseline,
  ) {}

  async answer(target: Target, line: DataLine): Promise<Answer> {
    try {
      return answerOf(await invoke(this.patient, target, line));
    } catch (error) {
      throw new Unscored(`no answer (${errorName(error)})`);
    }
  }

  /** Throws whatever SageMaker said. */
  async load(target: Target, line: DataLine): Promise<void> {
    await invoke(this.once, target, line);
  }

  async askBaseline(line: DataLine): Promise<Answer> {
    try {
      return answerOf(JSON.stringify((await this.baseline().answer(line.request)) ?? null));
    } catch (error) {
      throw new Unscored(`the baseline did not answer (${errorName(error)})`);
    }
  }
}

async function invoke(client: SageMakerRuntimeClient, target: Target, line: DataLine): Promise<string> {
  const { body, contentType } = requestOf(line);
  const command = new InvokeEndpointCommand({
    EndpointName: target.endpointName,
    ...targetOf(target),
    InferenceId: target.inferenceId,
    Body: Buffer.from(body),
    ContentType: contentType,
  });
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(new DOMException('The model took too long', 'TimeoutError')), TIMEOUT_MILLIS);
  try {
    const { Body } = await client.send(command, { abortSignal: abort.signal });
    return Buffer.from(Body ?? new Uint8Array()).toString('utf8');
  } catch (error) {
    // The SDK says that it was aborted, not why.
    throw abort.signal.aborted ? abort.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

/** Messages may quote requests and answers; names do not. */
export function errorName(error: unknown): string {
  const { name } = (error ?? {}) as { name?: unknown };
  return typeof name === 'string' ? name.slice(0, 60) : 'unknown';
}
