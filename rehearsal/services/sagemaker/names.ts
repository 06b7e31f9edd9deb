import type { Cloud, Members } from '../../cloud/types';
import { invalid } from './errors';

const NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;
const MAX_TAGS = 50;

export type ArnKind =
  | 'model'
  | 'endpoint-config'
  | 'endpoint'
  | 'inference-component'
  | 'model-package-group'
  | 'model-package'
  | 'training-job'
  | 'processing-job'
  | 'transform-job'
  | 'pipeline'
  | 'model-card';

/** SageMaker writes the name in lower case into its ARN. */
export const sageMakerArn = (cloud: Cloud, kind: ArnKind, name: string): string =>
  cloud.arn('sagemaker', `${kind}/${String(name).toLowerCase()}`);

const constraint = (member: string, value: unknown, rule: string): Error =>
  invalid(`1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: Member must ${rule}`);

/** `member` as AWS names it in its message, e.g. `endpointName`. */
export function checkName(member: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') throw constraint(member, value, 'not be null');
  if (value.length > 63) throw constraint(member, value, 'have length less than or equal to 63');
  if (!NAME.test(value)) throw constraint(member, value, `satisfy regular expression pattern: ${NAME.source.slice(1, -1)}`);
  return value;
}

export function checkRange(member: string, value: unknown, least: number, most: number): void {
  if (value === undefined) return;
  if (typeof value !== 'number' || !(value >= least)) throw constraint(member, value, `have value greater than or equal to ${least}`);
  if (value > most) throw constraint(member, value, `have value less than or equal to ${most}`);
}

export function readTags(tags: unknown): Map<string, string> {
  const read = new Map<string, string>();
  for (const { Key, Value } of (tags ?? []) as Members[]) {
    if (read.has(Key)) throw invalid(`Duplicate tag key found. Please use only one key "${String(Key)}".`);
    read.set(Key, Value);
  }
  if (read.size > MAX_TAGS) throw invalid(`Too many tags: ${read.size}, at most ${MAX_TAGS}.`);
  return read;
}

export const tagList = (tags: Map<string, string>): { Key: string; Value: string }[] => [...tags].map(([Key, Value]) => ({ Key, Value }));
