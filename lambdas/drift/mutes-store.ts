import { type DriftMute, ledgerKeys } from '../../core/contracts';
import type { Ledger } from '../shared/ledger';

/** So long a mute that has ended can still be looked up. */
const KEPT_SECONDS = 90 * 86_400;

export async function readMutes(ledger: Ledger): Promise<DriftMute[]> {
  const items = await ledger.query<DriftMute>(ledgerKeys.driftMute('').pk);
  return items.map(({ feature, kind, until, reason, by, at }) => ({ feature, kind, until, reason, by, at }));
}

/** In the place of the one that the feature had. */
export async function writeMute(ledger: Ledger, mute: DriftMute): Promise<void> {
  const expiresAt = Math.ceil(Date.parse(mute.until) / 1000) + KEPT_SECONDS;
  await ledger.put(ledgerKeys.driftMute(mute.feature), { ...mute, expiresAt });
}

/** False: there was none. */
export function deleteMute(ledger: Ledger, feature: string): Promise<boolean> {
  return ledger.delete(ledgerKeys.driftMute(feature), { text: 'attribute_exists(pk)' });
}

/** Only the one that was looked at: somebody may have muted it anew since. */
export function deleteOver(ledger: Ledger, { feature, at }: DriftMute): Promise<boolean> {
  return ledger.delete(ledgerKeys.driftMute(feature), { text: '#at = :at', names: { '#at': 'at' }, values: { ':at': at } });
}
