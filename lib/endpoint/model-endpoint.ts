import { Names, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { CfnEndpoint, CfnEndpointConfig, type CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct, IDependable } from 'constructs';
import type { ModelPlan } from '../../core/serving/plan';
import { acknowledge } from '../shared/acknowledge';
import { asyncProperty, captureProperty, variantProperty } from './config-properties';
import { createComponents } from './create-components';
import { createModel } from './create-model';
import { createDataBucket } from './data-bucket';
import { allowAnswers, allowCapture, allowVolumeKey, createEndpointRole } from './endpoint-role';
import { FoundEndpoint, type ModelEndpointAttributes } from './found-endpoint';
import { endpointArnOf } from './endpoint-arn';
import { MeasuredEndpoint } from './measured-endpoint';
import type { ModelEndpointProps } from './model-endpoint-props';
import { EndpointMode, type ServedComponent, type ServedVariant } from './model-endpoint-ref';
import { refuseProblems } from './plan-of';
import type { WatchedFleet } from './rollback-alarm';
import { bindRollback } from './rollback-alarms';
import { hasUnlistedType, servedComponents, servedVariants } from './served';
import type { ServedModelProps } from './serving-props';
import type { ServingParts, VariantParts } from './serving';

/** So that a component's name, which begins with the endpoint's, still fits into 63 characters. */
const DEFAULT_NAME_LENGTH = 40;

/**
 * An endpoint of SageMaker with its models, its config and its role, deployed by CloudFormation. What SageMaker would refuse is refused at
 * synth. Updates keep the weights and instance counts that the running endpoint has.
 *
 * @example
 * const endpoint = new ModelEndpoint(this, 'Triage', {
 *   serving: Serving.realTime({
 *     variants: [
 *       {
 *         name: 'main',
 *         model: ModelSource.container({
 *           image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/triage:1.4.0',
 *           artefact: 's3://models-111122223333/triage/model.tar.gz',
 *         }),
 *         instance: EndpointInstance.G5_XLARGE,
 *         initialCount: 2,
 *       },
 *     ],
 *   }),
 *   deployment: Deployment.blueGreenCanary({ percent: 50 }),
 *   capture: { samplingPercent: 10, retentionDays: 7 },
 * });
 */
export class ModelEndpoint extends MeasuredEndpoint {
  /**
   * An endpoint that was made elsewhere, for its metrics, alarms and scaling. Nothing here changes it.
   *
   * @param scope where it is looked at
   * @param id unique within the scope
   * @param attributes what is known of it
   */
  static fromAttributes(scope: Construct, id: string, attributes: ModelEndpointAttributes): MeasuredEndpoint {
    // eslint-disable-next-line awscdk/require-passing-this -- a static factory has no `this` to pass
    return new FoundEndpoint(scope, id, attributes);
  }

  override readonly endpointName: string;
  override readonly endpointArn: string;
  override readonly endpointConfigName?: string;
  override readonly mode: EndpointMode;
  override readonly variants: ServedVariant[];
  override readonly components: ServedComponent[];
  override readonly inService: IDependable;

  /** Role that the containers run as. */
  readonly role: iam.IRole;

  /** Network connections of the containers; none where they are in no VPC. */
  readonly connections?: ec2.Connections;

  /** Bucket of captured requests and answers; none where nothing is captured. */
  readonly captureBucket?: s3.IBucket;

  /** Bucket of requests, answers and failures of an asynchronous endpoint; none in other modes. */
  readonly asynchronousBucket?: s3.IBucket;

  private readonly props: ModelEndpointProps;
  private readonly parts: ServingParts;
  private readonly plans = new Map<object, ModelPlan>();
  private readonly endpoint: CfnEndpoint;
  private readonly network?: CfnModel.VpcConfigProperty;

  /**
   * @param scope where the endpoint belongs
   * @param id unique within the scope
   * @param props how it serves, and where
   * @throws when SageMaker would refuse it: the error says what was given, what is allowed and what to do, for each such setting
   */
  constructor(scope: Construct, id: string, props: ModelEndpointProps) {
    super(scope, id);
    this.props = props;
    this.parts = props.serving._parts;
    this.mode = this.parts.mode;
    this.endpointName =
      props.endpointName ?? Names.uniqueResourceName(this, { maxLength: DEFAULT_NAME_LENGTH, separator: '-' }).toLowerCase();
    this.endpointArn = endpointArnOf(this, this.endpointName);
    this.variants = servedVariants(this.parts);
    this.components = servedComponents(this.parts, this.endpointName);
    // Before anything is made of it, and once more when the models are known.
    this.refuse();
    this.role = createEndpointRole(this, { endpointName: this.endpointName, inNetwork: props.vpc !== undefined, role: props.role });
    if (props.vpc !== undefined) {
      this.connections = new ec2.Connections({ securityGroups: props.securityGroups ?? [this.createSecurityGroup(props.vpc)] });
      this.network = this.networkOf(props.vpc, this.connections);
    }
    this.captureBucket = this.createCaptureBucket();
    this.asynchronousBucket = this.createAsynchronousBucket();
    if (props.encryptionKey !== undefined) allowVolumeKey(this.role, props.encryptionKey);
    const config = this.createConfig();
    const models = (this.parts.components ?? []).map((component) => this.bind(`Model-${component.name}`, component, component));
    this.refuse();
    this.endpointConfigName = config.attrEndpointConfigName;
    this.endpoint = this.createEndpoint(config);
    this.inService = createComponents(this, {
      endpoint: this.endpoint,
      components: this.parts.components ?? [],
      served: this.components,
      modelNames: models,
      deployment: props.deployment,
      role: this.role,
    });
  }

  override updateAfter(dependency: IDependable): void {
    this.endpoint.node.addDependency(dependency);
  }

  /**
   * Allows asking the endpoint: at once, as a stream, or asynchronously, as the mode has it.
   *
   * @param grantee who may ask
   */
  grantInvoke(grantee: iam.IGrantable): iam.Grant {
    const asynchronous = this.mode === EndpointMode.ASYNC;
    const actions = asynchronous
      ? ['sagemaker:InvokeEndpointAsync']
      : ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'];
    const components = this.components.map(({ componentName }) =>
      Stack.of(this).formatArn({ service: 'sagemaker', resource: 'inference-component', resourceName: componentName }),
    );
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [this.endpointArn, ...components] });
  }

  private createSecurityGroup(vpc: ec2.IVpc): ec2.SecurityGroup {
    return new ec2.SecurityGroup(this, 'SecurityGroup', { vpc, description: `${this.endpointName}: model containers` });
  }

  private networkOf(vpc: ec2.IVpc, { securityGroups }: ec2.Connections): CfnModel.VpcConfigProperty {
    return {
      subnets: vpc.selectSubnets(this.props.vpcSubnets).subnetIds,
      securityGroupIds: securityGroups.map(({ securityGroupId }) => securityGroupId),
    };
  }

  private createCaptureBucket(): s3.IBucket | undefined {
    const { capture } = this.props;
    if (capture === undefined) return undefined;
    const { retentionDays = 30, encryptionKey } = capture;
    const bucket = capture.bucket ?? createDataBucket(this, 'Captures', { setting: 'capture.retentionDays', retentionDays, encryptionKey });
    allowCapture(this.role, bucket, capture.folder ?? 'captures', encryptionKey);
    return bucket;
  }

  private createAsynchronousBucket(): s3.IBucket | undefined {
    const { asynchronous } = this.parts;
    if (asynchronous === undefined) return undefined;
    const retentionDays = asynchronous.retentionDays ?? 7;
    const bucket = asynchronous.bucket ?? createDataBucket(this, 'Requests', { setting: 'retentionDays', retentionDays });
    allowAnswers(this.role, bucket, asynchronous);
    return bucket;
  }

  /** Of inference components the config, not the model, says network and isolation. */
  private get configHoldsNetwork(): boolean {
    return this.mode === EndpointMode.INFERENCE_COMPONENTS;
  }

  private bind(id: string, served: ServedModelProps, key: object): string {
    const settings = this.configHoldsNetwork ? {} : { network: this.network, networkIsolation: this.props.networkIsolation };
    const { modelName, plan } = createModel(this, id, served, { role: this.role, ...settings });
    this.plans.set(key, plan);
    return modelName;
  }

  private bindVariant(variant: VariantParts, prefix: string): CfnEndpointConfig.ProductionVariantProperty {
    const { served, name, instancePools = [] } = variant;
    const modelName = served === undefined ? undefined : this.bind(`${prefix}-${name}`, served, variant);
    const poolModelNames = instancePools.map(({ model, instance }) =>
      model === undefined ? undefined : this.bind(`${prefix}-${name}-${instance.typeName}`, { ...served, model }, instance),
    );
    return variantProperty(variant, { modelName, poolModelNames });
  }

  private createConfig(): CfnEndpointConfig {
    const { capture, encryptionKey, networkIsolation } = this.props;
    const { variants, shadow, asynchronous } = this.parts;
    const config = new CfnEndpointConfig(this, 'Config', {
      productionVariants: variants.map((variant) => this.bindVariant(variant, 'Model')),
      ...(shadow === undefined ? {} : { shadowProductionVariants: [this.bindVariant(shadow, 'Shadow')] }),
      ...(capture === undefined || this.captureBucket === undefined
        ? {}
        : { dataCaptureConfig: captureProperty(capture, this.captureBucket.bucketName) }),
      ...(asynchronous === undefined || this.asynchronousBucket === undefined
        ? {}
        : { asyncInferenceConfig: asyncProperty(asynchronous, this.asynchronousBucket.bucketName) }),
      ...(encryptionKey === undefined ? {} : { kmsKeyId: encryptionKey.keyArn }),
      ...(this.configHoldsNetwork
        ? {
            executionRoleArn: this.role.roleArn,
            ...(this.network === undefined ? {} : { vpcConfig: this.network }),
            ...(networkIsolation === true ? { enableNetworkIsolation: true } : {}),
          }
        : {}),
    });
    config.node.addDependency(this.role);
    const unlisted = [...variants, ...(shadow === undefined ? [] : [shadow])].some(hasUnlistedType);
    if (unlisted) acknowledge(config, 'An instance type that is newer than the list of the validation.', 'CloudFormation-Validate::W3030');
    return config;
  }

  private refuse(): void {
    const { capture, deployment, encryptionKey, networkIsolation } = this.props;
    refuseProblems(this.node.path, this.parts, {
      endpointName: this.endpointName,
      region: Stack.of(this).region,
      subnetIds: this.network?.subnets,
      securityGroups: this.network?.securityGroupIds.length,
      hasVolumeKey: encryptionKey !== undefined,
      networkIsolation: networkIsolation === true,
      capture,
      deployment,
      models: this.plans,
    });
  }

  private createEndpoint(config: CfnEndpointConfig): CfnEndpoint {
    const { deployment } = this.props;
    const guarded = deployment !== undefined && this.mode !== EndpointMode.INFERENCE_COMPONENTS;
    const rollback = guarded ? bindRollback(this, deployment, this.role, this.fleetsUnder(config)) : undefined;
    const endpoint = new CfnEndpoint(this, 'Resource', {
      endpointName: this.endpointName,
      endpointConfigName: config.attrEndpointConfigName,
      // Without it every update would set weights and counts back to those of the template.
      retainAllVariantProperties: true,
      excludeRetainedVariantProperties: [{ variantPropertyType: 'DataCaptureConfig' }],
      ...(guarded ? { deploymentConfig: deployment._forEndpoint(rollback?.alarmNames ?? []) } : {}),
    });
    if (rollback?.policy !== undefined) endpoint.node.addDependency(rollback.policy);
    return endpoint;
  }

  /** The new instances alone: those that run this config. */
  private fleetsUnder(config: CfnEndpointConfig): WatchedFleet[] {
    return this.variants.map(({ variantName }) => ({
      id: variantName,
      dimensions: { EndpointName: this.endpointName, VariantName: variantName, EndpointConfigName: config.attrEndpointConfigName },
    }));
  }
}
