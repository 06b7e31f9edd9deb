import { createPublicKey, type KeyObject } from 'node:crypto';
import type { EvidenceBundle } from '../contracts';
import type { EvidenceAudit, EvidenceEntry, EvidenceToVerify, Finding, PendingEvidence, StoredObject } from './audit';
import { checkBundle } from './check-bundle';
import { checkHead, type CheckedHead } from './check-head';
import { checkLedger } from './check-ledger';
import { fingerprintOf } from './head';
import { bundleKey, headKey, placeOf, publicKeyKey } from './places';
import { readBundle } from './read';
import { sha256Of } from './sha256';

const PENDING_MINUTES = 15;

/** Objects by what they are, and what is wrong with where they lie. */
export interface Sorted {
  bundles: Map<number, StoredObject & { sha256: string; releaseId: string }>;
  heads: Map<number, StoredObject>;
  looks: Map<string, StoredObject>;
  findings: Finding[];
}

/**
 * Verifies a use case's evidence: every bundle is what was signed when it was written, none is missing, none was added, none changed
 * its place. Each deviation is found where it is: whoever rewrites a bundle cannot sign it, so later bundles that still fit are not blamed.
 */
export function verifyEvidence(given: EvidenceToVerify): EvidenceAudit {
  const sorted = sort(given.objects);
  const keys = readKeys(given.publicKeys, sorted.findings);
  const walk = new Walk(given, sorted, keys);
  const last = Math.max(0, given.tip?.sequence ?? 0, ...sorted.bundles.keys(), ...sorted.heads.keys());
  for (let sequence = 1; sequence <= last; sequence += 1) walk.step(sequence);
  const findings = [...sorted.findings, ...walk.findings, ...checkLedger(given, walk.entries)];
  return {
    verified: findings.length === 0,
    findings,
    pending: walk.pending,
    entries: walk.entries,
    signers: [...keys].map(([keyArn, key]) => ({ keyArn, fingerprint: fingerprintOf(key) })),
  };
}

/** A key that is none leaves its heads without anybody to have signed them. */
function readKeys(publicKeys: Record<string, string>, findings: Finding[]): Map<string, KeyObject> {
  const keys = new Map<string, KeyObject>();
  for (const [keyArn, pem] of Object.entries(publicKeys)) {
    try {
      keys.set(keyArn, createPublicKey(pem));
    } catch {
      findings.push({ code: 'unreadable', key: publicKeyKey(keyArn), words: 'it is no public key' });
    }
  }
  return keys;
}

/** Goes along the chain and keeps what the next place is held against. */
class Walk {
  readonly findings: Finding[] = [];
  readonly pending: PendingEvidence[] = [];
  readonly entries: EvidenceEntry[] = [];
  private useCase: string | undefined;
  /** SHA-256 of the bundle before: as it was signed, else as it is there. */
  private previousBundle: string | undefined;
  /** Text of the head before, where that one is good. */
  private previousHead: StoredObject | undefined;

  constructor(
    private readonly given: EvidenceToVerify,
    private readonly sorted: Sorted,
    private readonly keys: Map<string, KeyObject>,
  ) {
    this.useCase = given.useCase;
  }

  step(sequence: number): void {
    const stored = this.sorted.bundles.get(sequence);
    const head = this.head(sequence);
    if (stored === undefined) this.missing(sequence, head);
    else this.bundle(sequence, stored, head);
    this.previousBundle = head?.head.bundleSha256 ?? stored?.sha256;
    this.previousHead = head === undefined ? undefined : this.sorted.heads.get(sequence);
  }

  private head(sequence: number): CheckedHead | undefined {
    const stored = this.sorted.heads.get(sequence);
    if (stored === undefined) return undefined;
    const checked = checkHead(stored, { sequence, useCase: this.useCase, keys: this.keys, previous: this.previousHead });
    this.findings.push(...checked.findings);
    if (checked.head === undefined) return undefined;
    this.useCase ??= checked.head.useCase;
    return { head: checked.head };
  }

  private missing(sequence: number, signed: CheckedHead | undefined): void {
    const { tip } = this.given;
    if (tip?.sequence === sequence && tip.owed === true) {
      const words = `bundle ${sequence} is claimed in the ledger and not yet in the bucket`;
      this.pending.push({ key: `bundles/${sequence}`, sequence, words });
      return;
    }
    const key = signed?.head.bundleKey ?? bundleKey(sequence, '?');
    const known =
      signed === undefined
        ? 'the chain goes on beyond it'
        : `its head says that it is of ${signed.head.releaseId}, SHA-256 ${signed.head.bundleSha256}`;
    const releaseId = signed === undefined ? {} : { releaseId: signed.head.releaseId };
    this.findings.push({ code: 'bundle-missing', key, sequence, ...releaseId, words: `bundle ${sequence} is missing: ${known}` });
  }

