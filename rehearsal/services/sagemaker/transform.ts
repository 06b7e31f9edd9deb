import { AwsError, UnsupportedError, type Cloud, type ContainerResolver, type Members, type Operation } from '../../cloud/types';
import { JobData } from './job-data';
import { jobSummary, listJobs, members } from './job-lists';
import type { JobRecord } from './job-types';
import type { Jobs, JobWork } from './jobs';
import { toCreate, toUse } from './permissions';
import { readS3Uri } from './s3-uri';
import type { Container, ModelImage } from './state';
import type { Store } from './store';
import { refuseMembers } from './unsupported';

const SHOWN = [
  'ModelName',
  'MaxConcurrentTransforms',
  'MaxPayloadInMB',
  'BatchStrategy',
  'Environment',
  'TransformInput',
  'TransformOutput',
  'TransformResources',
];
const NOT_PLAYED = ['DataCaptureConfig', 'DataProcessing', 'ExperimentConfig'];
const SPLITS = ['None', 'Line'];
const DEFAULT_PAYLOAD_MB = 6;
const MEBIBYTE = 1024 * 1024;

const describe = (job: JobRecord): Members => ({
  TransformJobName: job.name,
  TransformJobArn: job.arn,
  ...members(job.definition, SHOWN),
  TransformJobStatus: job.status,
  ...(job.failureReason === undefined ? {} : { FailureReason: job.failureReason }),
  CreationTime: new Date(job.createdAtMillis),
  ...(job.startedAtMillis === undefined ? {} : { TransformStartTime: new Date(job.startedAtMillis) }),
  ...(job.endedAtMillis === undefined ? {} : { TransformEndTime: new Date(job.endedAtMillis) }),
});

async function answered(container: Container, body: Uint8Array, contentType: string): Promise<Uint8Array> {
  const answer = await container.predict(body, contentType);
  if (answer.status >= 400 || answer.status === 0)
    throw new AwsError('ModelError', 'Too many objects failed. See job logs for more information');
  return answer.body;
}

/** Each object, or each line of it, goes through the model; the answer stands beside its name with `.out`. */
async function transform(cloud: Cloud, job: JobRecord, container: Container): Promise<void> {
  const { TransformInput: input, TransformOutput: output } = job.definition as { TransformInput: Members; TransformOutput: Members };
  const data = new JobData(cloud, job.roleArn);
  const source = readS3Uri('transformInput.dataSource.s3DataSource.s3Uri', input.DataSource.S3DataSource.S3Uri);
  const destination = readS3Uri('transformOutput.s3OutputPath', output.S3OutputPath);
  await data.needObjects(input.DataSource.S3DataSource.S3Uri);
  const contentType = String(input.ContentType ?? 'application/octet-stream');
  for (const key of await data.keys(source)) {
    const body = await data.read(source.bucket, key);
    const name = key === source.key ? key.split('/').at(-1)! : key.slice(source.key.length).replace(/^\/+/, '');
    await data.write(destination, `${name}.out`, await answersOf(container, body, contentType, job.definition), output.KmsKeyId);
  }
}

/** `MultiRecord`: as many lines as fit go to the model together. */
function requestsOf(lines: string[], { BatchStrategy: strategy, MaxPayloadInMB: most = DEFAULT_PAYLOAD_MB }: Members): string[] {
  if (strategy !== 'MultiRecord') return lines;
  const requests: string[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    const more = Buffer.byteLength(line) + 1;
    if (bytes + more > most * MEBIBYTE) {
      requests.push([]);
      bytes = 0;
    }
    requests.at(-1)!.push(line);
    bytes += more;
  }
  return requests.map((together) => together.join('\n'));
}

async function answersOf(container: Container, body: Uint8Array, contentType: string, definition: Members): Promise<Uint8Array> {
  const { TransformInput: input, TransformOutput: output } = definition as { TransformInput: Members; TransformOutput: Members };
  if ((input.SplitType ?? 'None') === 'None') return answered(container, body, contentType);
  const lines = new TextDecoder()
    .decode(body)
    .split('\n')
    .filter((line) => line !== '');
  const answers: string[] = [];
  for (const line of requestsOf(lines, definition))
    answers.push(new TextDecoder().decode(await answered(container, new TextEncoder().encode(line), contentType)));
  return new TextEncoder().encode(output.AssembleWith === 'Line' ? `${answers.join('\n')}\n` : answers.join(''));
}

function check(input: Members): void {
  refuseMembers('CreateTransformJob', input, NOT_PLAYED);
  const split = String(input.TransformInput?.SplitType ?? 'None');
  if (!SPLITS.includes(split))
    throw new UnsupportedError(
      `SageMaker CreateTransformJob with SplitType ${split} is not supported by the laptop cloud. Use ${SPLITS.join(' or ')}.`,
    );
  readS3Uri('transformInput.dataSource.s3DataSource.s3Uri', input.TransformInput?.DataSource?.S3DataSource?.S3Uri);
  readS3Uri('transformOutput.s3OutputPath', input.TransformOutput?.S3OutputPath);
}

export function transformOperations(
  cloud: Cloud,
  store: Store,
  jobs: Jobs,
  containers: (model: ModelImage) => ReturnType<ContainerResolver>,
): Record<string, Operation> {
  const work = (model: ModelImage): JobWork => ({ describe, finish: (job) => transform(cloud, job, containers(model)) });
  const use = (action: string, input: Members) => [toUse(store, action, jobs.arn('transform', String(input.TransformJobName)))];
  return {
    CreateTransformJob: {
      permissions: (input) => toCreate('CreateTransformJob', 'transform-job', input.TransformJobName, input, cloud),
      run: (input) => {
        check(input);
        const { image } = store.models.get(input.ModelName);
        return { TransformJobArn: jobs.start('transform', input.TransformJobName, input, image.executionRoleArn, work(image)).arn };
      },
    },
    DescribeTransformJob: {
      permissions: (input) => use('DescribeTransformJob', input),
      run: (input) => describe(jobs.get('transform', input.TransformJobName)),
    },
    StopTransformJob: {
      permissions: (input) => use('StopTransformJob', input),
      run: (input) => {
        jobs.stop('transform', input.TransformJobName);
        return {};
      },
    },
    ListTransformJobs: listJobs('ListTransformJobs', 'TransformJobSummaries', jobs, 'transform', (job) => jobSummary('Transform', job)),
  };
}
