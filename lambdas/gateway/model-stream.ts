import {
  InvokeEndpointWithResponseStreamCommand,
  type ResponseStream,
  type SageMakerRuntimeClient,
} from '@aws-sdk/client-sagemaker-runtime';
import { targetOf } from '../../core/release/target';
import type { Invocation } from './model';

/** An answer whose first bytes are there. */
export interface ModelStream {
  contentType: string;
  first: Uint8Array;
  /** Fails when the model breaks off, is silent for too long, or goes on for too long. */
  rest: AsyncIterable<Uint8Array>;
}

export interface StreamLimits {
  /** Until the first bytes, and between any two. */
  silenceMillis: number;
  /** For the whole answer. */
  wholeMillis: number;
}

/** One attempt, one variant. An error before the first bytes is thrown here, so that somebody else may answer. */
export async function openModelStream(runtime: SageMakerRuntimeClient, invocation: Invocation, limits: StreamLimits): Promise<ModelStream> {
  const command = new InvokeEndpointWithResponseStreamCommand({
    EndpointName: invocation.endpointName,
    ...targetOf(invocation),
    InferenceId: invocation.decisionId,
    Body: invocation.request.body,
    ContentType: invocation.request.contentType,
  });
  const abort = new AbortController();
  const chunks = withoutSilence(opened(runtime, command, abort.signal), limits, () => abort.abort());
  const { done, value } = await chunks.next();
  if (done === true) throw new StreamError('EmptyStream', 'The model ended its answer before it began');
  return { contentType: value.contentType, first: value.bytes, rest: bytesOf(chunks) };
}

interface Chunk {
  bytes: Uint8Array;
  contentType: string;
}

/** Named, as errors of the SDK are: only names are logged. */
class StreamError extends Error {
  constructor(
    override readonly name: string,
    message: string,
  ) {
    super(message);
  }
}

async function* opened(
  runtime: SageMakerRuntimeClient,
  command: InvokeEndpointWithResponseStreamCommand,
  abortSignal: AbortSignal,
): AsyncGenerator<Chunk, undefined> {
  const { Body: events = [], ContentType: contentType = 'application/octet-stream' } = await runtime.send(command, { abortSignal });
  for await (const event of events as AsyncIterable<ResponseStream>) {
    const broken = event.ModelStreamError ?? event.InternalStreamFailure;
    if (broken !== undefined) throw broken;
    const bytes = event.PayloadPart?.Bytes;
    if (bytes !== undefined && bytes.byteLength > 0) yield { bytes, contentType };
  }
  return undefined;
}

async function* withoutSilence(
  chunks: AsyncGenerator<Chunk, undefined>,
  { silenceMillis, wholeMillis }: StreamLimits,
  abort: () => void,
): AsyncGenerator<Chunk, undefined> {
  const endsAtMillis = Date.now() + wholeMillis;
  let isOver = false;
  try {
    for (;;) {
      const next = await orTimeout(chunks.next(), Math.min(silenceMillis, endsAtMillis - Date.now()));
      isOver = next.done === true;
      if (next.done === true) return undefined;
      yield next.value;
    }
  } finally {
    // Also where nobody reads on. A request that is over stays as it is: its connection is used again.
    if (!isOver) abort();
  }
}

/** What waits is given up: its own failure, which follows, is nobody's any more. */
async function orTimeout<Value>(wait: Promise<Value>, millis: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StreamError('TimeoutError', 'The model took too long')), Math.max(0, millis));
  });
  try {
    return await Promise.race([wait, tooLate]);
  } finally {
    clearTimeout(timer);
    wait.catch(() => undefined);
  }
}

async function* bytesOf(chunks: AsyncGenerator<Chunk, undefined>): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of chunks) yield bytes;
}
