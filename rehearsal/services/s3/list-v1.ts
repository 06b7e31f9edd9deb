import type { Members } from '../../cloud/types';
import type { Bucket } from './bucket';
import { listObjectsV2 } from './list';

/** The older ListObjects: its marker is the last name that was shown, and told only where a delimiter is given. */
export function listObjects(bucket: Bucket, input: Members): Members {
  const { Marker: marker, ...asked } = input;
  const page = listObjectsV2(bucket, { ...asked, ...(marker === undefined ? {} : { StartAfter: marker as string }) });
  const { StartAfter: shownMarker, NextContinuationToken: token, ...shared } = page;
  delete shared['KeyCount'];
  const last = token === undefined ? undefined : Buffer.from(token as string, 'base64').toString();
  return {
    ...shared,
    Marker: (shownMarker ?? '') as string,
    ...(last === undefined || input['Delimiter'] === undefined ? {} : { NextMarker: last }),
  };
}
