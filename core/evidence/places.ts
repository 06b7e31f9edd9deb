/** Where evidence lies in its bucket, or in a copy of it. */

export const BUNDLES = 'bundles/';
export const HEADS = 'heads/';
export const LOOKS = 'looks/';
export const KEYS = 'keys/';

const numbered = (sequence: number): string => String(sequence).padStart(8, '0');

export const bundleKey = (sequence: number, releaseId: string): string => `${BUNDLES}${numbered(sequence)}-${releaseId}.json`;

/** What keys of the bundle at this place begin with, whatever its release. */
export const bundlePrefix = (sequence: number): string => `${BUNDLES}${numbered(sequence)}-`;

export const headKey = (sequence: number): string => `${HEADS}${numbered(sequence)}.json`;

/** Every look of the verdict, a line each. Named after its content, so that a second attempt writes the same object or another one. */
export const looksKey = (releaseId: string, sha256: string): string => `${LOOKS}${releaseId}-${sha256.slice(0, 16)}.jsonl`;

/** The public key as PEM, for whoever has no access to KMS. */
export const publicKeyKey = (keyArn: string): string => `${KEYS}${keyIdOf(keyArn)}.pem`;

export const keyIdOf = (keyArn: string): string => keyArn.slice(keyArn.lastIndexOf('/') + 1);

export type Place =
  | { kind: 'bundle'; sequence: number; releaseId: string }
  | { kind: 'head'; sequence: number }
  | { kind: 'looks' }
  | { kind: 'key'; keyId: string }
  /** Under a folder of evidence, but named like none. */
  | { kind: 'stray' };

/** Undefined for what lies elsewhere: no evidence. */
export function placeOf(key: string): Place | undefined {
  const bundle = /^bundles\/(\d{8})-([A-Za-z0-9-]+)\.json$/.exec(key);
  if (bundle !== null) return { kind: 'bundle', sequence: Number(bundle[1]), releaseId: bundle[2]! };
  const head = /^heads\/(\d{8})\.json$/.exec(key);
  if (head !== null) return { kind: 'head', sequence: Number(head[1]) };
  if (/^looks\/[A-Za-z0-9-]+\.jsonl$/.test(key)) return { kind: 'looks' };
  const publicKey = /^keys\/([A-Za-z0-9-]+)\.pem$/.exec(key);
  if (publicKey !== null) return { kind: 'key', keyId: publicKey[1]! };
  return [BUNDLES, HEADS, LOOKS, KEYS].some((folder) => key.startsWith(folder)) ? { kind: 'stray' } : undefined;
}
