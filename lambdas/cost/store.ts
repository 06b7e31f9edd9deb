import { type ControlRecord, type CostOrders, type LedgerKey, ledgerKeys } from '../../core/contracts';
import { amountByArm, type CostLine, type CostState, unpricedSeconds } from '../../core/cost';
import { type Expression, IF_ABSENT, type Ledger } from '../shared/ledger';

/** Ledger item `cost`. */
export interface StoredCost {
  version: number;
  /** JSON of a `CostState`. */
  state: string;
}

export interface Known {
  control?: ControlRecord;
  cost?: StoredCost;
  orders?: CostOrders;
}

const KEEP_DAY_SECONDS = 400 * 86_400;

/** One read for the three items that a look needs. */
export async function readKnown(ledger: Ledger): Promise<Known> {
  const keys = { control: ledgerKeys.control(), cost: ledgerKeys.cost(), orders: ledgerKeys.costOrders() };
  const items = await ledger.batchGet<object>(Object.values(keys));
  const of = <T>({ pk }: LedgerKey): T | undefined => items.find((item) => item.pk === pk) as T | undefined;
  const [control, cost, orders] = [of<ControlRecord>(keys.control), of<StoredCost>(keys.cost), of<CostOrders>(keys.orders)];
  return {
    ...(control === undefined ? {} : { control }),
    ...(cost === undefined ? {} : { cost }),
    ...(orders === undefined ? {} : { orders }),
  };
}

export const stateOf = (stored: StoredCost | undefined): CostState | undefined =>
  stored === undefined ? undefined : (JSON.parse(stored.state) as CostState);

/** False when somebody else was faster. */
export function writeState(ledger: Ledger, state: CostState, before: StoredCost | undefined): Promise<boolean> {
  const item: StoredCost = { version: (before?.version ?? 0) + 1, state: JSON.stringify(state) };
  const isBefore: Expression = {
    text: '#version = :before',
    names: { '#version': 'version' },
    values: { ':before': before?.version ?? 0 },
  };
  return ledger.put(ledgerKeys.cost(), item, before === undefined ? IF_ABSENT : isBefore);
}

/** What a day cost: the last write stands, and each knows at least as much as the one before it. */
export async function writeDay(ledger: Ledger, day: string, lines: CostLine[], currency: string): Promise<void> {
  const expiresAt = Math.ceil(Date.parse(`${day}T00:00:00Z`) / 1000) + KEEP_DAY_SECONDS;
  await ledger.put(ledgerKeys.costDay(day), {
    currency,
    byArm: amountByArm(lines),
    lines,
    unpricedSeconds: unpricedSeconds(lines),
    expiresAt,
  });
}
