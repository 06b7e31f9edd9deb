import { type Duration, Token } from 'aws-cdk-lib';
import type { ServingMode } from '../../core/contracts/serving';
import { catalogueKnowledge } from '../../core/serving/knowledge';
import { sentenceOf, servingProblems } from '../../core/serving/limits';
import type { ComponentPlan, DeploymentPlan, EndpointPlan, InstanceKnowledge, ModelPlan, VariantPlan } from '../../core/serving/plan';
import { CSV_CONTENT_TYPES, type DataCapture, JSON_CONTENT_TYPES } from './data-capture';
import type { Deployment } from './deployment';
import type { EndpointInstance } from './endpoint-instance';
import type { ComponentProps } from './serving-props';
import type { ServingParts, VariantParts } from './serving';

/** What is checked beside the serving itself. */
export interface PlanFacts {
  readonly endpointName: string;
  readonly region: string;
  readonly subnetIds?: string[];
  readonly securityGroups?: number;
  readonly hasVolumeKey: boolean;
  readonly networkIsolation: boolean;
  readonly capture?: DataCapture;
  readonly deployment?: Deployment;
  /** By variant or component, where the model is bound. */
  readonly models: ReadonlyMap<object, ModelPlan>;
}

/** Refuses at synth what SageMaker would refuse at deploy; one error names all of it. */
export function refuseProblems(path: string, serving: ServingParts, facts: PlanFacts): void {
  const problems = servingProblems(planOf(serving, facts), knowledgeOf(serving));
  if (problems.length === 0) return;
  throw new Error([`ModelEndpoint ${path} would be refused by SageMaker:`, ...problems.map((one) => `  ${sentenceOf(one)}`)].join('\n'));
}

/** Tokens are left alone: what they become is known at deploy. */
function known<T>(value: T | undefined): T | undefined {
  return Token.isUnresolved(value) ? undefined : value;
}

function seconds(duration: Duration | undefined): number | undefined {
  return duration === undefined || duration.isUnresolved() ? undefined : duration.toSeconds({ integral: false });
}

function planOf(serving: ServingParts, facts: PlanFacts): EndpointPlan {
  const { asynchronous, shadow, components } = serving;
  return {
    mode: serving.mode as string as ServingMode,
    region: known(facts.region),
    regionTakesZero: serving.regionTakesZero,
    endpointName: known(facts.endpointName),
    variants: serving.variants.map((variant) => variantOf(variant, facts)),
    ...(shadow === undefined ? {} : { shadow: variantOf(shadow, facts) }),
    ...(components === undefined ? {} : { components: components.map((component) => componentOf(component, facts)) }),
    hasVpc: facts.subnetIds !== undefined,
    ...(facts.subnetIds === undefined || Token.isUnresolved(facts.subnetIds)
      ? {}
      : { subnets: facts.subnetIds.length, securityGroups: facts.securityGroups }),
    hasVolumeKey: facts.hasVolumeKey,
    networkIsolation: facts.networkIsolation,
    ...(facts.capture === undefined ? {} : { capture: captureOf(facts.capture) }),
    ...(asynchronous === undefined ? {} : { async: { concurrentPerInstance: known(asynchronous.concurrentPerInstance) } }),
    ...(facts.deployment === undefined ? {} : { deployment: deploymentOf(facts.deployment, serving) }),
  };
}

