import { NO_RELEASE } from '../../core/assignment';
import { type Arm, type LedgerKey, ledgerKeys } from '../../core/contracts';
import type { Ledger } from '../shared/ledger';
import type { Work } from './message';

/**
 * A unit's first exposure in a release: where everything that is observed of it is counted.
 * A KPI event can come before its decision; then the exposure waits for `decided`.
 */
export interface Exposure {
  arm: Arm;
  minuteMillis: number;
  /** The unit was counted for the error rate. */
  decided?: boolean;
}

export function exposureKey(work: Work): LedgerKey {
  return ledgerKeys.exposure(work.of.releaseId, work.of.unitKey);
}

export function isCompared(work: Work): boolean {
  return work.of.releaseId !== NO_RELEASE;
}

/** What the ledger knows, by partition key. */
export async function readExposures(ledger: Ledger, works: Work[]): Promise<Map<string, Exposure>> {
  const keys = new Map(works.filter(isCompared).map((work) => [exposureKey(work).pk, exposureKey(work)]));
  const items = keys.size === 0 ? [] : await ledger.batchGet<Exposure>([...keys.values()]);
  return new Map(items.map((item) => [item.pk, item]));
}
