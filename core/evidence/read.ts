import type { EvidenceBundle, SignedHead } from '../contracts';
import { canonicalJson } from '../hash';

/** What the text says, or why it says nothing. */
export type Read<T> = { ok: true; value: T } | { ok: false; why: string };

/** A bundle of the form that the handlers write, byte by byte. */
export function readBundle(bytes: Uint8Array): Read<EvidenceBundle> {
  return readCanonical<EvidenceBundle>(bytes, 'sluice.evidence/v2', {
    sequence: 'number',
    useCase: 'string',
    releaseId: 'string',
    hash: 'string',
    requestedBy: 'string',
    requestedAt: 'string',
    endedAt: 'string',
    outcome: 'string',
    stage: 'string',
    reason: 'string',
    spec: 'object',
    approvals: 'array',
    steps: 'array',
    measurements: 'array',
  });
}

export function readHead(bytes: Uint8Array): Read<SignedHead> {
  return readCanonical<SignedHead>(bytes, 'sluice.head/v1', {
    useCase: 'string',
    sequence: 'number',
    releaseId: 'string',
    bundleKey: 'string',
    bundleSha256: 'string',
    signedAt: 'string',
    keyArn: 'string',
    algorithm: 'string',
    signature: 'string',
  });
}

type Kind = 'string' | 'number' | 'object' | 'array';

function readCanonical<T extends object>(bytes: Uint8Array, schema: string, members: Record<string, Kind>): Read<T> {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch {
    return { ok: false, why: 'it is no JSON text in UTF-8' };
  }
  if (kindOf(value) !== 'object') return { ok: false, why: 'it is no JSON object' };
  const given = value as Record<string, unknown>;
  if (given['schema'] !== schema) return { ok: false, why: `its schema is ${String(given['schema'])}, not ${schema}` };
  const wrong = Object.entries(members).find(([name, kind]) => kindOf(given[name]) !== kind);
  if (wrong !== undefined) return { ok: false, why: `its member ${wrong[0]} is no ${wrong[1]}` };
  if (canonicalJson(value) !== text) return { ok: false, why: 'it is not written as the handlers write it: somebody wrote it anew' };
  return { ok: true, value: value as T };
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
}
