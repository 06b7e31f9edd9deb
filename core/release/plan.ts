import type { ControlRecord, DeployedRelease, ReleaseRecord, ReleaseSpec } from '../contracts';
import { darkInstances } from './capacity';
import { allGuardAlarmNames, deploymentConfig } from './guarded';
import { endpointNameOf, releaseNames } from './names';
import type {
  CreateEndpoint,
  CreateEndpointConfig,
  CreateModel,
  DescribedConfig,
  ProductionVariant,
  Tag,
  UpdateEndpoint,
  VpcConfig,
} from './sagemaker';
import { type ShadowPlan, shadowPlan } from './shadow-config';

/** What the stack gives to every release. */
export interface Surroundings {
  useCase: string;
  prefix: string;
  modelRoleArn: string;
  tags: Record<string, string>;
  vpcConfig?: VpcConfig;
  kmsKeyArn?: string;
  /** Where a shadow phase captures answers; missing where the stack's charter has none. */
  captureBucket?: string;
}

/** The SageMaker calls of one release, ready to send. */
export interface ReleasePlan {
  /** No stable release: the endpoint is created, and rolling back deletes it. */
  first: boolean;
  endpointName: string;
  modelName: string;
  darkConfigName: string;
  liveConfigName: string;
  /** Config in which stable stands alone; missing for a first release. */
  stableConfigName?: string;
  createModel: CreateModel;
  createDarkConfig: CreateEndpointConfig;
  createLiveConfig: CreateEndpointConfig;
  endpoint: CreateEndpoint | UpdateEndpoint;
  /** After the promotion: the release alone. */
  liveEndpoint: UpdateEndpoint;
  /** After a rollback: stable alone. */
  restoreEndpoint?: UpdateEndpoint;
  /** Before any answer of the candidate is used; missing where no shadow phase is asked for. */
  shadowConfigName?: string;
  shadow?: ShadowPlan;
  /** What the promotion makes superfluous. What was adopted is never deleted. */
  obsoleteConfigs: string[];
  obsoleteModels: string[];
  /** The release as it stands on the endpoint. */
  candidate: DeployedRelease;
}

const MAX_ENVIRONMENT_VALUE_CHARACTERS = 1024;
/** Instance families with local disks encrypt them in hardware and refuse a key of their own. */
const LOCAL_DISKS = /^ml\.(g4dn|g5|g6|g6e|gr6|p3dn|p4d|p4de|p5|p5e|p5en|p6|trn1|trn1n|trn2|[a-z]+\d+[a-z]*d[a-z]*)\./;

export function planRelease(
  record: Pick<ReleaseRecord, 'id' | 'spec'>,
  control: ControlRecord,
  currentConfig: DescribedConfig | undefined,
  surroundings: Surroundings,
): ReleasePlan {
  const { stable } = control;
  const first = stable === undefined;
  const { shadowConfigName, ...named } = releaseNames(surroundings.prefix, record.id);
  // A first release stands alone from the start: one config serves for both.
  const names = first ? { ...named, darkConfigName: named.liveConfigName } : named;
  const tags = tagsOf(record.id, surroundings);
  const endpointName = control.endpointName ?? endpointNameOf(surroundings.prefix);
  const slot = stable?.variantName === 'a' ? 'b' : 'a';
  const alone: ProductionVariant = {
    VariantName: slot,
    ModelName: names.modelName,
    InstanceType: record.spec.serving.instanceType,
    InitialInstanceCount: record.spec.serving.minInstances,
    InitialVariantWeight: 1,
  };
  const inTheDark = { ...alone, InitialInstanceCount: darkInstances(record.spec), InitialVariantWeight: 0 };
  const dark = first ? [alone] : [stableVariant(stable, currentConfig), inTheDark];
  const createDarkConfig = endpointConfig(names.darkConfigName, dark, currentConfig, surroundings, tags);
  const { guarded, shadow } = first ? {} : record.spec.rollout;
  return {
    first,
    endpointName,
    ...names,
    ...(first ? {} : { stableConfigName: stable.endpointConfigName, restoreEndpoint: updateTo(endpointName, stable.endpointConfigName) }),
    createModel: createModel(names.modelName, record.spec, surroundings, tags),
    createDarkConfig,
    // Both fleets of a guarded deployment must name their variant alike.
    createLiveConfig: endpointConfig(
      names.liveConfigName,
      [guarded === undefined ? alone : { ...alone, VariantName: stable?.variantName ?? slot }],
      currentConfig,
      surroundings,
      tags,
    ),
    endpoint: first
      ? { EndpointName: endpointName, EndpointConfigName: names.darkConfigName, Tags: tags }
      : updateTo(endpointName, names.darkConfigName),
    liveEndpoint: {
      ...updateTo(endpointName, names.liveConfigName),
      ...(guarded === undefined ? {} : { DeploymentConfig: deploymentConfig(guarded, allGuardAlarmNames(surroundings.prefix, record.id)) }),
    },
    ...(shadow === undefined || stable === undefined
      ? {}
      : {
          shadowConfigName,
          shadow: shadowPlan({
            releaseId: record.id,
            configName: shadowConfigName,
            policy: shadow,
            stable: stableVariant(stable, currentConfig),
            candidate: inTheDark,
            currentConfig,
            base: createDarkConfig,
            captureBucket: surroundings.captureBucket,
            kmsKeyArn: surroundings.kmsKeyArn,
            update: updateTo(endpointName, shadowConfigName),
          }),
        }),
    ...obsoleteAfter(record.id, stable, surroundings.prefix),
    candidate: {
      releaseId: record.id,
      variantName: slot,
      modelName: names.modelName,
      endpointConfigName: names.liveConfigName,
    },
  };
}

