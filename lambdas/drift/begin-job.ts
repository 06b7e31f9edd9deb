import { createHash } from 'node:crypto';
import { groupsOf, partsOf } from '../../core/drift/look/due';
import { hourName } from '../../core/drift/look/objects';
import type { CaptureObject } from '../../core/drift/look/objects';
import { type Job, manifestKey, truthsKey } from './job';
import { type DriftParts, iso } from './parts';

/** Jobs that were begun, by what they read: which attempt, and when. */
export type Jobs = Record<string, { attempt: number; at: string }>;

/** The machine's own limit: what has not ended by then never will. */
const JOB_MILLIS = 2 * 3_600_000;
const MOST_ATTEMPTS = 3;
const FORGOTTEN_MILLIS = 8 * 24 * 3_600_000;

export type JobWish = Omit<Job, 'id' | 'parts' | 'groups'> & { objects: CaptureObject[]; truths?: string };
export type Begun = 'running' | 'given-up';

/** Begins it once; anew where it has not ended in time. Which attempt it is stands in `jobs`. */
export async function beginJob(parts: DriftParts, jobs: Jobs, { objects, truths, ...wish }: JobWish): Promise<Begun> {
  const name = nameOf(wish);
  const known = jobs[name];
  const nowMillis = parts.now();
  if (known !== undefined && nowMillis - Date.parse(known.at) < JOB_MILLIS) return 'running';
  const attempt = (known?.attempt ?? 0) + 1;
  if (attempt > MOST_ATTEMPTS) return 'given-up';
  const id = attempt === 1 ? name : `${name}-${attempt}`;
  const items = partsOf(objects);
  const job: Job = { ...wish, id, parts: items.length, groups: groupsOf(items.length) };
  if (truths !== undefined) await parts.bucket.put(truthsKey(job), truths);
  await parts.bucket.put(manifestKey(job), JSON.stringify(items));
  await parts.start(id, { job, manifest: manifestKey(job) });
  jobs[name] = { attempt, at: iso(nowMillis) };
  return 'running';
}

/** Without those of a week ago: their hours are past. */
export const withoutOldJobs = (jobs: Jobs, nowMillis: number): Jobs =>
  Object.fromEntries(Object.entries(jobs).filter(([, { at }]) => nowMillis - Date.parse(at) < FORGOTTEN_MILLIS));

/** The same files, hour and rules are the same execution; at most 80 characters. */
function nameOf({ kind, releaseId, hour, digest, baselineKey, policyKey, rules }: Omit<Job, 'id' | 'parts' | 'groups'>): string {
  const hash = createHash('sha256')
    .update([releaseId, rules, kind === 'profile' ? '' : policyKey, baselineKey, digest].join('\n'))
    .digest('hex');
  return `${kind}-${hourName(hour)}-${hash.slice(0, 32)}`;
}
