import { AwsError } from '../../cloud/types';
import type { Caller, Members } from '../../cloud/types';
import type { LaptopCloud } from '../../kernel/cloud';
import { NoAnswerError } from '../../kernel/faults';

/** How the gateway reaches a function. */
export interface FunctionTarget {
  functionArn: string;
  /** The role to act as; undefined: the function's own policy must let the gateway in. */
  credentials: string | undefined;
  timeoutMillis: number;
}

export type Invoked =
  | { kind: 'answered'; payload: Uint8Array; isError: boolean }
  /** Lambda did not take the call: no permission, no such function, throttled. */
  | { kind: 'rejected'; reason: string }
  | { kind: 'timed-out' };

const principal = 'apigateway.amazonaws.com';

/** Invokes the function for a request of the API that `sourceArn` names. */
export async function invokeFunction(
  cloud: LaptopCloud,
  { functionArn, credentials, timeoutMillis }: FunctionTarget,
  event: unknown,
  sourceArn: string,
  invocationType: 'RequestResponse' | 'Event' = 'RequestResponse',
): Promise<Invoked> {
  const caller: Caller = credentials === undefined ? { kind: 'service', principal, sourceArn } : { kind: 'role', roleArn: credentials };
  const input = { FunctionName: functionArn, InvocationType: invocationType, Payload: new TextEncoder().encode(JSON.stringify(event)) };
  const call = async (): Promise<Invoked> => {
    try {
      if (credentials !== undefined) cloud.assume(credentials, principal, sourceArn);
      return answered(await cloud.call('lambda', 'Invoke', input, caller));
    } catch (error) {
      if (error instanceof NoAnswerError) return { kind: 'timed-out' };
      if (error instanceof AwsError) return { kind: 'rejected', reason: `${error.code}: ${error.message}` };
      throw error;
    }
  };
  return within(cloud, timeoutMillis, call(), { kind: 'timed-out' });
}

function answered(output: Members): Invoked {
  const payload = (output['Payload'] ?? new Uint8Array()) as Uint8Array;
  return { kind: 'answered', payload, isError: output['FunctionError'] !== undefined };
}

/** What runs longer runs on, but nobody waits for it any more. */
export async function within<T, L>(cloud: LaptopCloud, millis: number, work: Promise<T>, late: L): Promise<T | L> {
  let expire: (late: L) => void = () => undefined;
  const expired = new Promise<L>((resolve) => {
    expire = resolve;
  });
  const timer = cloud.clock.after(millis, () => expire(late));
  try {
    return await Promise.race([work, expired]);
  } finally {
    cloud.clock.cancel(timer);
  }
}

/** The function of `arn:…:apigateway:<region>:lambda:path/2015-03-31/functions/<arn>/invocations`; undefined: another service, or streamed. */
export function functionOfUri(uri: string): string | undefined {
  return /:lambda:path\/2015-03-31\/functions\/(.+)\/invocations$/.exec(uri)?.[1];
}
