import { UnsupportedError, type Cloud, type Members, type Operation } from '../../cloud/types';
import { invalid } from './errors';
import { checkName, readTags } from './names';
import { toCreate, toPassRole, toUse } from './permissions';
import type { ModelImage, ModelRecord } from './state';
import type { Store } from './store';
import { refuseMembers } from './unsupported';

const NOT_PLAYED = ['InferenceSpecificationName', 'MultiModelConfig', 'AdditionalModelDataSources', 'ModelDataSource'];

function fromPackage(store: Store, modelName: string, definition: Members): ModelImage {
  const arn = String(definition.ModelPackageName);
  const found = store.modelPackages.get(arn);
  if (found === undefined) throw invalid(`ModelPackage ${arn} does not exist.`);
  if (found.approvalStatus !== 'Approved')
    throw invalid(`ModelPackage ${arn} is ${found.approvalStatus}: only an Approved model package can be deployed.`);
  return {
    modelName,
    modelPackageName: arn,
    image: found.image,
    modelDataUrl: found.modelDataUrl,
    environment: { ...found.environment, ...(definition.Environment as Record<string, string> | undefined) },
  };
}

function imageOf(store: Store, modelName: string, definition: Members): ModelImage {
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
    modelDataUrl: definition.ModelDataUrl,
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
    image: imageOf(store, name, input.PrimaryContainer),
    definition: input,
  });
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

function describePackage(store: Store, arn: string): Members {
  const found = store.modelPackages.get(arn);
  if (found === undefined) throw invalid(`ModelPackage ${arn} does not exist.`);
  return {
    ModelPackageName: arn.split('/').at(-2) ?? arn,
    ModelPackageArn: arn,
    ModelPackageGroupName: found.groupName,
    ModelPackageVersion: found.version,
    ModelPackageStatus: 'Completed',
    ModelPackageStatusDetails: { ValidationStatuses: [] },
    ModelApprovalStatus: found.approvalStatus,
    CreationTime: new Date(0),
    InferenceSpecification: {
      Containers: [{ Image: found.image, ModelDataUrl: found.modelDataUrl, Environment: found.environment }],
    },
  };
}

export const modelOperations = (store: Store): Record<string, Operation> => ({
  CreateModel: {
    permissions: (input, cloud) => [
      ...toCreate('CreateModel', 'model', input.ModelName, input, cloud),
      ...(input.ExecutionRoleArn === undefined ? [] : [toPassRole(input.ExecutionRoleArn)]),
    ],
    run: (input, { cloud }) => ({ ModelArn: createModel(store, cloud, input).arn }),
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
  DescribeModelPackage: {
    permissions: (input) => [{ action: 'sagemaker:DescribeModelPackage', resource: String(input.ModelPackageName) }],
    run: (input) => describePackage(store, String(input.ModelPackageName)),
  },
});
