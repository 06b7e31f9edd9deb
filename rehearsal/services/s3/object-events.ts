import { createHash } from 'node:crypto';
import type { Caller, Cloud, Members, ServiceDouble, ServiceEventSink } from '../../cloud/types';
import type { Bucket, ObjectVersion } from './bucket';
import { matchingRules } from './notification-rules';
import { Notifier } from './notifier';

/** Changes of objects that the laptop cloud makes, as S3 names them in notifications (without `s3:`). */
export type EventName =
  | 'ObjectCreated:Put'
  | 'ObjectCreated:Post'
  | 'ObjectCreated:Copy'
  | 'ObjectCreated:CompleteMultipartUpload'
  | 'ObjectRemoved:Delete'
  | 'ObjectRemoved:DeleteMarkerCreated'
  | 'ObjectTagging:Put'
  | 'ObjectTagging:Delete'
  | 'LifecycleExpiration:Delete'
  | 'LifecycleExpiration:DeleteMarkerCreated';

/** Who made a change, and by which request. */
export interface Cause {
  caller: Caller;
  requestId: string;
}

/** How the same change is worded on EventBridge. */
const onEventBridge: Record<EventName, { detailType: string; reason?: string; deletionType?: string }> = {
  'ObjectCreated:Put': { detailType: 'Object Created', reason: 'PutObject' },
  'ObjectCreated:Post': { detailType: 'Object Created', reason: 'POST Object' },
  'ObjectCreated:Copy': { detailType: 'Object Created', reason: 'CopyObject' },
  'ObjectCreated:CompleteMultipartUpload': { detailType: 'Object Created', reason: 'CompleteMultipartUpload' },
  'ObjectRemoved:Delete': { detailType: 'Object Deleted', reason: 'DeleteObject', deletionType: 'Permanently Deleted' },
  'ObjectRemoved:DeleteMarkerCreated': { detailType: 'Object Deleted', reason: 'DeleteObject', deletionType: 'Delete Marker Created' },
  'ObjectTagging:Put': { detailType: 'Object Tags Added' },
  'ObjectTagging:Delete': { detailType: 'Object Tags Deleted' },
  'LifecycleExpiration:Delete': { detailType: 'Object Deleted', reason: 'Lifecycle Expiration', deletionType: 'Permanently Deleted' },
  'LifecycleExpiration:DeleteMarkerCreated': {
    detailType: 'Object Deleted',
    reason: 'Lifecycle Expiration',
    deletionType: 'Delete Marker Created',
  },
};

const lifecycle: Cause = { caller: { kind: 'service', principal: 's3.amazonaws.com', sourceArn: '' }, requestId: 'lifecycle' };
export const byLifecycle = lifecycle;

/** Tells of changes in buckets: on the default event bus and at the destinations of their notifications. */
export class ObjectEvents {
  readonly notifier: Notifier;
  private changes = 0;

  constructor(private readonly cloud: Cloud) {
    this.notifier = new Notifier(cloud);
  }

  tell(bucket: Bucket, name: EventName, version: ObjectVersion, cause: Cause): void {
    const { settings, notifications } = bucket;
    if (!settings.eventBridge && notifications.length === 0) return;
    const sequencer = this.nextSequencer();
    if (settings.eventBridge) this.emit(bucket, name, version, cause, sequencer);
    const rules = matchingRules(notifications, name, version.key);
    if (rules.length === 0) return;
    const record = this.record(bucket, name, version, cause, sequencer);
    for (const rule of rules) this.notifier.send(bucket, rule, record);
  }

  /** Grows with each change: 16 hexadecimal digits. */
  private nextSequencer(): string {
    this.changes += 1;
    const seconds = Math.floor(this.cloud.clock.now() / 1000);
    return `${seconds.toString(16).padStart(8, '0')}${this.changes.toString(16).padStart(8, '0')}`;
  }

