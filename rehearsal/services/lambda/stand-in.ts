import type { Members } from '../../cloud/types';
import type { InvocationResult } from './function';

/** What stands in for a function: gets the event, answers what the function would. */
export type StandIn = (event: unknown) => unknown;

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value ?? null));

/** What is thrown is a function error. */
export async function playStandIn(standIn: StandIn, event: unknown): Promise<InvocationResult> {
  try {
    return { payload: encode(await standIn(event)) };
  } catch (error) {
    const { name: errorType, message: errorMessage } = error instanceof Error ? error : { name: 'Error', message: String(error) };
    return { payload: encode({ errorType, errorMessage }), functionError: 'Unhandled', errorType, errorMessage };
  }
}

/** As `Invoke` answers for a function that no stack holds. */
export async function askStandIn(standIn: StandIn, input: Members): Promise<Members> {
  const payload = input['Payload'] as Uint8Array | undefined;
  const text = payload === undefined ? '' : new TextDecoder().decode(payload);
  const { payload: Payload, functionError } = await playStandIn(standIn, text === '' ? {} : JSON.parse(text));
  return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload, ...(functionError === undefined ? {} : { FunctionError: functionError }) };
}
