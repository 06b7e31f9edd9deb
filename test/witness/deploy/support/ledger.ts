import { setTimeout as pause } from 'node:timers/promises';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { dynamo } from './account';

export type Item = Record<string, unknown> & { pk: string; sk: string };

export async function ledgerItems(table: string): Promise<Item[]> {
  const { Items = [] } = await dynamo.send(new ScanCommand({ TableName: table, ConsistentRead: true }));
  return Items.map((item) => unmarshall(item) as Item);
}

/** Waits until the ledger holds what is looked for. */
export async function inLedger(table: string, what: string, wanted: (item: Item) => boolean, withinSeconds = 30): Promise<Item> {
  const found = await eventually(async () => (await ledgerItems(table)).find(wanted), withinSeconds);
  if (found === undefined) throw new Error(`after ${withinSeconds} s the ledger ${table} holds no ${what}`);
  return found;
}

/** Asks again each half second; undefined: it never came. */
export async function eventually<T>(look: () => Promise<T | undefined>, withinSeconds: number): Promise<T | undefined> {
  const until = Date.now() + withinSeconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined || Date.now() > until) return found;
    await pause(500);
  }
}

/** Sum of a counter's field over all minutes and shards of a release. */
export function counted(items: Item[], releaseId: string, counter: string): number {
  return items
    .filter(({ pk, sk }) => pk.startsWith(`counters#${releaseId}#`) && sk.startsWith('minute#'))
    .reduce((sum, item) => sum + Number(item[counter] ?? 0), 0);
}
