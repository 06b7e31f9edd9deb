import type { DriftPolicy } from '../../core/contracts';
import { canonicalJson, sha256Hex } from '../../core/hash';
import { boundTo } from '../../core/drift/look/model-bound';
import { DRIFT_FOLDERS } from '../../core/drift/places';
import type { Bucket } from '../shared/bucket';
import { readDesired } from '../shared/desired';
import { readRelease } from '../shared/releases';
import { logger } from '../shared/telemetry';
import type { DriftParts } from './parts';
import { parsed } from './profiles';
import type { Stable } from './stable';
import type { DriftState } from './state';

/** The policy that a release is watched by, where it is kept, and what the next look must know of it. */
export interface ReleasePolicy {
  policy: DriftPolicy;
  policyKey: string;
  watched: NonNullable<DriftState['watched']>;
  /** The release that what is deployed is for, where it is another one's. */
  until?: string;
}

/**
 * A deploy brings the baseline and the paths of the model that it asks for. As long as that one is on its way, the release before is watched
 * by what it came with: against another model's training data it would drift, and be retrained for it. Limits and owners count at once.
 */
export async function policyOf(parts: DriftParts, { releaseId }: Stable, { watched }: DriftState): Promise<ReleasePolicy> {
  const deployed = await parts.policy();
  const policyKey = keyOf(deployed);
  const isNew = watched?.policyKey !== policyKey;
  const until = watched?.releaseId === releaseId && isNew ? await onItsWay(parts, releaseId) : undefined;
  const own = until === undefined || watched === undefined ? undefined : await keptPolicy(parts.bucket, watched.policyKey);
  if (own === undefined || watched === undefined || until === undefined) {
    if (until !== undefined) logger.warn('The policy of the release is not there any more: what is deployed has the say', { ...watched });
    if (isNew) await parts.bucket.put(policyKey, JSON.stringify(deployed));
    return { policy: deployed, policyKey, watched: { releaseId, policyKey } };
  }
  const policy = boundTo(own, deployed);
  const boundKey = keyOf(policy);
  if (boundKey !== watched.policyKey) await parts.bucket.put(boundKey, JSON.stringify(policy));
  return { policy, policyKey: boundKey, watched, until };
}

/** As a part of a job reads it: by the policy that the look that began it went by. */
export async function existingPolicy(bucket: Bucket, key: string): Promise<DriftPolicy> {
  const policy = await keptPolicy(bucket, key);
  if (policy === undefined) throw new Error(`${bucket.uri(key)} is no drift policy: the look that starts a job writes it`);
  return policy;
}

const keyOf = (policy: DriftPolicy): string => `${DRIFT_FOLDERS.policies}/${sha256Hex(canonicalJson(policy)).slice(0, 32)}.json`;

/** The release that is asked for in the place of this one, unless it has ended. */
async function onItsWay({ ledger }: DriftParts, releaseId: string): Promise<string | undefined> {
  const wanted = (await readDesired(ledger))?.releaseId;
  if (wanted === undefined || wanted === releaseId) return undefined;
  const record = await readRelease(ledger, wanted);
  return record === undefined || record.endedAt === undefined ? wanted : undefined;
}

async function keptPolicy(bucket: Bucket, key: string): Promise<DriftPolicy | undefined> {
  const value = parsed((await bucket.read(key))?.text ?? '') as Partial<DriftPolicy> | null | undefined;
  return Array.isArray(value?.features) && value.baseline !== undefined ? (value as DriftPolicy) : undefined;
}
