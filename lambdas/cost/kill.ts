import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';

/** Asks the rollback handler for the kill switch, and waits: one that was not turned on stays owed, and is asked for again. */
export function killThrough(lambda: LambdaClient, rollback: string | undefined): (reason: string) => Promise<void> {
  return async (reason) => {
    if (rollback === undefined) throw new Error('There is no rollback handler to ask for the kill switch: ROLLBACK_FUNCTION is missing');
    const Payload = JSON.stringify({ source: 'cost-guard', kill: true, reason });
    const answer = await lambda.send(new InvokeCommand({ FunctionName: rollback, InvocationType: 'RequestResponse', Payload }));
    if (answer.FunctionError === undefined) return;
    throw new Error(`The rollback handler could not turn the kill switch on (${answer.FunctionError}): ${textOf(answer.Payload)}`);
  };
}

const MOST_CHARACTERS = 300;

const textOf = (payload: Uint8Array | undefined): string =>
  Buffer.from(payload ?? [])
    .toString('utf8')
    .slice(0, MOST_CHARACTERS);
