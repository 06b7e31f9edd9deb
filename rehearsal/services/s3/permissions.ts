import type { Cloud, Members, Permission } from '../../cloud/types';

export const bucketArn = (cloud: Cloud, bucket: string): string => `arn:${cloud.partition}:s3:::${bucket}`;

type Permissions = (input: Members, cloud: Cloud) => Permission[];

export const onBucket =
  (action: string): Permissions =>
  (input, cloud) => [{ action: `s3:${action}`, resource: bucketArn(cloud, input['Bucket'] as string) }];

export const listPermissions =
  (action: string): Permissions =>
  (input, cloud) => {
    const context: Record<string, string> = { 's3:prefix': (input['Prefix'] ?? '') as string };
    if (input['Delimiter'] !== undefined) context['s3:delimiter'] = input['Delimiter'] as string;
    return [{ action: `s3:${action}`, resource: bucketArn(cloud, input['Bucket'] as string), context }];
  };

const objectArn = (cloud: Cloud, input: Members, key = input['Key'] as string): string =>
  `${bucketArn(cloud, input['Bucket'] as string)}/${key}`;

export const onObject =
  (action: string): Permissions =>
  (input, cloud) => [{ action: `s3:${action}`, resource: objectArn(cloud, input) }];

/** A request that names a version needs the action's variant for versions. */
export const onVersion =
  (action: string): Permissions =>
  (input, cloud) => [{ action: `s3:${action}${input['VersionId'] === undefined ? '' : 'Version'}`, resource: objectArn(cloud, input) }];

export const putPermissions: Permissions = (input, cloud) => {
  const resource = objectArn(cloud, input);
  const actions = ['PutObject'];
  if (input['ObjectLockMode'] !== undefined) actions.push('PutObjectRetention');
  if (input['ObjectLockLegalHoldStatus'] !== undefined) actions.push('PutObjectLegalHold');
  if (input['Tagging'] !== undefined) actions.push('PutObjectTagging');
  return actions.map((action) => ({ action: `s3:${action}`, resource }));
};

const bypass = (input: Members, resource: string): Permission[] =>
  input['BypassGovernanceRetention'] === true ? [{ action: 's3:BypassGovernanceRetention', resource }] : [];

export const deletePermissions: Permissions = (input, cloud) => [
  ...onVersion('DeleteObject')(input, cloud),
  ...bypass(input, objectArn(cloud, input)),
];

export const deleteManyPermissions: Permissions = (input, cloud) => {
  const objects = (input['Delete'] as { Objects: Members[] }).Objects;
  return objects.flatMap((object) =>
    deletePermissions({ ...object, Bucket: input['Bucket'], BypassGovernanceRetention: input['BypassGovernanceRetention'] }, cloud),
  );
};

export const retentionPermissions: Permissions = (input, cloud) => [
  ...onObject('PutObjectRetention')(input, cloud),
  ...bypass(input, objectArn(cloud, input)),
];

export interface CopySource {
  bucket: string;
  key: string;
  versionId?: string;
}

export function copySource(input: Members): CopySource {
  const [path, query] = (input['CopySource'] as string).replace(/^\//, '').split('?versionId=') as [string, string?];
  const slash = path.indexOf('/');
  const source = { bucket: path.slice(0, slash), key: decodeURIComponent(path.slice(slash + 1)) };
  return query === undefined ? source : { ...source, versionId: query };
}

export const copyPermissions: Permissions = (input, cloud) => {
  const source = copySource(input);
  return [
    ...onVersion('GetObject')({ Bucket: source.bucket, Key: source.key, VersionId: source.versionId }, cloud),
    ...putPermissions(input, cloud),
  ];
};
