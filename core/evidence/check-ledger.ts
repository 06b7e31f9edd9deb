import { canonicalJson } from '../hash';
import type { EvidenceEntry, EvidenceToVerify, Finding } from './audit';
import { headKey } from './places';

/** Holds the bundles against those who know how long the chain is: the ledger, and a head that was kept elsewhere. */
export function checkLedger({ tip, ended, knownHead }: EvidenceToVerify, entries: EvidenceEntry[]): Finding[] {
  return [
    ...(tip === undefined ? [] : tipFindings(tip, entries)),
    ...(ended ?? []).flatMap((release) => endedFindings(release, entries)),
    ...(knownHead === undefined ? [] : knownHeadFindings(knownHead, entries)),
  ];
}

function tipFindings(tip: NonNullable<EvidenceToVerify['tip']>, entries: EvidenceEntry[]): Finding[] {
  const beyond = entries
    .filter(({ sequence }) => sequence > tip.sequence)
    .map(({ key, sequence, releaseId }): Finding => ({
      code: 'beyond-ledger',
      key,
      sequence,
      releaseId,
      words: `the ledger's chain ends with bundle ${tip.sequence}`,
    }));
  const last = entries.find(({ sequence }) => sequence === tip.sequence);
  // What was signed is judged by its head; the ledger speaks for the bundle that has none yet.
  if (last === undefined || last.sha256 === tip.sha256 || last.head !== undefined) return beyond;
  const words = `its SHA-256 is ${last.sha256}, the ledger says ${tip.sha256}`;
  return [...beyond, { code: 'bundle-changed', key: last.key, sequence: last.sequence, releaseId: last.releaseId, words }];
}

function endedFindings({ id, outcome }: { id: string; outcome: string }, entries: EvidenceEntry[]): Finding[] {
  const last = entries.findLast(({ releaseId }) => releaseId === id);
  const key = last?.key ?? `bundles/?-${id}.json`;
  const found = (words: string): Finding[] => [{ code: 'release-without-bundle', key, releaseId: id, words }];
  if (last === undefined) return found(`release ${id} ended as ${outcome} and has no bundle`);
  if (last.bundle === undefined || last.bundle.outcome === outcome) return [];
  return found(`release ${id} ended as ${outcome} in the ledger, and as ${last.bundle.outcome} in its last bundle`);
}

function knownHeadFindings(known: NonNullable<EvidenceToVerify['knownHead']>, entries: EvidenceEntry[]): Finding[] {
  const now = entries.find(({ sequence }) => sequence === known.sequence)?.head;
  if (now !== undefined && canonicalJson(now) === canonicalJson(known)) return [];
  const words =
    now === undefined ? 'the head that was kept stands nowhere in the chain' : 'another head stands where the one that was kept stood';
  return [{ code: 'known-head-gone', key: headKey(known.sequence), sequence: known.sequence, releaseId: known.releaseId, words }];
}
