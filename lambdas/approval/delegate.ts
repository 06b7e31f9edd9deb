import { type DelegationAsked, delegationOf, type HeldRole, heldRoles } from '../../core/approval/delegation';
import { type DelegationRecord, ledgerKeys } from '../../core/contracts';
import { sha256Hex } from '../../core/hash';
import { HttpError } from '../shared/http';
import { logger } from '../shared/telemetry';
import { type BoardParts, isoNow } from './parts';

const HASH_DIGITS = 16;
/** Delegations are evidence of who could decide: they outlive their use. */
const KEPT_SECONDS = 400 * 86_400;

/** The roles that the signer may act in now. */
export async function rolesHeldBy(parts: BoardParts, signer: string): Promise<HeldRole[]> {
  const delegations = await parts.ledger.query<DelegationRecord>(ledgerKeys.delegation('', '').pk);
  return heldRoles(signer, parts.owners, parts.delegates, delegations, isoNow(parts));
}

/** Lends a role, or ends that. A delegation to the same principal takes the place of the one before. */
export async function delegate(parts: BoardParts, signer: string, asked: DelegationAsked): Promise<DelegationRecord> {
  const delegated = delegationOf(asked, signer, parts.owners, parts.delegates, parts.now());
  if (!delegated.ok) {
    throw new HttpError(
      delegated.code,
      delegated.reason,
      'A role of your own, to one of the principals under owners.<role>.delegates in usecase.yaml',
      'Ask the process owner to name them in the charter',
    );
  }
  const { record } = delegated;
  const expiresAt = Math.floor(Date.parse(record.until) / 1000) + KEPT_SECONDS;
  const key = ledgerKeys.delegation(record.role, sha256Hex(record.to).slice(0, HASH_DIGITS));
  await parts.ledger.put(key, { ...record, expiresAt });
  await tell(parts, record);
  return record;
}

/** The delegation stands even when nobody can be told. */
async function tell({ notify }: BoardParts, { role, to, by, from, until }: DelegationRecord): Promise<void> {
  const subject = until > from ? `the role ${role} is delegated until ${until}` : `the role ${role} is no longer delegated`;
  try {
    const facts = { role, to, by, from, until };
    await notify({ event: 'RoleDelegated', severity: 'info', roles: [role], subject, runbook: 'approval-requested', facts });
  } catch (error) {
    logger.error('The owners could not be told of a delegation', { error, role });
  }
}
