import type { Clock, Members } from '../../cloud/types';
import { inBackground } from '../background';
import type { Bucket, ObjectVersion } from './bucket';
import { isLocked } from './bucket';
import { byLifecycle } from './object-events';
import { deleteMarker } from './write';
import type { Writer } from './write';

const dayMillis = 86_400_000;

/** A rule of a bucket's lifecycle: what it is about, and after how many days what goes. Transitions change nothing that a handler sees. */
export interface LifecycleRule {
  prefix: string;
  tags: Readonly<Record<string, string>>;
  largerThan: number;
  smallerThan: number;
  expiresAfterDays: number | undefined;
  expiresAtMillis: number | undefined;
  removesLoneMarkers: boolean;
  noncurrentAfterDays: number | undefined;
  /** So many noncurrent versions stay, however old. */
  keepsNoncurrent: number;
  abortsAfterDays: number | undefined;
}

const numberOf = (value: unknown): number | undefined => (value === undefined ? undefined : Number(value));

/** The enabled rules of a template's LifecycleConfiguration. */
export function lifecycleRules(configuration: Members | undefined): LifecycleRule[] {
  return ((configuration?.['Rules'] ?? []) as Members[])
    .filter((rule) => rule['Status'] === 'Enabled')
    .map((rule) => {
      const noncurrent = (rule['NoncurrentVersionExpiration'] ?? {}) as Members;
      const date = rule['ExpirationDate'] as string | undefined;
      return {
        prefix: (rule['Prefix'] ?? '') as string,
        tags: Object.fromEntries(((rule['TagFilters'] ?? []) as Members[]).map(({ Key, Value }) => [String(Key), String(Value)])),
        largerThan: numberOf(rule['ObjectSizeGreaterThan']) ?? -1,
        smallerThan: numberOf(rule['ObjectSizeLessThan']) ?? Infinity,
        expiresAfterDays: numberOf(rule['ExpirationInDays']),
        expiresAtMillis: date === undefined ? undefined : Date.parse(date),
        removesLoneMarkers: String(rule['ExpiredObjectDeleteMarker'] ?? false) === 'true',
        noncurrentAfterDays: numberOf(noncurrent['NoncurrentDays'] ?? rule['NoncurrentVersionExpirationInDays']),
        keepsNoncurrent: numberOf(noncurrent['NewerNoncurrentVersions']) ?? 0,
        abortsAfterDays: numberOf((rule['AbortIncompleteMultipartUpload'] as Members | undefined)?.['DaysAfterInitiation']),
      };
    });
}

/** S3 counts whole days, and rounds up to the next midnight of UTC. */
const isOver = (sinceMillis: number, days: number | undefined, nowMillis: number): boolean =>
  days !== undefined && Math.ceil((sinceMillis + days * dayMillis) / dayMillis) * dayMillis <= nowMillis;

const covers = (rule: LifecycleRule, { key, body, tags = {} }: ObjectVersion): boolean => {
  const size = body?.length ?? 0;
  const isTagged = Object.entries(rule.tags).every(([name, value]) => tags[name] === value);
  return key.startsWith(rule.prefix) && isTagged && size > rule.largerThan && size < rule.smallerThan;
};

/** Lets go what is due, each midnight, in buckets that have rules. */
export class Lifecycle {
  private isWatching = false;

  constructor(
    private readonly clock: Clock,
    private readonly buckets: () => Iterable<Bucket>,
    private readonly writer: () => Writer,
  ) {}

  watch(): void {
    if (this.isWatching) return;
    this.isWatching = true;
    const nextMillis = (Math.floor(this.clock.now() / dayMillis) + 1) * dayMillis;
    inBackground(this.clock, nextMillis, () => {
      this.isWatching = false;
      const ruled = [...this.buckets()].filter(({ settings }) => (settings.lifecycle ?? []).length > 0);
      for (const bucket of ruled) for (const rule of bucket.settings.lifecycle ?? []) this.apply(rule, bucket);
      if (ruled.length > 0) this.watch();
    });
  }

  private apply(rule: LifecycleRule, bucket: Bucket): void {
    const now = this.clock.now();
    for (const key of bucket.keys()) {
      if (!key.startsWith(rule.prefix)) continue;
      this.expireNoncurrent(rule, bucket, key, now);
      this.expireCurrent(rule, bucket, key, now);
    }
    for (const { id, key, startedAtMillis } of bucket.uploads.values())
      if (key.startsWith(rule.prefix) && isOver(startedAtMillis, rule.abortsAfterDays, now)) bucket.uploads.delete(id);
  }

  private expireCurrent(rule: LifecycleRule, bucket: Bucket, key: string, now: number): void {
    const latest = bucket.latest(key);
    if (latest === undefined) return;
    if (latest.body === undefined) {
      if (rule.removesLoneMarkers && bucket.versionsOf(key).length === 1) bucket.removeVersion(latest, now, false);
      return;
    }
    const isDue = isOver(latest.modifiedAtMillis, rule.expiresAfterDays, now) || (rule.expiresAtMillis ?? Infinity) <= now;
    if (!isDue || !covers(rule, latest)) return;
    if (bucket.settings.versioning === undefined) return this.remove(bucket, latest, now);
    const writer = this.writer();
    const marker = deleteMarker(writer, bucket, key);
    writer.events.tell(bucket, 'LifecycleExpiration:DeleteMarkerCreated', marker, byLifecycle);
  }

  /** A version is noncurrent since the next one came. */
  private expireNoncurrent(rule: LifecycleRule, bucket: Bucket, key: string, now: number): void {
    if (rule.noncurrentAfterDays === undefined) return;
    const versions = bucket.versionsOf(key);
    const candidates = versions.slice(0, Math.max(0, versions.length - 1 - rule.keepsNoncurrent));
    for (const [index, version] of candidates.entries()) {
      const since = versions[index + 1]!.modifiedAtMillis;
      if (covers(rule, version) && isOver(since, rule.noncurrentAfterDays, now)) this.remove(bucket, version, now);
    }
  }

  /** What a lock protects stays. */
  private remove(bucket: Bucket, version: ObjectVersion, now: number): void {
    if (isLocked(version, now)) return;
    bucket.removeVersion(version, now, false);
    this.writer().events.tell(bucket, 'LifecycleExpiration:Delete', version, byLifecycle);
  }
}
