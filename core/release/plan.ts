import type { ControlRecord, DeployedRelease, ReleaseRecord } from '../contracts';
import { darkInstances } from './capacity';
import { createComponent } from './component';
import { createModel } from './create-model';
import { endpointConfig } from './endpoint-config';
import { allGuardAlarmNames, deploymentConfig } from './guarded';
import { endpointNameOf, releaseNames } from './names';
import { endpointOf, ownEndpointName, placeOfOwn, standsApart, whyNotApart } from './own-endpoint';
import type {
  CreateEndpoint,
  CreateEndpointConfig,
  CreateInferenceComponent,
  CreateModel,
  DescribedConfig,
  ProductionVariant,
  Tag,
  UpdateEndpoint,
  VpcConfig,
} from './sagemaker';
import { type ShadowPlan, shadowPlan } from './shadow-config';
import { variantOf } from './variant';

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
  /** Where `serving.capture` goes. */
  dataBucket?: string;
  /** Where requests and answers of an asynchronous endpoint lie. */
  asyncBucket?: string;
}

/** The SageMaker calls of one release, ready to send. */
export interface ReleasePlan {
  /** No stable release: the endpoint is created, and rolling back deletes it. */
  first: boolean;
  /** The endpoint is made by this release, and goes with it: a first release, and every one that does not share stable's endpoint. */
  own: boolean;
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
  /** Where the release took over from another endpoint. */
  obsoleteEndpoints: string[];
  obsoleteComponents: string[];
  /** Of inference components: made once the endpoint is in service, gone before it goes. */
  componentName?: string;
  createComponent?: CreateInferenceComponent;
  /** The release as it stands on the endpoint. */
  candidate: DeployedRelease;
}

export function planRelease(
  record: Pick<ReleaseRecord, 'id' | 'spec'>,
  control: ControlRecord,
  currentConfig: DescribedConfig | undefined,
  surroundings: Surroundings,
): ReleasePlan {
  const { id, spec } = record;
  return standsApart(spec, control.stable)
    ? planApart(record, control, surroundings)
    : planShared({ id, spec }, control, currentConfig, surroundings);
}

/** Another variant on stable's endpoint; the first release makes that endpoint. */
function planShared(
  record: Pick<ReleaseRecord, 'id' | 'spec'>,
  control: ControlRecord,
  currentConfig: DescribedConfig | undefined,
  surroundings: Surroundings,
): ReleasePlan {
  const { stable } = control;
  const { serving, rollout } = record.spec;
  const first = stable === undefined;
  const { shadowConfigName, ...named } = namesOf(surroundings.prefix, record.id);
  // A first release stands alone from the start: one config serves for both.
  const names = first ? { ...named, darkConfigName: named.liveConfigName } : named;
  const tags = tagsOf(record.id, surroundings);
  const endpointName = control.endpointName ?? endpointNameOf(surroundings.prefix);
  const slot = freeSlot(stable);
  const alone = variantOf(serving, slot, names.modelName);
  const inTheDark = { ...alone, InitialInstanceCount: darkInstances(record.spec), InitialVariantWeight: 0 };
  const dark = first ? [alone] : [stableVariant(stable, currentConfig), inTheDark];
  const config = { releaseId: record.id, serving, current: currentConfig, surroundings, tags };
  const createDarkConfig = endpointConfig({ ...config, name: names.darkConfigName, variants: dark, beside: !first });
  const { guarded, shadow } = first ? {} : rollout;
  return {
    first,
    own: first,
    endpointName,
    ...names,
    ...(first ? {} : { stableConfigName: stable.endpointConfigName, restoreEndpoint: updateTo(endpointName, stable.endpointConfigName) }),
    createModel: createModel(names.modelName, record.spec, surroundings, tags),
    createDarkConfig,
    createLiveConfig: endpointConfig({
      ...config,
      name: names.liveConfigName,
      // Both fleets of a guarded deployment must name their variant alike.
      variants: [guarded === undefined ? alone : { ...alone, VariantName: stable?.variantName ?? slot }],
      beside: false,
    }),
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
    ...obsoleteAfter(record, control, surroundings.prefix),
    candidate: {
      releaseId: record.id,
      variantName: slot,
      modelName: names.modelName,
      endpointConfigName: names.liveConfigName,
    },
  };
}

