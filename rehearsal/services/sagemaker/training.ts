import type { Cloud, Members, Operation } from '../../cloud/types';
import { invalid } from './errors';
import { JobData } from './job-data';
import type { JobRecord, JobResult } from './job-types';
import { jobSummary, listJobs, members } from './job-lists';
import type { Jobs, JobWork } from './jobs';
import { toCreate, toPassRole, toUse } from './permissions';
import { readS3Uri } from './s3-uri';
import type { Store } from './store';
import { tarGz } from './tar';
import { refuseMembers } from './unsupported';

const NOT_PLAYED = ['DebugHookConfig', 'ServerlessJobConfig', 'SessionChainingConfig', 'MlflowConfig', 'ModelPackageConfig'];
const SHOWN = [
  'HyperParameters',
  'AlgorithmSpecification',
  'RoleArn',
  'InputDataConfig',
  'OutputDataConfig',
  'ResourceConfig',
  'VpcConfig',
  'StoppingCondition',
  'Environment',
  'CheckpointConfig',
];
const DEFAULT_RUN_SECONDS = 86_400;

const artefact = (job: JobRecord): string =>
  `${String(job.definition.OutputDataConfig.S3OutputPath).replace(/\/+$/, '')}/${job.name}/output/model.tar.gz`;

const seconds = (job: JobRecord): number =>
  job.startedAtMillis === undefined || job.endedAtMillis === undefined ? 0 : Math.round((job.endedAtMillis - job.startedAtMillis) / 1000);

const describe = (job: JobRecord): Members => ({
  TrainingJobName: job.name,
  TrainingJobArn: job.arn,
  ...members(job.definition, SHOWN),
  ModelArtifacts: { S3ModelArtifacts: artefact(job) },
  TrainingJobStatus: job.status,
  SecondaryStatus: job.secondary,
  ...(job.failureReason === undefined ? {} : { FailureReason: job.failureReason }),
  CreationTime: new Date(job.createdAtMillis),
  LastModifiedTime: new Date(job.modifiedAtMillis),
  ...(job.startedAtMillis === undefined ? {} : { TrainingStartTime: new Date(job.startedAtMillis) }),
  ...(job.endedAtMillis === undefined
    ? {}
    : { TrainingEndTime: new Date(job.endedAtMillis), TrainingTimeInSeconds: seconds(job), BillableTimeInSeconds: seconds(job) }),
  SecondaryStatusTransitions: job.transitions.map(({ status, startedAtMillis, endedAtMillis, message }) => ({
    Status: status,
    StartTime: new Date(startedAtMillis),
    ...(endedAtMillis === undefined ? {} : { EndTime: new Date(endedAtMillis) }),
    StatusMessage: message,
  })),
  FinalMetricDataList: Object.entries(job.metrics).map(([MetricName, Value]) => ({
    MetricName,
    Value,
    Timestamp: new Date(job.modifiedAtMillis),
  })),
});

/** Without a user's function the artefact holds a manifest alone. */
async function writeModel(cloud: Cloud, store: Store, job: JobRecord, result: JobResult | undefined): Promise<void> {
  const manifest = {
    trainingJob: job.arn,
    image: job.definition.AlgorithmSpecification?.TrainingImage as unknown,
    hyperParameters: (job.definition.HyperParameters ?? {}) as unknown,
    input: ((job.definition.InputDataConfig ?? []) as Members[]).map(({ ChannelName, DataSource }) => ({
      channel: ChannelName as unknown,
      uri: DataSource?.S3DataSource?.S3Uri as unknown,
    })),
  };
  const files = result?.files ?? { 'manifest.json': new TextEncoder().encode(JSON.stringify(manifest, undefined, 2)) };
  const destination = readS3Uri('outputDataConfig.s3OutputPath', job.definition.OutputDataConfig.S3OutputPath);
  const data = new JobData(cloud, job.roleArn);
  const etag = await data.write(destination, `${job.name}/output/model.tar.gz`, tarGz(files), job.definition.OutputDataConfig.KmsKeyId);
  if (result !== undefined) store.trained.add(etag);
}

async function create(cloud: Cloud, jobs: Jobs, input: Members, work: JobWork): Promise<JobRecord> {
  refuseMembers('CreateTrainingJob', input, NOT_PLAYED);
  if (input.AlgorithmSpecification === undefined) throw invalid('AlgorithmSpecification must be specified.');
  if (input.ResourceConfig === undefined) throw invalid('ResourceConfig must be specified.');
  readS3Uri('outputDataConfig.s3OutputPath', input.OutputDataConfig?.S3OutputPath);
  const data = new JobData(cloud, input.RoleArn);
  for (const { ChannelName, DataSource } of (input.InputDataConfig ?? []) as Members[]) {
    refuseMembers(`CreateTrainingJob: channel ${String(ChannelName)}`, DataSource as Members, ['FileSystemDataSource', 'DatasetSource']);
    await data.needObjects(DataSource?.S3DataSource?.S3Uri);
  }
  return jobs.start('training', input.TrainingJobName, input, input.RoleArn, work);
}

/** As CreateTrainingJob does, and as a pipeline's step. */
export function startTraining(cloud: Cloud, store: Store, jobs: Jobs, input: Members): Promise<JobRecord> {
  return create(cloud, jobs, input, {
    describe,
    finish: (job, result) => writeModel(cloud, store, job, result),
    maxRunSeconds: Number(input.StoppingCondition?.MaxRuntimeInSeconds ?? DEFAULT_RUN_SECONDS),
  });
}

export function trainingOperations(cloud: Cloud, store: Store, jobs: Jobs): Record<string, Operation> {
  const use = (action: string, input: Members) => [toUse(store, action, jobs.arn('training', String(input.TrainingJobName)))];
  return {
    CreateTrainingJob: {
      permissions: (input) => [
        ...toCreate('CreateTrainingJob', 'training-job', input.TrainingJobName, input, cloud),
        toPassRole(input.RoleArn),
      ],
      run: async (input) => ({ TrainingJobArn: (await startTraining(cloud, store, jobs, input)).arn }),
    },
    DescribeTrainingJob: {
      permissions: (input) => use('DescribeTrainingJob', input),
      run: (input) => describe(jobs.get('training', input.TrainingJobName)),
    },
    StopTrainingJob: {
      permissions: (input) => use('StopTrainingJob', input),
      run: (input) => {
        jobs.stop('training', input.TrainingJobName);
        return {};
      },
    },
    ListTrainingJobs: listJobs('ListTrainingJobs', 'TrainingJobSummaries', jobs, 'training', (job) => ({
      ...jobSummary('Training', job),
      SecondaryStatus: job.secondary,
    })),
  };
}
