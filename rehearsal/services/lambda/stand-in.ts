import type { Members } from '../../cloud/types';

/** What stands in for a function that no stack holds: gets the event, answers what the function would. */
export type StandIn = (event: unknown) => unknown;

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value ?? null));

/** As `Invoke` answers: what is thrown is a function error. */
export async function playStandIn(standIn: StandIn, input: Members): Promise<Members> {
  const payload = input['Payload'] as Uint8Array | undefined;
  const text = payload === undefined ? '' : new TextDecoder().decode(payload);
  try {
    const answer: unknown = await standIn(text === '' ? {} : JSON.parse(text));
    return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: encode(answer) };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
    return {
      StatusCode: 200,
      ExecutedVersion: '$LATEST',
      FunctionError: 'Unhandled',
      Payload: encode({ errorType: name, errorMessage: message }),
    };
  }
}
