/* eslint-disable awscdk/require-passing-this, awscdk/no-variable-construct-id -- this function constructs for the endpoint that calls it */
import { Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import type { ModelPlan } from '../../core/serving/plan';
import type { BoundModel } from '../model/model-source';
import { modelAccess } from '../model/model-source';
import { acknowledgeResources } from '../shared/acknowledge';
import { grantSecretValue } from '../shared/grant-secret';
import type { ServedModelProps } from './serving-props';

export interface ModelSettings {
  readonly role: iam.IRole;
  readonly network?: CfnModel.VpcConfigProperty;
  readonly networkIsolation?: boolean;
}

/** A model, and what is checked of it. */
export interface MadeModel {
  readonly modelName: string;
  readonly plan: ModelPlan;
}

/** The model's resource, without a name of its own: CloudFormation makes its successor before it deletes it. */
export function createModel(scope: Construct, id: string, served: ServedModelProps, settings: ModelSettings): MadeModel {
  const { role, network, networkIsolation } = settings;
  const place = new Construct(scope, id);
  const bound = served.model._bind(place);
  const environment = environmentOf(bound, served);
  allow(bound, served, role);
  const model = new CfnModel(place, 'Resource', {
    executionRoleArn: role.roleArn,
    primaryContainer: containerOf(bound, environment, served.acceptEula === true),
    ...(network === undefined ? {} : { vpcConfig: network }),
    ...(networkIsolation === true ? { enableNetworkIsolation: true } : {}),
  });
  // SageMaker looks at the image and the artefact as the role when the model is made.
  model.node.addDependency(role);
  return { modelName: model.attrModelName, plan: planOf(bound, environment) };
}

const environmentOf = (bound: BoundModel, { environment, secrets }: ServedModelProps): Record<string, string> => ({
  ...bound.environment,
  ...environment,
  ...Object.fromEntries(Object.entries(secrets ?? {}).map(([name, secret]) => [name, secret.secretArn])),
});

function allow(bound: BoundModel, { secrets }: ServedModelProps, role: iam.IRole): void {
  const { statements, wildcards } = modelAccess(bound);
  statements.forEach((statement) => role.addToPrincipalPolicy(statement));
  for (const secret of Object.values(secrets ?? {})) grantSecretValue(secret, role);
  acknowledgeResources(role, 'What the model reads is in the registry, or lies under a prefix of its own.', ...wildcards);
}

function containerOf(bound: BoundModel, environment: Record<string, string>, acceptEula: boolean): CfnModel.ContainerDefinitionProperty {
  const variables = Object.keys(environment).length === 0 ? {} : { environment };
  if (bound.modelPackageArn !== undefined) return { modelPackageName: bound.modelPackageArn, ...variables };
  return { image: bound.image, ...dataOf(bound, acceptEula), ...variables };
}

function dataOf({ artefactUrl, isUncompressed }: BoundModel, acceptEula: boolean): Partial<CfnModel.ContainerDefinitionProperty> {
  if (artefactUrl === undefined) return {};
  if (isUncompressed !== true && !acceptEula) return { modelDataUrl: artefactUrl };
  return {
    modelDataSource: {
      s3DataSource: {
        s3Uri: artefactUrl,
        ...(isUncompressed === true
          ? { s3DataType: 'S3Prefix', compressionType: 'None' }
          : { s3DataType: 'S3Object', compressionType: 'Gzip' }),
        ...(acceptEula ? { modelAccessConfig: { acceptEula } } : {}),
      },
    },
  };
}

/** Tokens are left alone: what they become is known at deploy. */
const known = (value: string | undefined): string | undefined => (Token.isUnresolved(value) ? undefined : value);

function planOf({ image, artefactUrl, modelPackageArn }: BoundModel, environment: Record<string, string>): ModelPlan {
  return {
    image: known(image),
    artefactUrl: known(artefactUrl),
    modelPackageArn: known(modelPackageArn),
    environment: Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, known(value)])),
  };
}
