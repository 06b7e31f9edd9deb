import type { DriftPolicy } from '../../core/contracts';
import { policyWithBaseline } from '../../core/drift/fit';
import { DRIFT_FOLDERS } from '../../core/drift/places';
import { canonicalJson, sha256Hex } from '../../core/hash';
import { folderOfHour, hourName, hourOfKey } from '../../core/drift/look/objects';
import type { DriftBaseline, Profile } from '../../core/drift/types';
import type { Bucket, WriteCondition } from '../shared/bucket';
import { logger } from '../shared/telemetry';

/** A profile of an hour, with what it was made of. */
export interface KeptProfile extends Profile {
  hour: string;
  /** Of the files: `HourCaptures.digest`. */
  digest: string;
}

/** What stands in the bucket; without a profile it cannot be read, and is written anew. */
export interface KeptHour {
  etag: string;
  profile?: KeptProfile;
}

const FILES_AT_A_TIME = 16;

/** What counting depends on beside the captures: the layout, and where values stand and which are right. */
export function rulesOf(charter: DriftPolicy, baseline: DriftBaseline): string {
  const { features, csv, groups } = policyWithBaseline(charter, baseline);
  const watched = features.map(({ name, side, path, kind, derive, atLeast, atMost, oneOf }) => ({
    ...{ name, side, path, kind, derive },
    ...{ atLeast, atMost, oneOf },
  }));
  return `${baseline.layout.id}-${sha256Hex(canonicalJson({ watched, csv, groups })).slice(0, 12)}`;
}

const profileKey = (releaseId: string, rules: string, hour: number): string =>
  `${DRIFT_FOLDERS.profiles}/${releaseId}/${rules}/${folderOfHour(hour).slice(0, -1)}.json`;

/** `…/2026/03/02/09.json`: as if it lay in the hour's folder. */
const hourOfProfile = (key: string): number | undefined => hourOfKey(key.replace(/\.json$/, '/x'));

/** Profiles of hours; a function that stays warm reads only those that have changed. */
export class Profiles {
  private readonly known = new Map<string, { etag: string; profile: KeptProfile | undefined }>();

  constructor(private readonly bucket: Bucket) {}

  /** Both hours included. */
  async read(releaseId: string, rules: string, fromHour: number, toHour: number): Promise<Map<number, KeptHour>> {
    const root = profileKey(releaseId, rules, fromHour).slice(0, -'2026/03/02/09.json'.length);
    const listed = await this.bucket.list(root, profileKey(releaseId, rules, fromHour - 1), profileKey(releaseId, rules, toHour + 1));
    const wanted = new Set(listed.map(({ key }) => key));
    for (const key of this.known.keys()) if (!wanted.has(key)) this.known.delete(key);
    const changed = listed.filter(({ key, etag }) => this.known.get(key)?.etag !== etag);
    for (let start = 0; start < changed.length; start += FILES_AT_A_TIME) {
      await Promise.all(changed.slice(start, start + FILES_AT_A_TIME).map(({ key }) => this.fetch(key)));
    }
    const hours = new Map<number, KeptHour>();
    for (const { key } of listed) {
      const hour = hourOfProfile(key);
      const stored = this.known.get(key);
      if (hour === undefined || stored === undefined) continue;
      hours.set(hour, { etag: stored.etag, ...(stored.profile === undefined ? {} : { profile: stored.profile }) });
    }
    return hours;
  }

  /** Undefined: somebody else was faster; what stands there is read at the next look. */
  async write(
    place: { releaseId: string; rules: string; hour: number },
    digest: string,
    profile: Profile,
    before: KeptHour | undefined,
  ): Promise<KeptHour | undefined> {
    const { releaseId, rules, hour } = place;
    const key = profileKey(releaseId, rules, hour);
    const kept: KeptProfile = { ...profile, hour: hourName(hour), digest };
    const condition: WriteCondition = before === undefined ? 'absent' : { etag: before.etag };
    const etag = await this.bucket.put(key, JSON.stringify(kept), condition);
    if (etag === undefined) return undefined;
    this.known.set(key, { etag, profile: kept });
    return { etag, profile: kept };
  }

  private async fetch(key: string): Promise<void> {
    const stored = await this.bucket.read(key);
    if (stored === undefined) return;
    const profile = profileOf(stored.text);
    if (profile === undefined) logger.warn('A profile cannot be read: its hour is read anew', { key });
    this.known.set(key, { etag: stored.etag, profile });
  }
}

function profileOf(text: string): KeptProfile | undefined {
  const value = parsed(text) as Partial<KeptProfile> | null | undefined;
  const isWhole =
    value?.schema === 'sluice.drift-profile/v1' &&
    typeof value.layoutId === 'string' &&
    typeof value.digest === 'string' &&
    typeof value.rows === 'number' &&
    Array.isArray(value.features) &&
    typeof value.skipped?.counts === 'object';
  return isWhole ? (value as KeptProfile) : undefined;
}

/** Undefined: it is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
