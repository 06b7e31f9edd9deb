import type { Cloud, Members, Operation } from '../../cloud/types';
import { JobData } from './job-data';
import { jobSummary, listJobs, members } from './job-lists';
import type { JobRecord, JobResult } from './job-types';
import type { Jobs, JobWork } from './jobs';
import { toCreate, toPassRole, toUse } from './permissions';
import { readS3Uri } from './s3-uri';
import type { Store } from './store';
import { refuseMembers } from './unsupported';

const SHOWN = [
  'ProcessingInputs',
  'ProcessingOutputConfig',
  'ProcessingResources',
  'StoppingCondition',
  'AppSpecification',
  'Environment',
  'NetworkConfig',
  'RoleArn',
];
const DEFAULT_RUN_SECONDS = 86_400;

const describe = (job: JobRecord): Members => ({
  ProcessingJobName: job.name,
  ProcessingJobArn: job.arn,
  ...members(job.definition, SHOWN),
  ProcessingJobStatus: job.status,
  ...(job.failureReason === undefined ? {} : { FailureReason: job.failureReason, ExitMessage: job.failureReason }),
  CreationTime: new Date(job.createdAtMillis),
  LastModifiedTime: new Date(job.modifiedAtMillis),
  ...(job.startedAtMillis === undefined ? {} : { ProcessingStartTime: new Date(job.startedAtMillis) }),
  ...(job.endedAtMillis === undefined ? {} : { ProcessingEndTime: new Date(job.endedAtMillis) }),
});

/** A user's files go below the output whose name is the first part of their path; without a function each output gets a manifest. */
async function writeOutputs(cloud: Cloud, job: JobRecord, result: JobResult | undefined): Promise<void> {
  const { Outputs = [], KmsKeyId } = (job.definition.ProcessingOutputConfig ?? {}) as Members;
  const data = new JobData(cloud, job.roleArn);
  for (const { S3Input } of (job.definition.ProcessingInputs ?? []) as Members[]) {
    if (S3Input !== undefined) await data.needObjects(S3Input.S3Uri);
  }
  for (const { OutputName, S3Output } of Outputs as Members[]) {
    const name = String(OutputName);
    const destination = readS3Uri('processingOutputConfig.outputs.s3Output.s3Uri', S3Output?.S3Uri);
    const manifest = { 'manifest.json': new TextEncoder().encode(JSON.stringify({ processingJob: job.arn, output: name })) };
    const files = result === undefined ? manifest : filesOf(result, name);
    for (const [path, body] of Object.entries(files)) await data.write(destination, path, body, KmsKeyId);
  }
}

const filesOf = ({ files }: JobResult, outputName: string): Record<string, Uint8Array> =>
  Object.fromEntries(
    Object.entries(files)
      .filter(([path]) => path.startsWith(`${outputName}/`))
      .map(([path, body]) => [path.slice(outputName.length + 1), body]),
  );

function create(jobs: Jobs, input: Members, work: JobWork): JobRecord {
  for (const one of (input.ProcessingInputs ?? []) as Members[])
    refuseMembers(`CreateProcessingJob: input ${String(one.InputName)}`, one, ['DatasetDefinition']);
  for (const one of (input.ProcessingOutputConfig?.Outputs ?? []) as Members[])
    refuseMembers(`CreateProcessingJob: output ${String(one.OutputName)}`, one, ['FeatureStoreOutput']);
  return jobs.start('processing', input.ProcessingJobName, input, input.RoleArn, work);
}

export function processingOperations(cloud: Cloud, store: Store, jobs: Jobs): Record<string, Operation> {
  const work = (input: Members): JobWork => ({
    describe,
    finish: (job, result) => writeOutputs(cloud, job, result),
    maxRunSeconds: Number(input.StoppingCondition?.MaxRuntimeInSeconds ?? DEFAULT_RUN_SECONDS),
  });
  const use = (action: string, input: Members) => [toUse(store, action, jobs.arn('processing', String(input.ProcessingJobName)))];
  return {
    CreateProcessingJob: {
      permissions: (input) => [
        ...toCreate('CreateProcessingJob', 'processing-job', input.ProcessingJobName, input, cloud),
        toPassRole(input.RoleArn),
      ],
      run: (input) => ({ ProcessingJobArn: create(jobs, input, work(input)).arn }),
    },
    DescribeProcessingJob: {
      permissions: (input) => use('DescribeProcessingJob', input),
      run: (input) => describe(jobs.get('processing', input.ProcessingJobName)),
    },
    StopProcessingJob: {
      permissions: (input) => use('StopProcessingJob', input),
      run: (input) => {
        jobs.stop('processing', input.ProcessingJobName);
        return {};
      },
    },
    ListProcessingJobs: listJobs('ListProcessingJobs', 'ProcessingJobSummaries', jobs, 'processing', (job) =>
      jobSummary('Processing', job),
    ),
  };
}
