import { AwsError } from '../../cloud/types';
import type { Members } from '../../cloud/types';
import type { LaptopCloud } from '../../kernel/cloud';
import { isRecursive, type Lineage } from '../../kernel/lineage';
import { sendTo } from './destinations';
import type { InvocationResult, LambdaFunction } from './function';
import type { Runner } from './runner';

const retryWaitMillis = [60_000, 120_000];
const throttleWaitMillis = 1_000;
const longestThrottleWaitMillis = 300_000;
const decoder = new TextDecoder();

/** Events that nobody waits for: Lambda queues them, tries again, and passes on what became of them. */
export class AsyncEvents {
  constructor(
    private readonly cloud: LaptopCloud,
    private readonly runner: Runner,
  ) {}

  accept(owner: LambdaFunction, payload: Uint8Array, lineage?: Lineage): void {
    const done = this.cloud.begin(`event for ${owner.constructPath || owner.name}`);
    const acceptedMillis = this.cloud.clock.now();
    this.cloud.clock.after(0, async () => {
      try {
        if (isRecursive(lineage, owner.arn)) await this.passOn(owner, payload, 'RecursiveInvocation', 0, undefined);
        else await this.deliver(owner, payload, acceptedMillis, lineage);
      } finally {
        done();
      }
    });
  }

  private async deliver(owner: LambdaFunction, payload: Uint8Array, acceptedMillis: number, lineage?: Lineage): Promise<void> {
    const { clock } = this.cloud;
    let failures = 0;
    let throttleMillis = throttleWaitMillis;
    for (;;) {
      const { maximumEventAgeSeconds, maximumRetryAttempts } = owner.eventInvoke;
      let result: InvocationResult | undefined;
      try {
        result = await this.runner.invoke(owner, payload, lineage);
      } catch (error) {
        if (!(error instanceof AwsError) || error.code !== 'TooManyRequestsException') throw error;
      }
      if (result !== undefined && result.functionError === undefined) return this.passOn(owner, payload, 'Success', failures + 1, result);
      if (result !== undefined) failures += 1;
      if (result !== undefined && failures > maximumRetryAttempts) return this.passOn(owner, payload, 'RetriesExhausted', failures, result);
      const waitMillis = result === undefined ? throttleMillis : retryWaitMillis[failures - 1]!;
      if (result === undefined) throttleMillis = Math.min(2 * throttleMillis, longestThrottleWaitMillis);
      if (clock.now() + waitMillis > acceptedMillis + maximumEventAgeSeconds * 1000) {
        return this.passOn(owner, payload, 'EventAgeExceeded', failures, result);
      }
      await clock.sleep(waitMillis);
    }
  }

  private async passOn(
    owner: LambdaFunction,
    payload: Uint8Array,
    condition: string,
    invokeCount: number,
    result: InvocationResult | undefined,
  ): Promise<void> {
    const succeeded = condition === 'Success';
    const destination = succeeded ? owner.eventInvoke.onSuccessArn : owner.eventInvoke.onFailureArn;
    if (!succeeded) this.recordDropped(owner, condition, destination ?? owner.configuration.deadLetterArn);
    const event: unknown = payload.byteLength === 0 ? {} : JSON.parse(decoder.decode(payload));
    if (destination !== undefined) {
      await this.send(owner, destination, JSON.stringify(this.recordOf(owner, event, condition, invokeCount, result)), succeeded);
    }
    // A dead-letter queue gets the event itself, and only what failed.
    const { deadLetterArn } = owner.configuration;
    if (!succeeded && deadLetterArn !== undefined) await this.send(owner, deadLetterArn, JSON.stringify(event), false);
  }

  private recordDropped(owner: LambdaFunction, condition: string, destination: string | undefined): void {
    const { name, constructPath } = owner;
    const told = destination === undefined ? {} : { destination };
    this.cloud.record('lambda', 'event-dropped', { function: name, constructPath, condition, ...told });
  }

  private recordOf(
    owner: LambdaFunction,
    event: unknown,
    condition: string,
    approximateInvokeCount: number,
    result: InvocationResult | undefined,
  ): Members {
    return {
      version: '1.0',
      timestamp: new Date(this.cloud.clock.now()).toISOString(),
      requestContext: {
        requestId: `${owner.name}-${owner.requests}`,
        functionArn: `${owner.arn}:$LATEST`,
        condition,
        approximateInvokeCount,
      },
      requestPayload: event,
      ...(result === undefined
        ? {}
        : {
            responseContext: {
              statusCode: 200,
              executedVersion: '$LATEST',
              ...(result.functionError === undefined ? {} : { functionError: result.functionError }),
            },
            responsePayload: JSON.parse(decoder.decode(result.payload)) as unknown,
          }),
    };
  }

  private send(owner: LambdaFunction, targetArn: string, body: string, succeeded: boolean): Promise<void> {
    return sendTo(this.cloud, owner, targetArn, body, `Lambda Function Invocation Result - ${succeeded ? 'Success' : 'Failure'}`);
  }
}
