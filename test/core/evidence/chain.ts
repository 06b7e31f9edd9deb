import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { EvidenceBundle, ReleaseSpec, SignedHead } from '../../../core/contracts';
import {
  bundleKey,
  headKey,
  headText,
  looksEvidence,
  sealed,
  signedText,
  type StoredObject,
  unsignedHead,
  type UnsignedHead,
} from '../../../core/evidence';
import { releaseHash } from '../../../core/hash';

export const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000001';
export const NOW = '2026-03-10T09:00:00.000Z';

export interface Signer {
  keyArn: string;
  privateKey: KeyObject;
  pem: string;
}

export function signer(keyArn = KEY_ARN): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { keyArn, privateKey, pem: publicKey.export({ format: 'pem', type: 'spki' }) as string };
}

const SPEC = {
  useCase: 'support-triage',
  model: { image: 'image@sha256:1', environment: { A: 'ü' } },
  serving: { mode: 'real-time', instanceType: 'ml.g5.xlarge', minInstances: 1, maxInstances: 2 },
  behaviour: { threshold: 0.5 },
} as unknown as ReleaseSpec;

export function bundleOf(sequence: number, previous: EvidenceBundle | undefined, more: Partial<EvidenceBundle> = {}): EvidenceBundle {
  const spec = { ...SPEC, behaviour: { threshold: sequence / 10 } };
  const day = `2026-03-${String(sequence).padStart(2, '0')}T09:00:00.000Z`;
  return {
    schema: 'sluice.evidence/v2',
    sequence,
    useCase: spec.useCase,
    releaseId: `r${sequence}-0a1b2c3d`,
    hash: releaseHash(spec),
    spec,
    requestedBy: 'deploy',
    requestedAt: day,
    endedAt: day,
    outcome: 'promoted',
    stage: 'promote',
    reason: 'The candidate is no worse',
    approvals: [{ role: 'risk', decision: 'approve', by: 'arn:anna', at: day }],
    steps: [],
    measurements: [],
    ...(previous === undefined ? {} : { previousBundleSha256: sealed(previous).sha256 }),
    ...more,
  };
}

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf8'));

export const stored = (key: string, text: string): StoredObject => ({ key, bytes: bytesOf(text), versions: 1 });

export function signHead(unsigned: UnsignedHead, { privateKey }: Signer): string {
  return headText(unsigned, sign('sha256', bytesOf(signedText(unsigned)), privateKey));
}

export function headOf(bundle: EvidenceBundle, previousHead: string | undefined, by: Signer, more: Partial<SignedHead> = {}): string {
  const unsigned = unsignedHead({
    useCase: bundle.useCase,
    sequence: bundle.sequence,
    releaseId: bundle.releaseId,
    bundleKey: bundleKey(bundle.sequence, bundle.releaseId),
    bundleSha256: sealed(bundle).sha256,
    ...(previousHead === undefined ? {} : { previousHead }),
    signedAt: bundle.endedAt,
    keyArn: by.keyArn,
  });
  return signHead({ ...unsigned, ...more }, by);
}

/** So many bundles, their heads, and the looks of the second one. */
export function chain(count: number, by: Signer): { objects: StoredObject[]; bundles: EvidenceBundle[]; heads: string[] } {
  const look = { at: '2026-03-02T08:00:00.000Z', decision: 'continue' as const, rollbackEvidence: 0.5, threshold: 20, reason: 'waiting' };
  const looks = looksEvidence('r2-0a1b2c3d', [look, { ...look, at: '2026-03-02T08:01:00.000Z', rollbackEvidence: 2 }])!;
  const bundles: EvidenceBundle[] = [];
  const heads: string[] = [];
  for (let sequence = 1; sequence <= count; sequence += 1) {
    bundles.push(bundleOf(sequence, bundles.at(-1), sequence === 2 ? { verdicts: looks.runs, looks: looks.object } : {}));
    heads.push(headOf(bundles.at(-1)!, heads.at(-1), by));
  }
  return {
    bundles,
    heads,
    objects: [
      ...bundles.map((bundle) => stored(bundleKey(bundle.sequence, bundle.releaseId), sealed(bundle).text)),
      ...heads.map((head, index) => stored(headKey(index + 1), head)),
      ...(count < 2 ? [] : [stored(looks.object.key, looks.text)]),
    ],
  };
}
