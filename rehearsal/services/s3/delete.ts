import { AwsError } from '../../cloud/types';
import type { Members } from '../../cloud/types';
import type { Bucket } from './bucket';
import { checkDeleteConditions } from './conditions';
import { deleteMarker } from './write';
import type { Writer } from './write';

function deleteVersion(writer: Writer, bucket: Bucket, key: string, versionId: string, bypassGovernance: boolean): Members {
  const version = bucket.versionsOf(key).find((candidate) => candidate.versionId === versionId);
  if (version !== undefined) {
    bucket.removeVersion(version, writer.cloud.clock.now(), bypassGovernance);
    writer.events.tell(bucket, 'ObjectRemoved:Delete', version, writer.cause);
  }
  return { VersionId: versionId, ...(version !== undefined && version.body === undefined ? { DeleteMarker: true } : {}) };
}

/** Without a version id a versioned bucket only gets a delete marker, locked or not. */
export function deleteObject(writer: Writer, bucket: Bucket, input: Members): Members {
  const { cloud, events, cause } = writer;
  const key = input['Key'] as string;
  const versionId = input['VersionId'] as string | undefined;
  const bypassGovernance = input['BypassGovernanceRetention'] === true;
  checkDeleteConditions(bucket, key, input);
  if (versionId !== undefined) return deleteVersion(writer, bucket, key, versionId, bypassGovernance);
  if (bucket.settings.versioning === undefined) {
    const current = bucket.current(key);
    if (current === undefined) return {};
    bucket.removeVersion(current, cloud.clock.now(), bypassGovernance);
    events.tell(bucket, 'ObjectRemoved:Delete', current, cause);
    return {};
  }
  const marker = deleteMarker(writer, bucket, key);
  events.tell(bucket, 'ObjectRemoved:DeleteMarkerCreated', marker, cause);
  return { DeleteMarker: true, VersionId: marker.versionId };
}

export function deleteObjects(writer: Writer, bucket: Bucket, input: Members): Members {
  const request = input['Delete'] as { Objects: Members[]; Quiet?: boolean };
  if (request.Objects.length > 1000) throw new AwsError('MalformedXML', 'The XML you provided was not well-formed or did not validate');
  const deleted: Members[] = [];
  const errors: Members[] = [];
  for (const object of request.Objects) {
    const { Key: key, VersionId: versionId } = object;
    try {
      const answer = deleteObject(writer, bucket, { ...object, BypassGovernanceRetention: input['BypassGovernanceRetention'] });
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
