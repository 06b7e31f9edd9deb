import { InvokeEndpointAsyncCommand, type SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { Invocation, ModelAnswer } from './model';

/** The request waits in the endpoint's queue: the answer says where the model's will be. */
export async function queueRequest(
  runtime: SageMakerRuntimeClient,
  { endpointName, decisionId, request, inputLocation }: Invocation,
  abortSignal: AbortSignal,
): Promise<ModelAnswer> {
  if (inputLocation === undefined) {
    throw new Error('The request was not stored, and an asynchronous endpoint reads it from its bucket: deploy with serving.mode async');
  }
  const command = new InvokeEndpointAsyncCommand({
    EndpointName: endpointName,
    InputLocation: inputLocation,
    InferenceId: decisionId,
    ContentType: request.contentType,
  });
  const { OutputLocation, FailureLocation } = await runtime.send(command, { abortSignal });
  const told = { decisionId, answer: OutputLocation, failure: FailureLocation };
  return { body: Buffer.from(JSON.stringify(told)), contentType: 'application/json', statusCode: 202 };
}
