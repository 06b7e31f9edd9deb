import { BadInputError } from '../../../core/errors';
import { AwsError, UnsupportedError, type Cloud, type Members, type Random } from '../../cloud/types';
import { invalid, resourceInUse, resourceNotFound } from './errors';
import { emit } from './events';
import { JobFaults, type JobKind, type JobRecord, type JobResult, type JobRunner, type JobStatus } from './job-types';
import { checkName, readTags, sageMakerArn } from './names';
import type { Store } from './store';
import { drawMillis } from './timings';

const START_MINUTES: [number, number] = [1, 4];
const RUN_MINUTES: Record<JobKind, [number, number]> = { training: [4, 20], processing: [3, 10], transform: [3, 10] };
const STOP_MINUTES: [number, number] = [0.5, 2];
const MINUTE = 60_000;

const EVENTS: Record<JobKind, string> = {
  training: 'SageMaker Training Job State Change',
  processing: 'SageMaker Processing Job State Change',
  transform: 'SageMaker Transform Job State Change',
};

/** What a kind of job does of its own. */
export interface JobWork {
  /** As Describe answers. */
  describe: (job: JobRecord) => Members;
  /** Writes the job's output; an AwsError fails the job. */
  finish: (job: JobRecord, result: JobResult | undefined) => Promise<void>;
  maxRunSeconds?: number;
}

/** Dates of an answer as events carry them: epoch milliseconds. */
const withMillis = (value: unknown): unknown => {
  if (value instanceof Date) return value.getTime();
  if (Array.isArray(value)) return value.map(withMillis);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withMillis(member)]));
};

/** Training, processing and transform jobs: they take virtual time, write to S3, can fail and be stopped, and say so to the event bus. */
export class Jobs {
  readonly faults = new JobFaults();
  readonly runners = new Map<JobKind, JobRunner>();
  private readonly random: Random;
  private readonly byArn = new Map<string, JobRecord>();
  private readonly works = new Map<JobRecord, JobWork>();

  constructor(
    private readonly cloud: Cloud,
    private readonly store: Store,
  ) {
    this.random = cloud.random.fork('sagemaker:jobs');
  }

  start(kind: JobKind, name: unknown, definition: Members, roleArn: string, work: JobWork): JobRecord {
    const checked = checkName(`${kind}JobName`, name);
    const now = this.cloud.clock.now();
    const job: JobRecord = {
      kind,
      name: checked,
      arn: this.arn(kind, checked),
      tags: readTags(definition.Tags),
      status: 'InProgress',
      secondary: 'Starting',
      transitions: [],
      createdAtMillis: now,
      modifiedAtMillis: now,
      metrics: {},
      definition,
      roleArn,
      change: 0,
    };
    if (this.byArn.has(job.arn))
      throw resourceInUse(`Job name must be unique within an AWS account and region, and a job with this name already exists (${job.arn})`);
    this.byArn.set(job.arn, job);
    this.works.set(job, work);
    this.store.jobs.set(job.arn, job);
    this.enter(job, work, 'InProgress', 'Starting', 'Launching requested ML instances');
    this.later(job, drawMillis(this.random, START_MINUTES), () => this.run(job, work));
    return job;
  }

  get(kind: JobKind, name: unknown): JobRecord {
    const found = this.byArn.get(this.arn(kind, String(name)));
    if (found === undefined || found.name !== name) throw resourceNotFound('Requested resource not found.');
    return found;
  }

  all(kind: JobKind): JobRecord[] {
    return [...this.byArn.values()].filter((job) => job.kind === kind);
  }

  arn(kind: JobKind, name: string): string {
    return sageMakerArn(this.cloud, `${kind}-job`, name);
  }

  stop(kind: JobKind, name: unknown): void {
    const job = this.get(kind, name);
    const work = this.works.get(job)!;
    if (job.status !== 'InProgress') throw invalid(`The request was rejected because the ${kind} job is in status ${job.status}.`);
    this.enter(job, work, 'Stopping', 'Stopping', 'Stopping the job');
    this.later(job, drawMillis(this.random, STOP_MINUTES), () => this.end(job, work, 'Stopped', 'Stopped', undefined));
  }

