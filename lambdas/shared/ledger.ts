import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { marshall, type NativeAttributeValue, unmarshall } from '@aws-sdk/util-dynamodb';
import type { LedgerKey } from '../../core/contracts';

export type Item = Record<string, NativeAttributeValue>;

/** A condition or update expression with what it names. */
export interface Expression {
  text: string;
  names?: Record<string, string>;
  values?: Item;
}

export const IF_ABSENT: Expression = { text: 'attribute_not_exists(pk)' };

const BACKWARDS_PAGE = 100;
const BATCH_GET_LIMIT = 100;
const BATCH_WRITE_LIMIT = 25;
const MAX_FRUITLESS_WRITES = 6;
const BACKOFF_MILLIS = 50;

/** The use case's ledger table: plain objects in, plain objects out; every read is consistent. */
export class Ledger {
  constructor(
    private readonly client: DynamoDBClient,
    readonly table: string,
  ) {}

  async get<T>(key: LedgerKey): Promise<T | undefined> {
    const { Item } = await this.client.send(new GetItemCommand({ TableName: this.table, Key: marshal(key), ConsistentRead: true }));
    return Item === undefined ? undefined : (withoutKeys(unmarshall(Item)) as T);
  }

  /** False when the condition does not hold. */
  async put(key: LedgerKey, item: object, condition?: Expression): Promise<boolean> {
    const command = new PutItemCommand({ TableName: this.table, Item: marshal({ ...item, ...key }), ...conditionMembers(condition) });
    return succeeded(this.client.send(command));
  }

