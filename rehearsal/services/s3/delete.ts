import { AwsError } from '../../cloud/types';
import type { Cloud, Members, Random } from '../../cloud/types';
import type { Bucket, ObjectVersion } from './bucket';
import { checkDeleteConditions } from './conditions';
import { emit, eventVersion, newVersionId } from './write';

function announce(cloud: Cloud, bucket: Bucket, version: ObjectVersion, deletionType: string): void {
  if (!bucket.settings.eventBridge) return;
  const object = { key: version.key, ...eventVersion(version) };
  emit(cloud, bucket, 'Object Deleted', { object, reason: 'DeleteObject', 'deletion-type': deletionType });
}

function deleteVersion(cloud: Cloud, bucket: Bucket, key: string, versionId: string, bypassGovernance: boolean): Members {
  const version = bucket.versionsOf(key).find((candidate) => candidate.versionId === versionId);
  if (version !== undefined) {
    bucket.removeVersion(version, cloud.clock.now(), bypassGovernance);
    announce(cloud, bucket, version, 'Permanently Deleted');
  }
  return { VersionId: versionId, ...(version !== undefined && version.body === undefined ? { DeleteMarker: true } : {}) };
}

/** Without a version id a versioned bucket only gets a delete marker, locked or not. */
export function deleteObject(cloud: Cloud, random: Random, bucket: Bucket, input: Members): Members {
  const key = input['Key'] as string;
  const versionId = input['VersionId'] as string | undefined;
  const bypassGovernance = input['BypassGovernanceRetention'] === true;
  checkDeleteConditions(bucket, key, input);
  if (versionId !== undefined) return deleteVersion(cloud, bucket, key, versionId, bypassGovernance);
  if (bucket.settings.versioning === undefined) {
    const current = bucket.current(key);
    if (current === undefined) return {};
    bucket.removeVersion(current, cloud.clock.now(), bypassGovernance);
    announce(cloud, bucket, current, 'Permanently Deleted');
    return {};
  }
  const marker: ObjectVersion = {
    key,
    versionId: newVersionId(bucket, random),
    modifiedAtMillis: cloud.clock.now(),
    body: undefined,
    etag: '',
    checksums: {},
    headers: {},
  };
  bucket.add(marker);
  announce(cloud, bucket, marker, 'Delete Marker Created');
  return { DeleteMarker: true, VersionId: marker.versionId };
}

export function deleteObjects(cloud: Cloud, random: Random, bucket: Bucket, input: Members): Members {
  const request = input['Delete'] as { Objects: Members[]; Quiet?: boolean };
  if (request.Objects.length > 1000) throw new AwsError('MalformedXML', 'The XML you provided was not well-formed or did not validate');
  const deleted: Members[] = [];
  const errors: Members[] = [];
  for (const object of request.Objects) {
    const { Key: key, VersionId: versionId } = object;
    try {
      const answer = deleteObject(cloud, random, bucket, { ...object, BypassGovernanceRetention: input['BypassGovernanceRetention'] });
      deleted.push({
        Key: key,
        ...(versionId === undefined ? {} : { VersionId: versionId }),
        ...(answer['DeleteMarker'] === true ? { DeleteMarker: true, DeleteMarkerVersionId: answer['VersionId'] } : {}),
      });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      errors.push({ Key: key, ...(versionId === undefined ? {} : { VersionId: versionId }), Code: error.code, Message: error.message });
    }
  }
  return {
    ...(request.Quiet === true || deleted.length === 0 ? {} : { Deleted: deleted }),
    ...(errors.length === 0 ? {} : { Errors: errors }),
  };
}