/** What the promotion of a release makes superfluous. */
export function obsoleteAfter(
  releaseId: string,
  before: DeployedRelease | undefined,
  prefix: string,
): Pick<ReleasePlan, 'obsoleteConfigs' | 'obsoleteModels'> {
  return before === undefined
    ? { obsoleteConfigs: [], obsoleteModels: [] }
    : {
        obsoleteConfigs: [releaseNames(prefix, releaseId).darkConfigName, ...ours(before.endpointConfigName, prefix)],
        obsoleteModels: ours(before.modelName, prefix),
      };
}

export function tagsOf(releaseId: string, { useCase, prefix, tags }: Surroundings): Tag[] {
  const all = { ...tags, 'sluice:use-case': useCase, 'sluice:stack': prefix, 'sluice:release': releaseId };
  return Object.entries(all).map(([Key, Value]) => ({ Key, Value }));
}

function createModel(modelName: string, spec: ReleaseSpec, surroundings: Surroundings, tags: Tag[]): CreateModel {
  const { model, behaviour } = spec;
  const Environment = environmentOf(model.environment, behaviour);
  return {
    ModelName: modelName,
    ExecutionRoleArn: surroundings.modelRoleArn,
    PrimaryContainer:
      model.modelPackageArn === undefined
        ? { Image: model.image, ...(model.artefactUrl === undefined ? {} : { ModelDataUrl: model.artefactUrl }), Environment }
        : { ModelPackageName: model.modelPackageArn, Environment },
    ...(surroundings.vpcConfig === undefined ? {} : { VpcConfig: surroundings.vpcConfig }),
    Tags: tags,
  };
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

/** Stable stays exactly as it was described, an adopted endpoint's variant too; alone it has all the weight. */
function stableVariant(stable: DeployedRelease, currentConfig: DescribedConfig | undefined): ProductionVariant {
  const variant = currentConfig?.ProductionVariants.find(({ VariantName }) => VariantName === stable.variantName);
  if (variant === undefined) {
    const found = currentConfig?.ProductionVariants.map(({ VariantName }) => VariantName).join(', ') ?? 'no config';
    throw new Error(`The endpoint's config has no variant '${stable.variantName}' of stable release ${stable.releaseId}, but: ${found}`);
  }
  return { ...variant, InitialVariantWeight: 1 };
}

function endpointConfig(
  name: string,
  variants: ProductionVariant[],
  current: DescribedConfig | undefined,
  { kmsKeyArn }: Surroundings,
  tags: Tag[],
): CreateEndpointConfig {
  const key = kmsKeyArn ?? current?.KmsKeyId;
  const takesKey = key !== undefined && !variants.some(({ InstanceType }) => LOCAL_DISKS.test(InstanceType ?? ''));
  return {
    EndpointConfigName: name,
    ProductionVariants: variants,
    ...(takesKey ? { KmsKeyId: key } : {}),
    // Whoever captured data on an adopted endpoint goes on doing so.
    ...((current?.DataCaptureConfig ?? undefined) === undefined ? {} : { DataCaptureConfig: current?.DataCaptureConfig }),
    Tags: tags,
  };
}

/** Instance counts that changed at run time stay. Weights are the config's, since who stood beside others may stand alone now; so is data capture. */
export function updateTo(endpointName: string, endpointConfigName: string): UpdateEndpoint {
  return {
    EndpointName: endpointName,
    EndpointConfigName: endpointConfigName,
    RetainAllVariantProperties: true,
    ExcludeRetainedVariantProperties: [{ VariantPropertyType: 'DesiredWeight' }, { VariantPropertyType: 'DataCaptureConfig' }],
  };
}

function ours(name: string, prefix: string): string[] {
  return name.startsWith(`${prefix}-`) ? [name] : [];
}
