import { InvokeEndpointCommand, type SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { ServingMode } from '../../core/contracts/serving';
import { targetOf } from '../../core/release/target';
import { queueRequest } from './async-model';
import type { InferenceRequest } from './request';

export interface ModelAnswer {
  body: Uint8Array;
  contentType: string;
  /** Default: 200. */
  statusCode?: number;
}

export interface Invocation {
  endpointName: string;
  variantName: string;
  /** Missing: real-time, where several variants stand on one endpoint. */
  mode?: ServingMode;
  /** Of inference components: invoked in the place of the variant. */
  componentName?: string;
  decisionId: string;
  request: InferenceRequest;
  /** Of an asynchronous endpoint: where it reads the request. */
  inputLocation?: string;
}

/** One attempt, one variant: no retry may start later than the control record allows. */
export async function invokeModel(runtime: SageMakerRuntimeClient, invocation: Invocation, timeoutMillis: number): Promise<ModelAnswer> {
  const abort = new AbortController();
  // Unlike that of AbortSignal.timeout, this timer goes with its request: none is left to fire in a later invocation.
  const timer = setTimeout(() => abort.abort(new DOMException('The model took too long', 'TimeoutError')), timeoutMillis);
  try {
    return await (invocation.mode === 'async' ? queueRequest : askModel)(runtime, invocation, abort.signal);
  } finally {
    clearTimeout(timer);
  }
}

async function askModel(runtime: SageMakerRuntimeClient, invocation: Invocation, abortSignal: AbortSignal): Promise<ModelAnswer> {
  const command = new InvokeEndpointCommand({
    EndpointName: invocation.endpointName,
    ...targetOf(invocation),
    InferenceId: invocation.decisionId,
    Body: invocation.request.body,
    ContentType: invocation.request.contentType,
  });
  const { Body, ContentType } = await runtime.send(command, { abortSignal });
  return { body: Body ?? new Uint8Array(), contentType: ContentType ?? 'application/octet-stream' };
}
