import type { ReleaseSpec } from '../contracts';
import type { Surroundings } from './plan';
import type { ContainerDefinition, CreateModel, Tag } from './sagemaker';

const MAX_ENVIRONMENT_VALUE_CHARACTERS = 1024;

/** Where the model is an inference component, network and isolation are the endpoint's. */
export function createModel(modelName: string, spec: ReleaseSpec, surroundings: Surroundings, tags: Tag[]): CreateModel {
  const { vpcConfig, modelRoleArn } = surroundings;
  const isPlaced = spec.serving.mode === 'inference-components';
  return {
    ModelName: modelName,
    ExecutionRoleArn: modelRoleArn,
    PrimaryContainer: containerOf(spec),
    ...(vpcConfig === undefined || isPlaced ? {} : { VpcConfig: vpcConfig }),
    ...(spec.serving.networkIsolation === true && !isPlaced ? { EnableNetworkIsolation: true } : {}),
    Tags: tags,
  };
}

function containerOf({ model, behaviour }: ReleaseSpec): ContainerDefinition {
  const Environment = environmentOf(model.environment, behaviour);
  if (model.modelPackageArn !== undefined) return { ModelPackageName: model.modelPackageArn, Environment };
  return { Image: model.image, ...dataOf(model.artefactUrl), Environment };
}

/** A place that ends in / holds files as they are; anything else is an archive. */
function dataOf(artefactUrl: string | undefined): Pick<ContainerDefinition, 'ModelDataUrl' | 'ModelDataSource'> {
  if (artefactUrl === undefined) return {};
  if (!artefactUrl.endsWith('/')) return { ModelDataUrl: artefactUrl };
  return { ModelDataSource: { S3DataSource: { S3Uri: artefactUrl, S3DataType: 'S3Prefix', CompressionType: 'None' } } };
}

function environmentOf(environment: Record<string, string>, behaviour: Record<string, unknown>): Record<string, string> {
  const all = { ...environment, SLUICE_BEHAVIOUR: JSON.stringify(behaviour) };
  for (const [name, value] of Object.entries(all)) {
    if (value.length > MAX_ENVIRONMENT_VALUE_CHARACTERS) {
      throw new Error(
        `Environment variable ${name} of the model has ${value.length} characters, SageMaker allows ${MAX_ENVIRONMENT_VALUE_CHARACTERS}: ` +
          'keep long texts in files and name them in `behaviour`',
      );
    }
  }
  return all;
}
