import type { EvidenceBundle, SignedHead } from '../contracts';

/** An object of the evidence bucket, or a file of a copy. */
export interface StoredObject {
  /** Such as `bundles/00000003-r3-0a1b2c3d.json`. */
  key: string;
  bytes: Uint8Array;
  /** When it was stored, ISO 8601; missing where nobody knows. */
  storedAt?: string;
  /** How many versions and delete markers lie under the key, where known: evidence is written once. */
  versions?: number;
  /** True when a delete marker hides it. */
  deleted?: boolean;
}

/** The end of the chain as the ledger knows it. */
export interface ChainTip {
  sequence: number;
  sha256: string;
  /** Its bundle is claimed and not stored yet. */
  owed?: boolean;
}

export interface EndedRelease {
  id: string;
  outcome: string;
}

export interface EvidenceToVerify {
  objects: StoredObject[];
  /** Who may sign: ARN of the key → its public key as PEM. */
  publicKeys: Record<string, string>;
  /** When it is verified, ISO 8601. */
  atIso: string;
  /** A bundle this young may still wait for its signature. Default: 15. */
  pendingMinutes?: number;
  /** Whose evidence it has to be. Default: whoever's the first bundle says. */
  useCase?: string;
  tip?: ChainTip;
  /** Releases that ended, as the ledger says. */
  ended?: EndedRelease[];
  /** A head that was kept elsewhere since an earlier audit: it must stand in the chain as it was. */
  knownHead?: SignedHead;
}

export type FindingCode =
  | 'unreadable'
  | 'misplaced'
  | 'bundle-missing'
  | 'bundle-changed'
  | 'bundle-duplicate'
  | 'chain-broken'
  | 'head-missing'
  | 'head-changed'
  | 'head-replayed'
  | 'head-chain-broken'
  | 'unknown-key'
  | 'looks-missing'
  | 'looks-changed'
  | 'replaced'
  | 'deleted'
  | 'beyond-ledger'
  | 'release-without-bundle'
  | 'known-head-gone';

/** Something that is not as it must be: where, and what in a sentence. */
export interface Finding {
  code: FindingCode;
  key: string;
  sequence?: number;
  releaseId?: string;
  words: string;
}

/** What is too young to be judged. */
export interface PendingEvidence {
  key: string;
  sequence: number;
  words: string;
}

/** One place of the chain. */
export interface EvidenceEntry {
  sequence: number;
  key: string;
  releaseId: string;
  /** Of the bytes that are there. */
  sha256: string;
  /** Missing when it cannot be read. */
  bundle?: EvidenceBundle;
  /** Missing until it is signed, and when its head is not good. */
  head?: SignedHead;
}

export interface EvidenceAudit {
  /** Nothing is wrong; what is pending is not counted. */
  verified: boolean;
  findings: Finding[];
  pending: PendingEvidence[];
  entries: EvidenceEntry[];
  /** Keys that signatures were held against. */
  signers: { keyArn: string; fingerprint: string }[];
}