  private emit(bucket: Bucket, name: EventName, version: ObjectVersion, cause: Cause, sequencer: string): void {
    const { detailType, reason, deletionType } = onEventBridge[name];
    const detail: Members = {
      version: '0',
      bucket: { name: bucket.name },
      object: {
        key: version.key,
        ...(name.startsWith('ObjectCreated:') ? { size: version.body?.length ?? 0 } : {}),
        ...(isEtagTold(name) ? { etag: version.etag.replaceAll('"', '') } : {}),
        ...(version.versionId === 'null' ? {} : { 'version-id': version.versionId }),
        ...(name.startsWith('ObjectTagging:') ? {} : { sequencer }),
      },
      'request-id': requestIdOf(cause),
      requester: cause.caller.kind === 'service' ? cause.caller.principal : this.cloud.accountId,
      ...(cause === byLifecycle ? {} : { 'source-ip-address': sourceAddress }),
      ...(reason === undefined ? {} : { reason }),
      ...(deletionType === undefined ? {} : { 'deletion-type': deletionType }),
    };
    this.cloud
      .double<ServiceDouble & ServiceEventSink>('eventbridge')
      .emitServiceEvent({ source: 'aws.s3', detailType, detail, resources: [bucket.arn] });
  }

  /** Version 2.1 of the message; of tags and lifecycle 2.3. */
  private record(bucket: Bucket, name: EventName, version: ObjectVersion, cause: Cause, sequencer: string): Members {
    const isLater = name.startsWith('ObjectTagging:') || name.startsWith('LifecycleExpiration:');
    const requestId = requestIdOf(cause);
    return {
      eventVersion: isLater ? '2.3' : '2.1',
      eventSource: 'aws:s3',
      awsRegion: this.cloud.region,
      eventTime: new Date(this.cloud.clock.now()).toISOString(),
      eventName: name,
      userIdentity: { principalId: principalOf(cause.caller) },
      requestParameters: { sourceIPAddress: cause === byLifecycle ? 's3.amazonaws.com' : sourceAddress },
      responseElements: { 'x-amz-request-id': requestId, 'x-amz-id-2': hostIdOf(requestId) },
      s3: {
        s3SchemaVersion: '1.0',
        bucket: { name: bucket.name, ownerIdentity: { principalId: ownerOf(this.cloud.accountId) }, arn: bucket.arn },
        object: {
          key: encodedKey(version.key),
          ...(name.startsWith('ObjectCreated:') ? { size: version.body?.length ?? 0 } : {}),
          ...(isEtagTold(name) ? { eTag: version.etag.replaceAll('"', '') } : {}),
          ...(version.versionId === 'null' ? {} : { versionId: version.versionId }),
          ...(name.startsWith('ObjectTagging:') ? {} : { sequencer: `00${sequencer.toUpperCase()}` }),
        },
      },
    };
  }
}

const sourceAddress = '192.0.2.10';

/** Of what is gone for good S3 tells no tag. */
const isEtagTold = (name: EventName): boolean => !name.endsWith(':Delete') || name === 'ObjectTagging:Delete';

/** As in the message's `key`: a form's encoding, in which slashes stay. */
export function encodedKey(key: string): string {
  return new URLSearchParams([['key', key]]).toString().slice('key='.length).replaceAll('%2F', '/');
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').toUpperCase();

/** S3's request ids have 16 signs of their own. */
export const requestIdOf = ({ requestId }: Cause): string => digest(`s3 request ${requestId}`).slice(0, 16);

export const hostIdOf = (requestId: string): string => Buffer.from(digest(requestId)).toString('base64');

const ownerOf = (accountId: string): string => `A${digest(`account ${accountId}`).slice(0, 13)}`;

function principalOf(caller: Caller): string {
  if (caller.kind === 'service') return caller.principal;
  const arn = caller.kind === 'role' ? caller.roleArn : caller.principalArn;
  return `AWS:AROA${digest(arn).slice(0, 17)}:${arn.split('/').at(-1) ?? arn}`;
}
