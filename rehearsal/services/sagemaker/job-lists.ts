import type { Members, Operation } from '../../cloud/types';
import type { JobKind, JobRecord } from './job-types';
import type { Jobs } from './jobs';
import { listPages } from './lists';

/** Those members of a request that an answer repeats. */
export const members = (definition: Members, names: string[]): Members =>
  Object.fromEntries(names.filter((name) => definition[name] !== undefined).map((name) => [name, definition[name] as unknown]));

/** `prefix` as the members are named, e.g. `Training` for `TrainingJobName`. */
export const jobSummary = (prefix: string, job: JobRecord): Members => ({
  [`${prefix}JobName`]: job.name,
  [`${prefix}JobArn`]: job.arn,
  [`${prefix}JobStatus`]: job.status,
  CreationTime: new Date(job.createdAtMillis),
  LastModifiedTime: new Date(job.modifiedAtMillis),
  ...(job.endedAtMillis === undefined ? {} : { [`${prefix}EndTime`]: new Date(job.endedAtMillis) }),
});

export const listJobs = (operation: string, member: string, jobs: Jobs, kind: JobKind, summary: (job: JobRecord) => Members): Operation =>
  listPages(operation, member, () => jobs.all(kind), summary);
