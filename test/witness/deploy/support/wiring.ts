import { ListFunctionsCommand, type FunctionConfiguration } from '@aws-sdk/client-lambda';
import { inventory, lambda } from './account';

export interface Dangling {
  function: string;
  variable: string;
  value: string;
}

const NAMES_A_RESOURCE = /_(ARN|TABLE|QUEUE_URL|BUCKET|FUNCTION)$/;

export const functions = async (): Promise<FunctionConfiguration[]> =>
  (await lambda.send(new ListFunctionsCommand({ MaxItems: 1000 }))).Functions ?? [];

/** Variables of functions that name a table, queue, machine … which the account does not have. */
export async function danglingVariables(): Promise<Dangling[]> {
  const standing = new Set((await inventory()).map((one) => lastPart(one)));
  return (await functions()).flatMap(({ FunctionName, Environment }) =>
    Object.entries(Environment?.Variables ?? {})
      .filter(([variable, value]) => NAMES_A_RESOURCE.test(variable) && value !== '' && !standing.has(lastPart(value)))
      .map(([variable, value]) => ({ function: String(FunctionName), variable, value })),
  );
}

const lastPart = (value: string): string => value.split(/[:/ ]/).at(-1) ?? value;
