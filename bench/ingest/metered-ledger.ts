import { type DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { Ledger } from '../../lambdas/shared/ledger';
import { AwsError, type Cloud, type Members } from '../../rehearsal/cloud/types';
import { createRandom } from '../../rehearsal/kernel/random';
import { createDynamoDb } from '../../rehearsal/services/dynamodb';
import { itemSize } from '../../rehearsal/services/dynamodb/values';

const TABLE = 'ledger';
const UNIT_BYTES = 1024;

export interface Units {
  write: number;
  read: number;
}

export interface Spent extends Units {
  /** Requests: each waits for the network once. */
  calls: number;
}

export interface MeteredLedger {
  ledger: Ledger;
  /** Capacity units so far; those of cancelled transactions too. */
  spent(): Spent;
  items(pkPrefix: string): Record<string, unknown>[];
}

/** The ledger over the laptop cloud's DynamoDB. */
export function meteredLedger(nowMillis: () => number): MeteredLedger {
  const cloud = { clock: { now: nowMillis }, random: createRandom(1) } as unknown as Cloud;
  const dynamoDb = createDynamoDb(cloud);
  const key = (name: string) => ({ name, type: 'S' as const });
  const description = {
    name: TABLE,
    arn: `arn:aws:dynamodb:eu-west-1:111122223333:table/${TABLE}`,
    id: 'id',
    schema: { partition: key('pk'), sort: key('sk') },
    createdAtMillis: nowMillis(),
  };
  const table = dynamoDb.createTable(description as Parameters<typeof dynamoDb.createTable>[0]);
  let cancelledUnits = 0;
  let calls = 0;
  const send = async (command: { constructor: { name: string }; input: Members }): Promise<unknown> => {
    calls += 1;
    const operation = command.constructor.name.replace(/Command$/, '');
    try {
      return await dynamoDb.operations[operation]?.run(command.input, {} as never);
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'TransactionCanceledException') throw error;
      cancelledUnits += unitsOf(command.input['TransactItems'] as Members[]);
      throw new TransactionCanceledException({ message: error.message, $metadata: {}, ...error.members });
    }
  };
  return {
    ledger: new Ledger({ send } as unknown as DynamoDBClient, TABLE),
    spent: () => ({ write: table.consumed.writeUnits + cancelledUnits, read: table.consumed.readUnits, calls }),
    items: (prefix) => [...table].map((item) => unmarshall(item as never)).filter(({ pk }) => String(pk).startsWith(prefix)),
  };
}

/** A cancelled transaction costs what it would have: of updates at least their least. */
function unitsOf(items: Members[]): number {
  const sizes = items.map((item) => (item['Put'] === undefined ? 0 : itemSize((item['Put'] as Members)['Item'] as never)));
  return sizes.reduce((units, bytes) => units + 2 * Math.max(1, Math.ceil(bytes / UNIT_BYTES)), 0);
}
