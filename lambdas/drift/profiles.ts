import { DRIFT_FOLDERS } from '../../core/drift/places';
import { folderOfHour, hourName, hourOfKey } from '../../core/drift/look/objects';
import type { Profile } from '../../core/drift/types';
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

export const profileKey = (releaseId: string, layoutId: string, hour: number): string =>
  `${DRIFT_FOLDERS.profiles}/${releaseId}/${layoutId}/${folderOfHour(hour).slice(0, -1)}.json`;

/** `…/2026/03/02/09.json`: as if it lay in the hour's folder. */
const hourOfProfile = (key: string): number | undefined => hourOfKey(key.replace(/\.json$/, '/x'));

/** Profiles of hours; a function that stays warm reads only those that have changed. */
export class Profiles {
  private readonly known = new Map<string, { etag: string; profile: KeptProfile | undefined }>();

  constructor(private readonly bucket: Bucket) {}

  /** Both hours included. */
  async read(releaseId: string, layoutId: string, fromHour: number, toHour: number): Promise<Map<number, KeptHour>> {
    const root = profileKey(releaseId, layoutId, fromHour).slice(0, -'2026/03/02/09.json'.length);
    const listed = await this.bucket.list(root, profileKey(releaseId, layoutId, fromHour - 1), profileKey(releaseId, layoutId, toHour + 1));
    const wanted = new Set(listed.map(({ key }) => key));
    for (const key of this.known.keys()) if (!wanted.has(key)) this.known.delete(key);
    const changed = listed.filter(({ key, etag }) => this.known.get(key)?.etag !== etag);
    for (let start = 0; start < changed.length; start += FILES_AT_A_TIME) {
      await Promise.all(changed.slice(start, start + FILES_AT_A_TIME).map(({ key }) => this.fetch(key, layoutId)));
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

  /** False: somebody else was faster; what stands there is read at the next look. */
  async write(
    releaseId: string,
    hour: number,
    digest: string,
    profile: Profile,
    before: KeptHour | undefined,
  ): Promise<KeptHour | undefined> {
    const key = profileKey(releaseId, profile.layoutId, hour);
    const kept: KeptProfile = { ...profile, hour: hourName(hour), digest };
    const condition: WriteCondition = before === undefined ? 'absent' : { etag: before.etag };
    const etag = await this.bucket.put(key, JSON.stringify(kept), condition);
    if (etag === undefined) return undefined;
    this.known.set(key, { etag, profile: kept });
    return { etag, profile: kept };
  }

  private async fetch(key: string, layoutId: string): Promise<void> {
    const stored = await this.bucket.read(key);
    if (stored === undefined) return;
    const profile = profileOf(stored.text, layoutId);
    if (profile === undefined) logger.warn('A profile cannot be read: its hour is read anew', { key });
    this.known.set(key, { etag: stored.etag, profile });
  }
}

export function profileOf(text: string, layoutId: string): KeptProfile | undefined {
  const value = parsed(text) as Partial<KeptProfile> | null | undefined;
  const isWhole =
    value?.schema === 'sluice.drift-profile/v1' &&
    value.layoutId === layoutId &&
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
