import type { KeyObject } from 'node:crypto';
import type { SignedHead } from '../contracts';
import type { Finding, StoredObject } from './audit';
import { isSignedBy } from './head';
import { readHead } from './read';
import { sha256Of } from './sha256';

export interface CheckedHead {
  head: SignedHead;
}

export interface HeadExpectations {
  sequence: number;
  useCase: string | undefined;
  keys: Map<string, KeyObject>;
  /** The head before, where that one is good. */
  previous: StoredObject | undefined;
}

/** A head is good when a trusted key signed it for this place of this use case's chain. Only a good one is given back. */
export function checkHead(stored: StoredObject, expected: HeadExpectations): { head?: SignedHead; findings: Finding[] } {
  const { key } = stored;
  const { sequence, useCase, keys, previous } = expected;
  const found = (code: Finding['code'], words: string, releaseId?: string): { findings: Finding[] } => ({
    findings: [{ code, key, sequence, ...(releaseId === undefined ? {} : { releaseId }), words }],
  });
  const read = readHead(stored.bytes);
  if (!read.ok) return found('head-changed', read.why);
  const head = read.value;
  const publicKey = keys.get(head.keyArn);
  if (publicKey === undefined) return found('unknown-key', signedByStranger(head, keys), head.releaseId);
  if (head.algorithm !== 'ECDSA_SHA_256' || !isSignedBy(head, publicKey))
    return found('head-changed', `its signature is not one of ${head.keyArn} over what it says`, head.releaseId);
  if (head.sequence !== sequence)
    return found('head-replayed', `it is the head of place ${head.sequence} (${head.releaseId}), put at place ${sequence}`, head.releaseId);
  if (useCase !== undefined && head.useCase !== useCase)
    return found('head-replayed', `it is a head of the use case ${head.useCase}, not of ${useCase}`, head.releaseId);
  const findings = previous === undefined ? [] : linkFindings(head, key, previous);
  return { head, findings };
}

function linkFindings({ previousHeadSha256, sequence, releaseId }: SignedHead, key: string, previous: StoredObject): Finding[] {
  const sha256 = sha256Of(previous.bytes);
  if (previousHeadSha256 === sha256) return [];
  const words = `it follows a head of SHA-256 ${previousHeadSha256 ?? '(none)'}, but ${previous.key} has ${sha256}`;
  return [{ code: 'head-chain-broken', key, sequence, releaseId, words }];
}

function signedByStranger({ keyArn }: SignedHead, keys: Map<string, KeyObject>): string {
  const trusted = keys.size === 0 ? 'no key is trusted here' : `trusted is ${[...keys.keys()].join(', ')}`;
  return `it is signed by ${keyArn}; ${trusted}`;
}
