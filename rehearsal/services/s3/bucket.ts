import type { PolicyDocument } from '../../cloud/types';
import type { LifecycleRule } from './lifecycle';
import { noRules } from './notification-rules';
import type { NotificationRule } from './notification-rules';
import type { Upload } from './multipart';
import { SortedKeys } from './sorted-keys';
import { invalidVersionId, noSuchKey, noSuchVersion, protectedByLock, readsDeleteMarker } from './errors';

export interface Retention {
  mode: 'GOVERNANCE' | 'COMPLIANCE';
  untilMillis: number;
}

export interface ObjectVersion {
  readonly key: string;
  readonly versionId: string;
  readonly modifiedAtMillis: number;
  /** Undefined: a delete marker. */
  readonly body: Uint8Array | undefined;
  readonly etag: string;
  readonly checksums: Record<string, string>;
  /** Content-Type, user metadata and the like, as GetObject answers them. */
  readonly headers: Record<string, unknown>;
  retention?: Retention;
  legalHold?: boolean;
  tags?: Readonly<Record<string, string>>;
  /** Sizes of the parts in which it was uploaded. */
  readonly partBytes?: readonly number[];
}

export interface BucketSettings {
  versioning: 'Enabled' | 'Suspended' | undefined;
  objectLock: boolean;
  defaultRetention?: { mode: Retention['mode']; millis: number };
  eventBridge: boolean;
  tags: { Key: string; Value: string }[];
  lifecycle?: readonly LifecycleRule[];
}

export class Bucket {
  policy: PolicyDocument | undefined;
  notifications: readonly NotificationRule[] = noRules;
  /** Multipart uploads that were not completed yet, by id. */
  readonly uploads = new Map<string, Upload>();
  /** Oldest first. */
  private readonly versions = new Map<string, ObjectVersion[]>();
  private readonly sorted = new SortedKeys();

  constructor(
    readonly name: string,
    readonly arn: string,
    readonly createdAtMillis: number,
    public settings: BucketSettings,
  ) {}

  get empty(): boolean {
    return this.versions.size === 0;
  }

  /** Keys that have any version, in the order of their bytes. */
  keys(): readonly string[] {
    return this.sorted.all();
  }

  versionsOf(key: string): readonly ObjectVersion[] {
    return this.versions.get(key) ?? [];
  }

  /** The current version, unless it is a delete marker. */
  current(key: string): ObjectVersion | undefined {
    const latest = this.latest(key);
    return latest?.body === undefined ? undefined : latest;
  }

  latest(key: string): ObjectVersion | undefined {
    const versions = this.versions.get(key);
    return versions?.[versions.length - 1];
  }

  version(key: string, versionId: string): ObjectVersion {
    const found = this.versionsOf(key).find((version) => version.versionId === versionId);
    if (found !== undefined) return found;
    throw this.settings.versioning === undefined && versionId !== 'null' ? invalidVersionId(versionId) : noSuchVersion(key, versionId);
  }

  add(version: ObjectVersion): void {
    const before = this.versions.get(version.key);
    if (before === undefined) this.sorted.add(version.key);
    // Without versioning the version "null" is replaced.
    const kept = (before ?? []).filter((other) => other.versionId !== version.versionId);
    this.versions.set(version.key, [...kept, version]);
  }

  /** Deletes a version for good. */
  removeVersion(version: ObjectVersion, nowMillis: number, bypassGovernance: boolean): void {
    checkUnlocked(version, nowMillis, bypassGovernance);
    const kept = this.versionsOf(version.key).filter((other) => other !== version);
    if (kept.length > 0) {
      this.versions.set(version.key, kept);
      return;
    }
    this.versions.delete(version.key);
    this.sorted.remove(version.key);
  }

  read(key: string, versionId: string | undefined): ObjectVersion & { body: Uint8Array } {
    const version = versionId === undefined ? this.current(key) : this.version(key, versionId);
    if (version?.body === undefined) throw versionId === undefined ? noSuchKey(key) : readsDeleteMarker();
    return version as ObjectVersion & { body: Uint8Array };
  }
}

/** Whether a lock keeps the version, whoever asks. */
export const isLocked = ({ retention, legalHold }: ObjectVersion, nowMillis: number): boolean =>
  legalHold === true || (retention !== undefined && retention.untilMillis > nowMillis);

export function checkUnlocked({ retention, legalHold }: ObjectVersion, nowMillis: number, bypassGovernance: boolean): void {
  if (legalHold === true) throw protectedByLock();
  if (retention === undefined || retention.untilMillis <= nowMillis) return;
  if (retention.mode === 'GOVERNANCE' && bypassGovernance) return;
  throw protectedByLock();
}
