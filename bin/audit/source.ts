import type { EvidenceToVerify } from '../../core/evidence';
import type { LedgerKey } from '../../core/contracts';

/** The little of the ledger that an audit reads. */
export interface AuditLedger {
  get<T>(key: LedgerKey): Promise<T | undefined>;
  query<T>(pk: string): Promise<(T & LedgerKey)[]>;
}

/** Evidence with whatever it is held against. */
export interface AuditSource {
  evidence: EvidenceToVerify;
  /** Where the trusted key came from, in a sentence. */
  trust: string;
  /** Missing for a copy of the evidence alone. */
  ledger?: AuditLedger;
}

/** A key for whoever signed: the key decides, not the name that a head gives it. */
export function keysNamed(keyArns: Iterable<string>, pem: (keyArn: string) => string | undefined): Record<string, string> {
  return Object.fromEntries(
    [...keyArns].flatMap((keyArn) => {
      const found = pem(keyArn);
      return found === undefined ? [] : [[keyArn, found]];
    }),
  );
}
