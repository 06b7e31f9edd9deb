import { type CostArm, type CostOrder, type CostOrders, ledgerKeys } from '../../core/contracts';
import { amountByArm, amountOf, type CostState, forecastOf, isWaived, standing, unpricedSeconds } from '../../core/cost';
import type { Ledger } from '../../lambdas/shared/ledger';

/** What `sluice cost --json` prints. Amounts are in `currency`, and without what has no price. */
export interface CostReport {
  /** ISO 8601, UTC: of the last look. */
  at: string;
  currency: string;
  month: string;
  monthToDate: number;
  byArm: Record<CostArm, number>;
  /** Missing in the first six hours. */
  forecast?: number;
  /** Of the budget. */
  monthly?: number;
  today: number;
  perHour: { total: number; byArm: Partial<Record<CostArm, number>> };
  /** Of the last whole hours, at most 24. */
  unit?: { hours: number; decisions: number; incomplete?: true; perDecision?: number; perGoodOutcome?: number };
  /** Instance hours of this month whose price is not known. */
  unpricedHours: Record<string, number>;
  orders: CostOrder[];
  waived?: { by: string; until: string };
  criteria: { criterion: string; aboveSince?: string; met: boolean; words: string }[];
}

/** Undefined: nothing was metered yet. */
export async function readCosts(ledger: Ledger, nowMillis: number): Promise<CostReport | undefined> {
  const [stored, orders] = await Promise.all([
    ledger.get<{ state: string }>(ledgerKeys.cost()),
    ledger.get<CostOrders>(ledgerKeys.costOrders()),
  ]);
  return stored === undefined ? undefined : costReport(JSON.parse(stored.state) as CostState, orders, nowMillis);
}

export function costReport(state: CostState, orders: CostOrders | undefined, nowMillis: number): CostReport {
  const { meter, currency, perHour, monthly, unit } = state;
  const forecast = forecastOf(meter);
  const hours = Object.entries(unpricedSeconds(meter.monthLines)).map(([what, seconds]) => [what, seconds / 3600] as const);
  const waived = isWaived(orders, nowMillis) ? { by: orders?.waivedBy ?? '', until: orders?.waivedUntil ?? '' } : undefined;
  return {
    at: meter.at,
    currency,
    month: meter.month,
    monthToDate: amountOf(meter.monthLines),
    byArm: amountByArm(meter.monthLines),
    ...(forecast === undefined ? {} : { forecast }),
    ...(monthly === undefined ? {} : { monthly }),
    today: amountOf(meter.dayLines),
    perHour: { total: Object.values(perHour).reduce((sum, rate) => sum + rate, 0), byArm: perHour },
    ...(unit === undefined ? {} : { unit: unitOf(unit) }),
    unpricedHours: Object.fromEntries(hours),
    orders: standing(orders, nowMillis),
    ...(waived === undefined ? {} : { waived }),
    criteria: state.criteria.map(({ criterion, aboveSince, told, words }) => ({
      criterion,
      ...(aboveSince === undefined ? {} : { aboveSince }),
      met: told === true,
      words,
    })),
  };
}

function unitOf(unit: NonNullable<CostState['unit']>): NonNullable<CostReport['unit']> {
  const { hours, decisions, incomplete, perDecision, perGoodOutcome } = unit;
  return {
    hours,
    decisions,
    ...(incomplete === undefined ? {} : { incomplete }),
    ...(perDecision === undefined ? {} : { perDecision }),
    ...(perGoodOutcome === undefined ? {} : { perGoodOutcome }),
  };
}
