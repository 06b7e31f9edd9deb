import type { EvidenceBundle } from '../contracts';
import { releaseHash } from '../hash';
import type { Finding, StoredObject } from './audit';
import { sha256Of } from './sha256';

export interface BundleExpectations {
  sequence: number;
  useCase: string;
  /** SHA-256 of the bundle before; undefined for the first, and where that one is missing without a head. */
  previous: string | undefined;
  /** Missing: looks are not held against the bundle. */
  looks?: Map<string, StoredObject>;
}

/** Whether a bundle says the place it lies at, follows the one before, and names what is there. */
export function checkBundle(
  bundle: EvidenceBundle,
  { key }: StoredObject,
  expected: BundleExpectations & { releaseId: string },
): Finding[] {
  const { sequence, useCase, previous, looks, releaseId } = expected;
  const found = (code: Finding['code'], words: string): Finding => ({ code, key, sequence, releaseId, words });
  const findings: Finding[] = [];
  if (bundle.sequence !== sequence)
    findings.push(found('misplaced', `it says that it is bundle ${bundle.sequence}, but lies at place ${sequence}`));
  if (bundle.releaseId !== releaseId)
    findings.push(found('misplaced', `it is of release ${bundle.releaseId}, but lies under the name of ${releaseId}`));
  if (bundle.useCase !== useCase) findings.push(found('misplaced', `it is of the use case ${bundle.useCase}, not of ${useCase}`));
  const broken = linkWords(bundle, sequence, previous);
  if (broken !== undefined) findings.push(found('chain-broken', broken));
  if (releaseHash(bundle.spec) !== bundle.hash)
    findings.push(found('bundle-changed', `its release hash ${bundle.hash} is not that of the release in it`));
  return [...findings, ...looksFindings(bundle, looks, found)];
}

function linkWords({ previousBundleSha256 }: EvidenceBundle, sequence: number, previous: string | undefined): string | undefined {
  if (sequence === 1)
    return previousBundleSha256 === undefined ? undefined : `it is the first, but follows a bundle of SHA-256 ${previousBundleSha256}`;
  if (previous === undefined || previousBundleSha256 === previous) return undefined;
  return `it follows a bundle of SHA-256 ${previousBundleSha256 ?? '(none)'}, but bundle ${sequence - 1} has ${previous}`;
}

function looksFindings(
  { looks: named, releaseId }: EvidenceBundle,
  stored: Map<string, StoredObject> | undefined,
  found: (code: Finding['code'], words: string) => Finding,
): Finding[] {
  if (named === undefined || stored === undefined) return [];
  const { key, count, sha256: signed } = named;
  const looks = stored.get(key);
  if (looks === undefined) return [{ ...found('looks-missing', `the ${count} looks of ${releaseId} are missing`), key }];
  const sha256 = sha256Of(looks.bytes);
  if (sha256 === signed) return [];
  return [{ ...found('looks-changed', `its SHA-256 is ${sha256}, the bundle of ${releaseId} says ${signed}`), key }];
}
