import type { LedgerKey } from '../../../core/contracts/ledger-keys';
import type { KpiQueue } from '../../../lambdas/shared/kpi-queue';
import type { Ledger } from '../../../lambdas/shared/ledger';

/** What the commands need of a deployed use case. */
export interface KpiStore {
  /** All items of a partition of the ledger, with their keys. */
  query(pk: string): Promise<({ sk: string } & Record<string, unknown>)[]>;
  /** Notes that the event was sent again, unless that is noted already or it has been rejected anew. */
  markReplayed(key: LedgerKey, receivedAt: string, at: string): Promise<boolean>;
  /** Puts messages into the observation queue. */
  send(bodies: string[]): Promise<void>;
}

export interface StoreOptions {
  table: string;
  /** Missing where nothing is sent. */
  queueUrl?: string;
  region?: string;
}

export type Connect = (options: StoreOptions) => Promise<KpiStore>;

/** The SDK is loaded only where it is used. */
export async function connect({ table, queueUrl, region }: StoreOptions): Promise<KpiStore> {
  const [{ DynamoDBClient }, { SQSClient }, { Ledger }, { KpiQueue }] = await Promise.all([
    import('@aws-sdk/client-dynamodb'),
    import('@aws-sdk/client-sqs'),
    import('../../../lambdas/shared/ledger.js'),
    import('../../../lambdas/shared/kpi-queue.js'),
  ]);
  const where = region === undefined ? {} : { region };
  const queue = queueUrl === undefined ? undefined : new KpiQueue(new SQSClient(where), queueUrl);
  return storeOver(new Ledger(new DynamoDBClient(where), table), queue);
}

export function storeOver(ledger: Ledger, queue: Pick<KpiQueue, 'sendBodies'> | undefined): KpiStore {
  return {
    query: (pk) => ledger.query<Record<string, unknown>>(pk),
    markReplayed: async (key, receivedAt, at) => {
      const marked = await ledger.update<object>(
        key,
        { text: 'SET replayedAt = :at', values: { ':at': at } },
        { text: 'receivedAt = :receivedAt AND attribute_not_exists(replayedAt)', values: { ':receivedAt': receivedAt } },
      );
      return marked !== undefined;
    },
    send: async (bodies) => {
      if (queue === undefined) throw new Error('the queue is not known');
      await queue.sendBodies(bodies);
    },
  };
}