function variantOf(variant: VariantParts, facts: PlanFacts): VariantPlan {
  const { serverless, routing, managed, instancePools } = variant;
  return {
    name: known(variant.name),
    model: facts.models.get(variant),
    ...(variant.instance === undefined ? {} : { instanceType: known(variant.instance.typeName) }),
    ...(instancePools === undefined
      ? {}
      : {
          pools: instancePools.map(({ instance, priority }, index) => ({
            instanceType: known(instance.typeName),
            priority: known(priority ?? index + 1),
          })),
        }),
    lacksInstance: serverless === undefined && variant.instance === undefined && instancePools === undefined,
    initialCount: known(variant.initialCount),
    minCount: known(managed?.minCount),
    maxCount: known(managed?.maxCount),
    weight: known(variant.weight),
    ...(serverless === undefined
      ? {}
      : {
          serverless: {
            memoryMib: known(serverless.memoryMib),
            maxConcurrency: known(serverless.maxConcurrency),
            provisionedConcurrency: known(serverless.provisionedConcurrency),
          },
        }),
    volumeGib: known(variant.volumeGib),
    downloadTimeoutSeconds: seconds(variant.downloadTimeout),
    startupTimeoutSeconds: seconds(variant.startupTimeout),
    provisionTimeoutSeconds: seconds(variant.provisionTimeout),
    routing: routing?._strategy,
    prefixLength: known(routing?._prefixLength),
    concurrencyThreshold: known(routing?._concurrencyThreshold),
  };
}

function componentOf(component: ComponentProps, facts: PlanFacts): ComponentPlan {
  return {
    name: known(`${facts.endpointName}-${component.name}`),
    model: facts.models.get(component),
    memoryMib: known(component.memoryMib),
    maxMemoryMib: known(component.maxMemoryMib),
    cpus: known(component.cpus),
    accelerators: known(component.accelerators),
    copies: known(component.copies),
    downloadTimeoutSeconds: seconds(component.downloadTimeout),
    startupTimeoutSeconds: seconds(component.startupTimeout),
  };
}

const captureOf = ({ samplingPercent, jsonContentTypes, csvContentTypes, requests, answers }: DataCapture) => ({
  samplingPercent: known(samplingPercent),
  jsonContentTypes: known(jsonContentTypes) ?? JSON_CONTENT_TYPES,
  csvContentTypes: known(csvContentTypes) ?? CSV_CONTENT_TYPES,
  capturesInput: requests ?? true,
  capturesOutput: answers ?? true,
});

function deploymentOf(deployment: Deployment, { variants, components }: ServingParts): DeploymentPlan {
  const { kind, size, rollbackSize, waitSeconds, terminationWaitSeconds, timeoutSeconds } = deployment._parts;
  const fleets = components?.length ?? variants.length;
  const alarms = deployment._alarms.reduce((sum, alarm) => sum + alarm._count(fleets), 0);
  return {
    kind,
    ...(size === undefined ? {} : { size: { percent: known(size.percent), instances: known(size.instances) } }),
    ...(rollbackSize === undefined ? {} : { rollbackSize: { percent: known(rollbackSize.percent) } }),
    waitSeconds: known(waitSeconds),
    terminationWaitSeconds: known(terminationWaitSeconds),
    timeoutSeconds: known(timeoutSeconds),
    ...(alarms === 0 ? {} : { alarms }),
  };
}

/** The catalogue, and over it what the app says of its instance types. */
function knowledgeOf({ variants, shadow }: ServingParts): InstanceKnowledge {
  const all = [...variants, ...(shadow === undefined ? [] : [shadow])];
  const given = new Map<string, EndpointInstance>(
    all
      .flatMap(({ instance, instancePools }) => [
        ...(instance === undefined ? [] : [instance]),
        ...(instancePools ?? []).map((pool) => pool.instance),
      ])
      .map((instance) => [instance.typeName, instance]),
  );
  const catalogue = catalogueKnowledge();
  const gibToMib = (gib: number | undefined): number | undefined => (gib === undefined ? undefined : gib * 1024);
  return {
    hasLocalDisk: (type) => given.get(type)?.hasLocalDisk ?? catalogue.hasLocalDisk(type),
    accelerators: (type) => given.get(type)?.accelerators ?? catalogue.accelerators(type),
    memoryMib: (type) => gibToMib(given.get(type)?.memoryGib) ?? catalogue.memoryMib(type),
    vcpus: (type) => given.get(type)?.vcpus ?? catalogue.vcpus(type),
    isOffered: (type, region) => given.get(type)?.isOfferedIn(region) ?? catalogue.isOffered(type, region),
    regionsOf: (type) => given.get(type)?._regions ?? catalogue.regionsOf(type),
  };
}