  private async run(job: JobRecord, work: JobWork): Promise<void> {
    job.startedAtMillis = this.cloud.clock.now();
    this.enter(job, work, 'InProgress', 'Training', 'Job image download completed. Job in progress.');
    const drawnMillis = drawMillis(this.random, RUN_MINUTES[job.kind]);
    const fault = this.faults.strike(job.kind, job.name);
    const played = fault === undefined ? await this.play(job) : { error: fault };
    const runMillis = played.result?.runMinutes === undefined ? drawnMillis : Math.round(played.result.runMinutes * MINUTE);
    const mostMillis = (work.maxRunSeconds ?? Number.POSITIVE_INFINITY) * 1000;
    if (runMillis > mostMillis) this.later(job, mostMillis, () => this.end(job, work, 'Stopped', 'MaxRuntimeExceeded', undefined));
    else this.later(job, runMillis, () => this.finish(job, work, played));
  }

  private async play(job: JobRecord): Promise<{ result?: JobResult; error?: string }> {
    const runner = this.runners.get(job.kind);
    if (runner === undefined) return {};
    try {
      return { result: await runner(job.definition) };
    } catch (error) {
      // What the laptop cloud cannot do, or a module that does not answer as it must, is no job's failure.
      if (error instanceof UnsupportedError || error instanceof BadInputError) throw error;
      if (error instanceof AwsError) return { error: `ClientError: Data download failed: ${error.message}` };
      // The user's code failed, as a container exits with an error.
      return { error: `AlgorithmError: ${error instanceof Error ? error.message : String(error)}, exit code: 1` };
    }
  }

  private async finish(job: JobRecord, work: JobWork, { result, error }: { result?: JobResult; error?: string }): Promise<void> {
    if (error !== undefined) {
      this.end(job, work, 'Failed', 'Failed', error);
      return;
    }
    const { change } = job;
    try {
      job.metrics = result?.metrics ?? {};
      await work.finish(job, result);
    } catch (failure) {
      if (!(failure instanceof AwsError)) throw failure;
      if (job.change === change) this.end(job, work, 'Failed', 'Failed', `ClientError: ${failure.message}`);
      return;
    }
    if (job.change === change) this.end(job, work, 'Completed', 'Completed', undefined);
  }

  private end(job: JobRecord, work: JobWork, status: JobStatus, secondary: string, failureReason: string | undefined): void {
    job.endedAtMillis = this.cloud.clock.now();
    if (failureReason !== undefined) job.failureReason = failureReason.slice(0, 1024);
    this.enter(job, work, status, secondary, failureReason ?? `${job.kind} job ${status.toLowerCase()}`);
    job.ended?.();
  }

  private enter(job: JobRecord, work: JobWork, status: JobStatus, secondary: string, message: string): void {
    const now = this.cloud.clock.now();
    const before = job.transitions.at(-1);
    if (before !== undefined) before.endedAtMillis = now;
    job.transitions.push({ status: secondary, startedAtMillis: now, message });
    job.status = status;
    job.secondary = secondary;
    job.modifiedAtMillis = now;
    job.change += 1;
    this.cloud.record('sagemaker', `${job.kind}-job`, { jobName: job.name, status, secondary });
    emit(this.cloud, EVENTS[job.kind], job.arn, {
      ...(withMillis(work.describe(job)) as Record<string, unknown>),
      Tags: Object.fromEntries(job.tags),
    });
  }

  private later(job: JobRecord, delayMillis: number, action: () => void | Promise<void>): void {
    const { change } = job;
    const end = this.cloud.begin(`${job.kind} job ${job.name} is ${job.secondary}`);
    this.cloud.clock.after(delayMillis, async () => {
      try {
        if (job.change === change) await action();
      } finally {
        end();
      }
    });
  }
}