/** An endpoint beside stable's: made as a first release's is, and the control record moves traffic between the two. */
function planApart({ id, spec }: Pick<ReleaseRecord, 'id' | 'spec'>, control: ControlRecord, surroundings: Surroundings): ReleasePlan {
  const why = whyNotApart(spec, control);
  if (why !== undefined) {
    throw new Error(`Release ${id} (serving.mode ${spec.serving.mode}) cannot be built: ${why}`);
  }
  const { prefix } = surroundings;
  const { modelName, liveConfigName } = namesOf(prefix, id);
  const tags = tagsOf(id, surroundings);
  const variantName = freeSlot(control.stable);
  const place = placeOfOwn(prefix, id, spec);
  const endpointName = ownEndpointName(prefix, id, spec);
  const config = endpointConfig({
    releaseId: id,
    name: liveConfigName,
    variants: [variantOf(spec.serving, variantName, modelName)],
    serving: spec.serving,
    current: undefined,
    beside: false,
    surroundings,
    tags,
  });
  const { componentName } = place;
  return {
    first: control.stable === undefined,
    own: true,
    endpointName,
    modelName,
    darkConfigName: liveConfigName,
    liveConfigName,
    createModel: createModel(modelName, spec, surroundings, tags),
    createDarkConfig: config,
    createLiveConfig: config,
    endpoint: { EndpointName: endpointName, EndpointConfigName: liveConfigName, Tags: tags },
    liveEndpoint: updateTo(endpointName, liveConfigName),
    ...(componentName === undefined
      ? {}
      : {
          componentName,
          createComponent: createComponent({ componentName, endpointName, variantName, modelName, serving: spec.serving, tags }),
        }),
    ...obsoleteAfter({ id, spec }, control, prefix),
    candidate: { releaseId: id, variantName, modelName, endpointConfigName: liveConfigName, ...place },
  };
}

/** Names of slots never change places: the control record says which one is stable. */
const freeSlot = (stable: DeployedRelease | undefined): 'a' | 'b' => (stable?.variantName === 'a' ? 'b' : 'a');

function namesOf(prefix: string, releaseId: string) {
  const { modelName, darkConfigName, liveConfigName, shadowConfigName } = releaseNames(prefix, releaseId);
  return { modelName, darkConfigName, liveConfigName, shadowConfigName };
}

export type Obsolete = Pick<ReleasePlan, 'obsoleteConfigs' | 'obsoleteModels' | 'obsoleteEndpoints' | 'obsoleteComponents'>;

/** What the promotion of a release makes superfluous; `control` as it is before. */
export function obsoleteAfter({ id, spec }: Pick<ReleaseRecord, 'id' | 'spec'>, control: ControlRecord, prefix: string): Obsolete {
  const { stable: before } = control;
  if (before === undefined) {
    return { obsoleteConfigs: [], obsoleteModels: [], obsoleteEndpoints: [], obsoleteComponents: [] };
  }
  const models = { obsoleteModels: ours(before.modelName, prefix) };
  if (!standsApart(spec, before)) {
    const configs = [releaseNames(prefix, id).darkConfigName, ...ours(before.endpointConfigName, prefix)];
    return { obsoleteConfigs: configs, ...models, obsoleteEndpoints: [], obsoleteComponents: [] };
  }
  const endpointName = endpointOf(before, control);
  return {
    obsoleteConfigs: ours(before.endpointConfigName, prefix),
    ...models,
    obsoleteEndpoints: endpointName === undefined ? [] : ours(endpointName, prefix),
    obsoleteComponents: before.componentName === undefined ? [] : ours(before.componentName, prefix),
  };
}

export function tagsOf(releaseId: string, { useCase, prefix, tags }: Pick<Surroundings, 'useCase' | 'prefix' | 'tags'>): Tag[] {
  const all = { ...tags, 'sluice:use-case': useCase, 'sluice:stack': prefix, 'sluice:release': releaseId };
  return Object.entries(all).map(([Key, Value]) => ({ Key, Value }));
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
