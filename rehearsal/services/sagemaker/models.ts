import { AwsError, UnsupportedError, type Cloud, type Members, type Operation } from '../../cloud/types';
import type { S3 } from '../s3';
import { invalid } from './errors';
import { JobData } from './job-data';
import { checkName, readTags } from './names';
import { toCreate, toPassRole, toUse } from './permissions';
import { readS3Uri } from './s3-uri';
import type { ModelImage, ModelRecord } from './state';
import type { Store } from './store';
import { refuseMembers } from './unsupported';

const NOT_PLAYED = ['InferenceSpecificationName', 'MultiModelConfig', 'AdditionalModelDataSources'];

function fromPackage(store: Store, modelName: string, definition: Members): Image {
  const arn = String(definition.ModelPackageName);
  const found = store.packages.get(arn);
  if (found === undefined) throw invalid(`ModelPackage ${arn} does not exist.`);
  if (found.approvalStatus !== 'Approved')
    throw invalid(`ModelPackage ${arn} is ${found.approvalStatus}: only an Approved model package can be deployed.`);
  const container = found.definition.InferenceSpecification?.Containers?.[0] as Members | undefined;
  if (container === undefined) throw invalid(`ModelPackage ${arn} has no container in its InferenceSpecification.`);
  return {
    modelName,
    modelPackageName: arn,
    image: container.Image,
    modelDataUrl: container.ModelDataUrl,
    environment: {
      ...(container.Environment as Record<string, string> | undefined),
      ...(definition.Environment as Record<string, string> | undefined),
    },
  };
}

type Image = Omit<ModelImage, 'executionRoleArn' | 'inVpc'>;

/** Where the artefacts are, compressed or not. */
function dataUrlOf(definition: Members): string | undefined {
  const source = definition.ModelDataSource?.S3DataSource as Members | undefined;
  if (definition.ModelDataSource === undefined || definition.ModelDataSource === null) return definition.ModelDataUrl as string | undefined;
  if (definition.ModelDataUrl !== undefined)
    throw invalid('ModelDataUrl and ModelDataSource cannot be specified at the same time in a container.');
  if (source === undefined) throw invalid('ModelDataSource must have an S3DataSource.');
  refuseMembers('CreateModel: ModelDataSource.S3DataSource', source, ['ManifestS3Uri', 'HubAccessConfig']);
  const uri = String(source.S3Uri);
  readS3Uri('primaryContainer.modelDataSource.s3DataSource.s3Uri', uri);
  if (source.CompressionType === 'None' && source.S3DataType === 'S3Prefix' && !uri.endsWith('/'))
    throw invalid(`S3Uri "${uri}" of an uncompressed model with S3DataType S3Prefix must end with a slash.`);
  return uri;
}

function imageOf(store: Store, modelName: string, definition: Members): Image {
  refuseMembers('CreateModel', definition, NOT_PLAYED);
  if (definition.Mode === 'MultiModel')
    throw new UnsupportedError(`Model ${modelName} has several models in one container (Mode MultiModel)`);
  if (definition.ModelPackageName !== undefined) {
    if (definition.Image !== undefined) throw invalid('Model package and image cannot be specified at the same time in a container.');
    return fromPackage(store, modelName, definition);
  }
  if (definition.Image === undefined) throw invalid('No Image or ModelPackageName is specified for the primary container.');
  return {
    modelName,
    image: definition.Image,
    modelDataUrl: dataUrlOf(definition),
    environment: { ...(definition.Environment as Record<string, string> | undefined) },
  };
}

export function createModel(store: Store, cloud: Cloud, input: Members): ModelRecord {
  const name = checkName('modelName', input.ModelName);
  refuseMembers('CreateModel', input, ['Containers', 'InferenceExecutionConfig']);
  if (input.PrimaryContainer === undefined) throw invalid('Either PrimaryContainer or Containers must be specified.');
  if (input.ExecutionRoleArn === undefined) throw invalid('An execution role must be specified: ExecutionRoleArn is missing.');
  store.models.refuseDuplicate(name);
  return store.models.add({
    name,
    arn: store.models.arn(name),
    tags: readTags(input.Tags),
    createdAtMillis: cloud.clock.now(),
    image: {
      ...imageOf(store, name, input.PrimaryContainer),
      executionRoleArn: String(input.ExecutionRoleArn),
      inVpc: input.VpcConfig !== undefined,
      isolated: input.EnableNetworkIsolation === true,
    },
    definition: input,
  });
}

/** SageMaker looks for the data as the model's role, where the bucket is one of the rehearsal. */
async function needModelData(cloud: Cloud, { modelDataUrl: url, executionRoleArn: roleArn }: ModelImage): Promise<void> {
  if (url === undefined) return;
  const { bucket, key } = readS3Uri('primaryContainer.modelDataUrl', url);
  if (cloud.double<S3>('s3').findBucket(bucket) === undefined) return;
  const data = new JobData(cloud, roleArn);
  try {
    if (!url.endsWith('/')) await data.head(bucket, key);
    else if ((await data.keys({ bucket, key: `${key}/` })).length === 0) throw new AwsError('NotFound', 'there is nothing below it');
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.code === 'NoSuchKey' || error.code === 'NotFound') throw invalid(`Could not find model data at ${url}.`);
    throw invalid(
      `Could not access model data at ${url}. Please ensure that the role "${roleArn}" exists and that its trust relationship policy allows the action "sts:AssumeRole" for the service principal "sagemaker.amazonaws.com". ` +
        `Also ensure that the role has "s3:GetObject" permissions and that the object is located in ${cloud.region}. Error message from S3: ${error.message}`,
    );
  }
}

const describe = (record: ModelRecord): Members => ({
  ModelName: record.name,
  PrimaryContainer: record.definition.PrimaryContainer,
  ExecutionRoleArn: record.definition.ExecutionRoleArn,
  ...(record.definition.VpcConfig === undefined ? {} : { VpcConfig: record.definition.VpcConfig }),
  CreationTime: new Date(record.createdAtMillis),
  ModelArn: record.arn,
  EnableNetworkIsolation: record.definition.EnableNetworkIsolation ?? false,
});

export const modelOperations = (store: Store): Record<string, Operation> => ({
  CreateModel: {
    permissions: (input, cloud) => [
      ...toCreate('CreateModel', 'model', input.ModelName, input, cloud),
      ...(input.ExecutionRoleArn === undefined ? [] : [toPassRole(input.ExecutionRoleArn)]),
    ],
    run: async (input, { cloud }) => {
      const record = createModel(store, cloud, input);
      try {
        await needModelData(cloud, record.image);
      } catch (error) {
        store.models.remove(record);
        throw error;
      }
      return { ModelArn: record.arn };
    },
  },
  DescribeModel: {
    permissions: (input) => [toUse(store, 'DescribeModel', store.models.arn(input.ModelName))],
    run: (input) => describe(store.models.get(input.ModelName)),
  },
  DeleteModel: {
    permissions: (input) => [toUse(store, 'DeleteModel', store.models.arn(input.ModelName))],
    run: (input) => {
      store.models.remove(store.models.get(input.ModelName));
      return {};
    },
  },
});
