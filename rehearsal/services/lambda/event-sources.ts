import { UnsupportedError } from '../../cloud/types';
import type { Members, ResourceContext, ResourceType } from '../../cloud/types';
import { recordFilter } from './filter-criteria';
import type { Lambda } from './lambda';
import type { SqsSourceSettings } from './sqs-source';
import type { StreamSourceSettings } from './stream-source';

const lambdaOf = (context: Pick<ResourceContext, 'cloud'>): Lambda => context.cloud.double<Lambda>('lambda');

const serviceOf = (properties: Members): string => String(properties['EventSourceArn'] ?? '').split(':')[2] ?? '';

/** Properties that change what the function gets, and that the rehearsal does not have. */
const refusedProperties = ['TumblingWindowInSeconds', 'ParallelizationFactor', 'ProvisionedPollerConfig', 'KmsKeyArn'];

export const mappingType: ResourceType = {
  type: 'AWS::Lambda::EventSourceMapping',
  create: async (properties, context) => {
    const id = context.cloud.random.fork(`event source ${context.stackName} ${context.logicalId}`).uuid();
    await addSource(id, properties, context);
    return { ref: id, attributes: { Id: id, EventSourceMappingArn: context.cloud.arn('lambda', `event-source-mapping:${id}`) } };
  },
  update: async (properties, _previous, created, context) => {
    lambdaOf(context).removeSource(created.ref);
    await addSource(created.ref, properties, context);
    return created;
  },
  remove: (created, _properties, context) => lambdaOf(context).removeSource(created.ref),
  refuse: problemsOf,
};

function problemsOf(properties: Members): string[] {
  const service = serviceOf(properties);
  const problems = refusedProperties
    .filter((name) => properties[name] !== undefined && !(name === 'ParallelizationFactor' && Number(properties[name]) === 1))
    .map((name) => `the property ${name} of an event source`);
  if (service !== 'sqs' && service !== 'dynamodb') problems.push(`the event source ${service || '(none)'}`);
  if (properties['StartingPosition'] === 'AT_TIMESTAMP') problems.push('the starting position AT_TIMESTAMP');
  return problems;
}

async function addSource(id: string, properties: Members, context: ResourceContext): Promise<void> {
  const [problem] = problemsOf(properties);
  if (problem !== undefined)
    throw new UnsupportedError(`${context.constructPath || context.logicalId}: ${problem} is not supported in a rehearsal.`);
  if (String(properties['Enabled']) === 'false') return;
  const lambda = lambdaOf(context);
  const functionName = properties['FunctionName'] as string;
  if (serviceOf(properties) === 'sqs') await lambda.addSource(id, functionName, queueSettings(properties));
  else lambda.addStreamSource(id, functionName, streamSettings(properties));
}

const reportsItemFailures = (properties: Members): boolean =>
  ((properties['FunctionResponseTypes'] ?? []) as string[]).includes('ReportBatchItemFailures');

const queueSettings = (properties: Members): SqsSourceSettings => ({
  queueArn: properties['EventSourceArn'] as string,
  batchSize: Number(properties['BatchSize'] ?? 10),
  batchingWindowSeconds: Number(properties['MaximumBatchingWindowInSeconds'] ?? 0),
  reportsItemFailures: reportsItemFailures(properties),
  maximumConcurrency: Number((properties['ScalingConfig'] as { MaximumConcurrency?: number } | undefined)?.MaximumConcurrency ?? 5),
  filter: recordFilter(properties['FilterCriteria']),
});

/** -1, as well as no value, stands for no limit. */
const limit = (value: unknown): number => (value === undefined || Number(value) === -1 ? Infinity : Number(value));

const streamSettings = (properties: Members): StreamSourceSettings => ({
  streamArn: properties['EventSourceArn'] as string,
  fromTheStart: properties['StartingPosition'] !== 'LATEST',
  batchSize: Number(properties['BatchSize'] ?? 100),
  batchingWindowSeconds: Number(properties['MaximumBatchingWindowInSeconds'] ?? 0),
  reportsItemFailures: reportsItemFailures(properties),
  bisects: String(properties['BisectBatchOnFunctionError']) === 'true',
  maximumRetryAttempts: limit(properties['MaximumRetryAttempts']),
  maximumRecordAgeSeconds: limit(properties['MaximumRecordAgeInSeconds']),
  onFailureArn: (properties['DestinationConfig'] as { OnFailure?: { Destination?: string } } | undefined)?.OnFailure?.Destination,
  filter: recordFilter(properties['FilterCriteria']),
});
