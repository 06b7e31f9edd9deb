import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Step } from '../engine/hunt';
import { outcomeOf, plain } from '../engine/outcome';
import type { Outcome } from '../engine/outcome';
import type { Answer, Side } from '../engine/sides';

const commands = {
  BatchGetItem: BatchGetItemCommand,
  BatchWriteItem: BatchWriteItemCommand,
  DeleteItem: DeleteItemCommand,
  GetItem: GetItemCommand,
  PutItem: PutItemCommand,
  Query: QueryCommand,
  Scan: ScanCommand,
  TransactGetItems: TransactGetItemsCommand,
  TransactWriteItems: TransactWriteItemsCommand,
  UpdateItem: UpdateItemCommand,
};

type Operation = keyof typeof commands;

const isSet = (name: string): boolean => ['SS', 'NS', 'BS'].includes(name);

/** Sets have no order. */
export function unordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, isSet(name) && Array.isArray(member) ? [...member].sort() : unordered(member)]),
  );
}

export const viewed = (answer: Answer): unknown => unordered(plain(answer));

/** The calls of one case at one side. */
export class Calls {
  readonly steps: Step[] = [];

  constructor(readonly side: Side) {}

  async make(operation: Operation, input: object, view: (answer: Answer) => unknown = viewed): Promise<Outcome> {
    const Command = commands[operation] as unknown as new (given: object) => object;
    const outcome = await outcomeOf(this.side.send('dynamodb', new Command(input)), view);
    this.steps.push({ operation, input: plain(input), outcome });
    return outcome;
  }
}