  /** The item after the update; undefined when the condition does not hold. */
  async update<T>(key: LedgerKey, update: Expression, condition?: Expression): Promise<T | undefined> {
    const command = new UpdateItemCommand({
      TableName: this.table,
      Key: marshal(key),
      UpdateExpression: update.text,
      ConditionExpression: condition?.text,
      ...namesAndValues(update, condition),
      ReturnValues: 'ALL_NEW',
    });
    try {
      const { Attributes } = await this.client.send(command);
      return withoutKeys(unmarshall(Attributes ?? {})) as T;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) {
        return undefined;
      }
      throw error;
    }
  }

  async delete(key: LedgerKey, condition?: Expression): Promise<boolean> {
    const command = new DeleteItemCommand({ TableName: this.table, Key: marshal(key), ...conditionMembers(condition) });
    return succeeded(this.client.send(command));
  }

  /** All items of a partition whose sort key begins with the prefix, with their keys. */
  async query<T>(pk: string, skPrefix = ''): Promise<(T & LedgerKey)[]> {
    const items: (T & LedgerKey)[] = [];
    for await (const page of this.pages<T>(pk, skPrefix)) items.push(...page);
    return items;
  }

  /** The same, a page of at most 1 MB after the other: for what is too much to be held at once. */
  async *pages<T>(pk: string, skPrefix = ''): AsyncGenerator<(T & LedgerKey)[]> {
    let from: Record<string, AttributeValue> | undefined;
    do {
      const page = await this.client.send(
        new QueryCommand({
          TableName: this.table,
          ConsistentRead: true,
          KeyConditionExpression: skPrefix === '' ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :sk)',
          ExpressionAttributeValues: marshal(skPrefix === '' ? { ':pk': pk } : { ':pk': pk, ':sk': skPrefix }),
          ExclusiveStartKey: from,
        }),
      );
      // Sums of counters can be larger than what a number holds to the last digit.
      yield (page.Items ?? []).map((item) => unmarshall(item, { wrapNumbers: Number }) as T & LedgerKey);
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
  }

  /** Items of a partition from the last sort key backwards, until one is wanted no more; in order of their keys. */
  async queryBackwards<T>(pk: string, wanted: (item: T) => boolean): Promise<(T & LedgerKey)[]> {
    const items: (T & LedgerKey)[] = [];
    let from: Record<string, AttributeValue> | undefined;
    do {
      const page = await this.client.send(
        new QueryCommand({
          TableName: this.table,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: marshal({ ':pk': pk }),
          ScanIndexForward: false,
          Limit: BACKWARDS_PAGE,
          ExclusiveStartKey: from,
        }),
      );
      for (const item of (page.Items ?? []).map((one) => unmarshall(one) as T & LedgerKey)) {
        if (!wanted(item)) return items.reverse();
        items.push(item);
      }
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
    return items.reverse();
  }

  /** Those of the keys that exist, in no order. */
  async batchGet<T>(keys: LedgerKey[]): Promise<(T & LedgerKey)[]> {
    const items: (T & LedgerKey)[] = [];
    let pending = keys.map((key) => marshal(key));
    while (pending.length > 0) {
      const answer = await this.client.send(
        new BatchGetItemCommand({ RequestItems: { [this.table]: { Keys: pending.slice(0, BATCH_GET_LIMIT), ConsistentRead: true } } }),
      );
      items.push(...(answer.Responses?.[this.table] ?? []).map((item) => unmarshall(item) as T & LedgerKey));
      pending = [...(answer.UnprocessedKeys?.[this.table]?.Keys ?? []), ...pending.slice(BATCH_GET_LIMIT)];
    }
    return items;
  }

  /** Puts without a condition, whatever stands there; of several for one key the last. */
  async batchPut(puts: { key: LedgerKey; item: object }[]): Promise<void> {
    const byKey = new Map(puts.map((put) => [`${put.key.pk}|${put.key.sk}`, put]));
    const requests = [...byKey.values()].map(({ key, item }) => ({ PutRequest: { Item: marshal({ ...item, ...key }) } }));
    for (let from = 0; from < requests.length; from += BATCH_WRITE_LIMIT) {
      await this.writeBatch(requests.slice(from, from + BATCH_WRITE_LIMIT));
    }
  }

  transactPut(key: LedgerKey, item: object, condition?: Expression): TransactWriteItem {
    return { Put: { TableName: this.table, Item: marshal({ ...item, ...key }), ...conditionMembers(condition) } };
  }

  transactUpdate(key: LedgerKey, update: Expression, condition?: Expression): TransactWriteItem {
    return {
      Update: {
        TableName: this.table,
        Key: marshal(key),
        UpdateExpression: update.text,
        ConditionExpression: condition?.text,
        ...namesAndValues(update, condition),
      },
    };
  }

  private async writeBatch(requests: WriteRequest[]): Promise<void> {
    let pending = requests;
    for (let attempt = 1; pending.length > 0; attempt += 1) {
      const answer = await this.client.send(new BatchWriteItemCommand({ RequestItems: { [this.table]: pending } }));
      pending = answer.UnprocessedItems?.[this.table] ?? [];
      if (pending.length > 0 && attempt === MAX_FRUITLESS_WRITES) {
        throw new Error(`The ledger left ${pending.length} of ${requests.length} items unwritten after ${attempt} attempts`);
      }
      if (pending.length > 0) await sleep(BACKOFF_MILLIS * 2 ** attempt * (0.5 + Math.random() / 2));
    }
  }

  /** Throws `TransactionCanceledException` when one of the conditions does not hold. */
  async transact(items: TransactWriteItem[]): Promise<void> {
    await this.client.send(new TransactWriteItemsCommand({ TransactItems: items }));
  }
}

/** `SET #a = :a, …` of all members that are defined. */
export function setExpression(members: object): Expression {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined);
  return {
    text: `SET ${entries.map(([name]) => `#${name} = :${name}`).join(', ')}`,
    names: Object.fromEntries(entries.map(([name]) => [`#${name}`, name])),
    values: Object.fromEntries(entries.map(([name, value]) => [`:${name}`, value as NativeAttributeValue])),
  };
}

async function succeeded(sent: Promise<unknown>): Promise<boolean> {
  try {
    await sent;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) {
      return false;
    }
    throw error;
  }
}

function conditionMembers(condition: Expression | undefined): object {
  return condition === undefined ? {} : { ConditionExpression: condition.text, ...namesAndValues(condition) };
}

function namesAndValues(...expressions: (Expression | undefined)[]): object {
  const names = Object.assign({}, ...expressions.map((expression) => expression?.names)) as Record<string, string>;
  const values = Object.assign({}, ...expressions.map((expression) => expression?.values)) as Item;
  return {
    ...(Object.keys(names).length === 0 ? {} : { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: marshal(values) }),
  };
}

function marshal(item: object): Record<string, AttributeValue> {
  return marshall(item as Item, { removeUndefinedValues: true });
}

function withoutKeys(item: Item): Item {
  return Object.fromEntries(Object.entries(item).filter(([name]) => name !== 'pk' && name !== 'sk'));
}
