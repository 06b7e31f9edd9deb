import type { DriftBaseline } from '../../core/drift/types';
import type { Bucket } from '../shared/bucket';
import { parsed } from './profiles';

/** What stands at a key: nothing, something that is no baseline, or one. */
export async function baselineAt(bucket: Bucket, key: string): Promise<{ etag?: string; baseline?: DriftBaseline }> {
  const stored = await bucket.read(key);
  if (stored === undefined) return {};
  const baseline = baselineOf(stored.text);
  return { etag: stored.etag, ...(baseline === undefined ? {} : { baseline }) };
}

export async function existingBaseline(bucket: Bucket, key: string): Promise<DriftBaseline> {
  const { baseline } = await baselineAt(bucket, key);
  if (baseline === undefined) throw new Error(`${bucket.uri(key)} is no drift baseline: the next look makes it anew`);
  return baseline;
}

export function baselineOf(text: string): DriftBaseline | undefined {
  const value = parsed(text) as Partial<DriftBaseline> | null | undefined;
  const isWhole =
    value?.schema === 'sluice.drift-baseline/v1' &&
    typeof value.layout?.id === 'string' &&
    Array.isArray(value.layout.features) &&
    value.profile?.layoutId === value.layout.id &&
    typeof value.source?.kind === 'string';
  return isWhole ? (value as DriftBaseline) : undefined;
}
