import type { Ledger } from '../lambdas/shared/ledger';

export interface LedgerPlace {
  table: string;
  region?: string;
}

export type OpenLedger = (place: LedgerPlace) => Promise<Ledger>;

/** The SDK is loaded only where it is used. */
export const openLedger: OpenLedger = async ({ table, region }) => {
  const [{ DynamoDBClient }, { Ledger: Opened }] = await Promise.all([
    import('@aws-sdk/client-dynamodb'),
    import('../lambdas/shared/ledger.js'),
  ]);
  return new Opened(new DynamoDBClient(region === undefined ? {} : { region }), table);
};
