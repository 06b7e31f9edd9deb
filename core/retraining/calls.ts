import type { RetrainingPolicy } from '../contracts';
import type { Tag } from '../release/sagemaker';
import type { StoredRetraining } from './types';

/** Where a model is made of, and what it runs as. */
export interface CallParts {
  useCase: string;
  /** Role of the model under evaluation. */
  roleArn: string;
  vpcConfig?: { Subnets: string[]; SecurityGroupIds: string[] };
  kmsKeyArn?: string;
  tags: Tag[];
}

export interface EvaluatedModel {
  modelName: string;
  modelDataUrl: string;
  image: string;
  environment: Record<string, string>;
}

/** CreateModel's arguments: the new model as it would be served. */
export const evaluationModel = ({ roleArn, vpcConfig, tags }: CallParts, model: EvaluatedModel): Record<string, unknown> => ({
  ModelName: model.modelName,
  ExecutionRoleArn: roleArn,
  PrimaryContainer: { Image: model.image, ModelDataUrl: model.modelDataUrl, Environment: model.environment },
  ...(vpcConfig === undefined ? {} : { VpcConfig: vpcConfig }),
  Tags: tags,
});

export interface EvaluationJob {
  modelName: string;
  requestsUri: string;
  answersUri: string;
  contentType: string;
  instanceType: string;
  /** The instance type takes a key for its volumes. */
  takesKey: boolean;
}

/** CreateTransformJob's arguments: a line of requests after the other, answers in the same order. */
export const evaluationJob = ({ kmsKeyArn, tags }: CallParts, job: EvaluationJob): Record<string, unknown> => ({
  TransformJobName: job.modelName,
  ModelName: job.modelName,
  BatchStrategy: 'SingleRecord',
  TransformInput: {
    DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: job.requestsUri } },
    ContentType: job.contentType,
    SplitType: 'Line',
  },
  TransformOutput: {
    S3OutputPath: job.answersUri,
    Accept: job.contentType,
    AssembleWith: 'Line',
    ...(kmsKeyArn === undefined ? {} : { KmsKeyId: kmsKeyArn }),
  },
  TransformResources: {
    InstanceType: job.instanceType,
    InstanceCount: 1,
    ...(kmsKeyArn === undefined || !job.takesKey ? {} : { VolumeKmsKeyId: kmsKeyArn }),
  },
  Tags: tags,
});

const LONGEST_METADATA = 256;
/** What SageMaker takes in metadata: letters, digits, blanks and `_.:/=+-@`. */
const NOT_ALLOWED = /[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu;

/** Keys of a package's CustomerMetadataProperties. */
export const LINEAGE = {
  run: 'sluice:retraining-run',
  trigger: 'sluice:trigger',
  reason: 'sluice:reason',
  parentRelease: 'sluice:parent-release',
  parentPackage: 'sluice:parent-package',
  trainingData: 'sluice:training-data',
  trainingSha256: 'sluice:training-data-sha256',
  evaluationData: 'sluice:evaluation-data',
  evaluationSha256: 'sluice:evaluation-data-sha256',
  evaluation: 'sluice:evaluation',
  driftBaseline: 'sluice:drift-baseline',
} as const;

export interface PackageParts {
  run: StoredRetraining;
  policy: Pick<RetrainingPolicy, 'group' | 'inference'>;
  executionArn: string;
  /** Of the stable release, where it came from the registry. */
  parentPackageArn?: string;
  resultUri: string;
  driftBaselineUri?: string;
}

/** CreateModelPackage's arguments: a version that nobody releases until its run is known to the ledger. It carries its group's tags, not its own. */
export function modelPackage({
  run,
  policy,
  executionArn,
  parentPackageArn,
  resultUri,
  driftBaselineUri,
}: PackageParts): Record<string, unknown> {
  const { image, environment, contentType } = policy.inference;
  const { data, evaluation } = run;
  const lineage: Record<string, string | undefined> = {
    [LINEAGE.run]: run.id,
    [LINEAGE.trigger]: run.trigger,
    [LINEAGE.reason]: run.reason,
    [LINEAGE.parentRelease]: run.parentReleaseId,
    [LINEAGE.parentPackage]: parentPackageArn,
    [LINEAGE.trainingData]: data?.trainingUri,
    [LINEAGE.trainingSha256]: data?.trainingSha256,
    [LINEAGE.evaluationData]: data?.evaluationUri,
    [LINEAGE.evaluationSha256]: data?.evaluationSha256,
    [LINEAGE.evaluation]:
      evaluation === undefined
        ? undefined
        : `${evaluation.metric} ${evaluation.candidate} stable ${evaluation.stable} on ${evaluation.rows} rows`,
    [LINEAGE.driftBaseline]: driftBaselineUri,
  };
  return {
    ModelPackageGroupName: policy.group,
    ModelPackageDescription: `Retraining run ${run.id}`,
    ModelApprovalStatus: 'PendingManualApproval',
    ClientToken: clientToken(executionArn),
    InferenceSpecification: {
      Containers: [
        { Image: image, ModelDataUrl: run.modelDataUrl, ...(Object.keys(environment).length === 0 ? {} : { Environment: environment }) },
      ],
      SupportedContentTypes: [contentType],
      SupportedResponseMIMETypes: [contentType],
    },
    ModelMetrics: { ModelQuality: { Statistics: { ContentType: 'application/json', S3Uri: resultUri } } },
    MetadataProperties: { GeneratedBy: executionArn },
    CustomerMetadataProperties: Object.fromEntries(
      Object.entries(lineage).flatMap(([key, value]) => (value === undefined || value === '' ? [] : [[key, metadata(value)]])),
    ),
  };
}

const metadata = (value: string): string => value.replace(NOT_ALLOWED, ' ').slice(0, LONGEST_METADATA);

const LONGEST_TOKEN = 36;

/** The same for every attempt of one execution: its name and what makes it unique in the account. */
const clientToken = (executionArn: string): string => executionArn.replace(/[^a-zA-Z0-9-]/g, '-').slice(-LONGEST_TOKEN);
