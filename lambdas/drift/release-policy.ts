import type { DriftPolicy } from '../../core/contracts';
import { canonicalJson, sha256Hex } from '../../core/hash';
import { DRIFT_FOLDERS } from '../../core/drift/places';
import type { Bucket } from '../shared/bucket';
import { readDesired } from '../shared/desired';
import { logger } from '../shared/telemetry';
import type { DriftParts } from './parts';
import { parsed } from './profiles';
import type { Stable } from './stable';
import type { DriftState } from './state';

/** The policy that a release is watched by, and what the next look must know of it. */
export interface ReleasePolicy {
  policy: DriftPolicy;
  watched: NonNullable<DriftState['watched']>;
}

/**
 * A deploy brings the baseline and the paths of the model that it asks for. Until that one answers, and where it never does, the release
 * before is watched by what it came with: against another model's training data it would drift, and be retrained for it.
 */
export async function policyOf(parts: DriftParts, { releaseId }: Stable, { watched }: DriftState): Promise<ReleasePolicy> {
  const deployed = await parts.policy();
  const policyKey = keyOf(deployed);
  if (watched?.releaseId === releaseId && watched.policyKey !== policyKey && (await isForAnother(parts, releaseId))) {
    const policy = await keptPolicy(parts.bucket, watched.policyKey);
    if (policy !== undefined) return { policy, watched };
    logger.warn('The policy of the release is not there any more: what is deployed has the say', { ...watched });
  }
  const isKnown = watched?.policyKey === policyKey;
  if (!isKnown) await parts.bucket.put(policyKey, JSON.stringify(deployed));
  return { policy: deployed, watched: { releaseId, policyKey } };
}

/** As a part of a job reads it: by the policy that the look that began it went by. */
export async function existingPolicy(bucket: Bucket, key: string): Promise<DriftPolicy> {
  const policy = await keptPolicy(bucket, key);
  if (policy === undefined) throw new Error(`${bucket.uri(key)} is no drift policy: the look that starts a job writes it`);
  return policy;
}

const keyOf = (policy: DriftPolicy): string => `${DRIFT_FOLDERS.policies}/${sha256Hex(canonicalJson(policy)).slice(0, 32)}.json`;

async function isForAnother({ ledger }: DriftParts, releaseId: string): Promise<boolean> {
  const wanted = (await readDesired(ledger))?.releaseId;
  return wanted !== undefined && wanted !== releaseId;
}

async function keptPolicy(bucket: Bucket, key: string): Promise<DriftPolicy | undefined> {
  const value = parsed((await bucket.read(key))?.text ?? '') as Partial<DriftPolicy> | null | undefined;
  return Array.isArray(value?.features) && value.baseline !== undefined ? (value as DriftPolicy) : undefined;
}
