import type { Cloud, Members, Permission } from '../../cloud/types';
import { sageMakerArn, type ArnKind } from './names';
import { findTagged, type Store } from './store';

const tagContext = (prefix: string, tags: Iterable<[string, string]>): Record<string, string> =>
  Object.fromEntries([...tags].map(([key, value]) => [`${prefix}/${key}`, value]));

const requestTags = (input: Members): [string, string][] => ((input.Tags ?? []) as Members[]).map(({ Key, Value }) => [Key, Value]);

function requestTagContext(input: Members): Record<string, string | string[]> {
  const tags = requestTags(input);
  return { ...tagContext('aws:RequestTag', tags), 'aws:TagKeys': tags.map(([key]) => key) };
}

export function resourceTagContext(store: Store, arn: string): Record<string, string> {
  const tags = findTagged(store, arn)?.tags ?? new Map<string, string>();
  return { ...tagContext('aws:ResourceTag', tags), ...tagContext('sagemaker:ResourceTag', tags) };
}

/** Creating with tags also asks for `sagemaker:AddTags` on what is created. */
export function toCreate(action: string, kind: ArnKind, name: string, input: Members, cloud: Cloud): Permission[] {
  const resource = sageMakerArn(cloud, kind, name);
  const create = { action: `sagemaker:${action}`, resource };
  if (requestTags(input).length === 0) return [create];
  const context = requestTagContext(input);
  return [
    { ...create, context },
    { action: 'sagemaker:AddTags', resource, context },
  ];
}

export function toUse(store: Store, action: string, resource: string): Permission {
  return { action: `sagemaker:${action}`, resource, context: resourceTagContext(store, resource) };
}

export const toTag = (store: Store, resource: string, input: Members): Permission => ({
  action: 'sagemaker:AddTags',
  resource,
  context: { ...requestTagContext(input), ...resourceTagContext(store, resource) },
});

export const toPassRole = (roleArn: string): Permission => ({
  action: 'iam:PassRole',
  resource: roleArn,
  context: { 'iam:PassedToService': 'sagemaker.amazonaws.com' },
});

export const toList = (action: string): Permission[] => [{ action: `sagemaker:${action}`, resource: '*' }];
