import { NO_RELEASE } from '../../core/assignment';
import { type Arm, type DecisionObserved, type LedgerKey, ledgerKeys } from '../../core/contracts';
import type { Counts } from '../../core/observation';
import type { Ledger } from '../shared/ledger';
import type { KpiWork, Work } from './work';

/** Which counters of a release a unit is counted in. */
export interface Place {
  arm: Arm;
  minuteMillis: number;
}

/**
 * A unit's first exposure in a release: where everything that is observed of it is counted.
 * A KPI event can come before its decision; then the exposure waits for the decision.
 */
export interface Exposure extends Place {
  /** Counters whose `n` holds the unit; an outcome of a KPI that came with a later deployment has nothing to stand beside. */
  counted: string[];
  /** The unit's first decision; what its key and its signed id say is left out. */
  decision?: KeptDecision;
}

export type KeptDecision = Omit<DecisionObserved, 'kind' | 'useCase' | 'releaseId' | 'unitKey'>;

/** The one observation of a unit and KPI that counts, and what it added where. */
export interface Outcome extends Place {
  eventId: string;
  revision: number;
  /** As it was sent; text, where the ledger has no such number. */
  value: number | boolean | string;
  counter: string;
  added: Counts;
}

/** What the ledger holds of the units and KPIs at hand. */
export interface Known {
  exposures: Map<string, Exposure>;
  outcomes: Map<string, Outcome>;
}

export const keyText = ({ pk, sk }: LedgerKey): string => `${pk}|${sk}`;

export const exposureKey = ({ of }: Work): LedgerKey => ledgerKeys.exposure(of.releaseId, of.unitKey);

export const outcomeKey = ({ of, policy }: Pick<KpiWork, 'of' | 'policy'>): LedgerKey =>
  ledgerKeys.outcome(of.releaseId, policy.name, of.unitKey);

/** Its events name units themselves: no decision of the gateway counts them. */
export const countsItsUnits = ({ attribution }: Pick<KpiWork['policy'], 'attribution'>): boolean => attribution === 'variant';

export async function readKnown(ledger: Ledger, works: Work[]): Promise<Known> {
  const exposures = new Map<string, LedgerKey>();
  const outcomes = new Map<string, LedgerKey>();
  for (const work of works) {
    if (work.kind === 'kpi') {
      outcomes.set(keyText(outcomeKey(work)), outcomeKey(work));
    }
    if (work.kind === 'decision' ? work.of.releaseId !== NO_RELEASE : !countsItsUnits(work.policy)) {
      exposures.set(keyText(exposureKey(work)), exposureKey(work));
    }
  }
  const items = await ledger.batchGet<object>([...exposures.values(), ...outcomes.values()]);
  const found = new Map(items.map((item) => [keyText(item), item as unknown]));
  const known = <T>(keys: Map<string, LedgerKey>): Map<string, T> =>
    new Map([...keys.keys()].filter((key) => found.has(key)).map((key) => [key, found.get(key) as T]));
  return { exposures: known<Exposure>(exposures), outcomes: known<Outcome>(outcomes) };
}