  private bundle(sequence: number, stored: StoredObject & { sha256: string; releaseId: string }, signed: CheckedHead | undefined): void {
    const { key, sha256, releaseId } = stored;
    const read = readBundle(stored.bytes);
    const before = this.findings.length;
    if (signed !== undefined && signed.head.bundleSha256 !== sha256) {
      const words = `it is not what was signed: its SHA-256 is ${sha256}, its head of ${signed.head.signedAt} says ${signed.head.bundleSha256}`;
      this.findings.push({ code: 'bundle-changed', key, sequence, releaseId, words });
    } else if (!read.ok) {
      this.findings.push({ code: 'unreadable', key, sequence, releaseId, words: read.why });
    }
    const bundle = read.ok ? read.value : undefined;
    if (bundle !== undefined && this.findings.length === before) {
      this.useCase ??= bundle.useCase;
      this.findings.push(
        ...checkBundle(bundle, stored, {
          sequence,
          releaseId,
          useCase: this.useCase,
          previous: this.previousBundle,
          looks: this.sorted.looks,
        }),
      );
    }
    if (signed === undefined && !this.sorted.heads.has(sequence)) this.unsigned(sequence, stored, bundle);
    const head = signed === undefined || this.findings.length > before ? {} : { head: signed.head };
    this.entries.push({ sequence, key, releaseId, sha256, ...(bundle === undefined ? {} : { bundle }), ...head });
  }

  /** The last ones may be waiting; one that is followed by a signed one cannot be. */
  private unsigned(
    sequence: number,
    { key, storedAt, releaseId }: StoredObject & { releaseId: string },
    bundle: EvidenceBundle | undefined,
  ): void {
    const { atIso, pendingMinutes = PENDING_MINUTES } = this.given;
    const since = storedAt ?? bundle?.endedAt;
    const minutes = since === undefined ? Number.NaN : (Date.parse(atIso) - Date.parse(since)) / 60_000;
    const laterSigned = [...this.sorted.heads.keys()].some((one) => one > sequence);
    if (minutes <= pendingMinutes && !laterSigned) {
      this.pending.push({ key, sequence, words: `it waits for its signature since ${since}` });
      return;
    }
    const words = laterSigned
      ? `its head ${headKey(sequence)} is missing, although later ones were signed`
      : `it has no head ${headKey(sequence)}: nobody signed it since ${since ?? 'it was written'}`;
    this.findings.push({ code: 'head-missing', key: headKey(sequence), sequence, releaseId, words });
  }
}

function sort(objects: StoredObject[]): Sorted {
  const sorted: Sorted = { bundles: new Map(), heads: new Map(), looks: new Map(), findings: [] };
  for (const stored of objects.toSorted((left, right) => (left.key < right.key ? -1 : 1))) {
    const place = placeOf(stored.key);
    if (place === undefined) continue;
    sorted.findings.push(...versionFindings(stored));
    if (stored.deleted === true) continue;
    if (place.kind === 'stray') {
      sorted.findings.push({ code: 'misplaced', key: stored.key, words: 'no handler writes an object of this name: somebody put it here' });
    } else if (place.kind === 'bundle') {
      const { sequence, releaseId } = place;
      const first = sorted.bundles.get(sequence);
      if (first === undefined) sorted.bundles.set(sequence, { ...stored, releaseId, sha256: sha256Of(stored.bytes) });
      else
        sorted.findings.push({
          code: 'bundle-duplicate',
          key: stored.key,
          sequence,
          releaseId,
          words: `place ${sequence} is that of ${first.key}`,
        });
    } else if (place.kind === 'head') sorted.heads.set(place.sequence, stored);
    else if (place.kind === 'looks') sorted.looks.set(stored.key, stored);
  }
  return sorted;
}

/** Evidence is written once; Object Lock keeps what was there before. */
function versionFindings({ key, versions = 1, deleted }: StoredObject): Finding[] {
  if (deleted === true)
    return [{ code: 'deleted', key, words: 'it was deleted: a delete marker hides it; the locked version is still there' }];
  if (versions > 1)
    return [{ code: 'replaced', key, words: `it was written ${versions} times: the oldest version is the one that the handlers wrote` }];
  return [];
}
