import { ledgerKeys } from '../../core/contracts';
import { amountOf, type CostState } from '../../core/cost';
import type { ExpectationResult } from './expectations';
import type { History } from './history';
import type { Scenario } from './scenario-schema';

/** Holds what is expected of stable's endpoint and of the month's cost against the ledger at the end. */
export function checkCapacityAndCost(
  { parked, spend }: Scenario['expect'],
  { control, ledger }: Pick<History, 'control' | 'ledger'>,
): ExpectationResult[] {
  const results: ExpectationResult[] = [];
  if (parked !== undefined) {
    const mode = control.at(-1)?.record.mode ?? 'none';
    const text = `the endpoint is ${parked ? '' : 'not '}parked at the end`;
    results.push((mode === 'parked') === parked ? { text, held: true } : { text, held: false, seen: `mode ${mode}` });
  }
  if (spend !== undefined) results.push(...checkSpend(spend, monthToDate(ledger)));
  return results;
}

function checkSpend({ atLeast, atMost }: NonNullable<Scenario['expect']['spend']>, spent: number | undefined): ExpectationResult[] {
  const check = (limit: number | undefined, words: string, holds: (amount: number) => boolean): ExpectationResult[] => {
    if (limit === undefined) return [];
    const text = `the month has cost ${words} ${limit}`;
    if (spent !== undefined && holds(spent)) return [{ text, held: true }];
    return [{ text, held: false, seen: spent === undefined ? 'no cost is known' : spent.toFixed(2) }];
  };
  return [
    ...check(atLeast, 'at least', (amount) => amount >= (atLeast ?? 0)),
    ...check(atMost, 'at most', (amount) => amount <= (atMost ?? 0)),
  ];
}

function monthToDate(ledger: History['ledger']): number | undefined {
  const { pk, sk } = ledgerKeys.cost();
  const stored = ledger.get(`${pk}|${sk}`)?.state;
  return typeof stored === 'string' ? amountOf((JSON.parse(stored) as CostState).meter.monthLines) : undefined;
}
