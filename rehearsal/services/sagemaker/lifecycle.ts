import type { Cloud, ContainerResolver, Random } from '../../cloud/types';
import type { HostingSettings, HostPool } from './components';
import type { DeploymentPlan } from './deployment-config';
import { announceEndpoint } from './events';
import type { EndpointChange, EndpointFaultKind, EndpointFaults } from './faults';
import type { InstanceMetrics } from './instance-metrics';
import type { Meter } from './meter';
import { Provisioner } from './provision';
import { shiftTraffic } from './rollout';
import type { Container, Deployment, EndpointRecord, EndpointStatus, ModelImage, Variant, VariantDefinition } from './state';
import type { Store } from './store';
import { BATCH_MINUTES, DELETE_MINUTES, drawMillis, MAINTENANCE_MINUTES, ROLLBACK_MINUTES } from './timings';

const NO_CAPACITY =
  'Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error. ' +
  'Please retry using a different ML instance type or after some time.';
const ROLLBACK_FAILED = 'The update failed, and rolling it back failed too: the endpoint runs a mix of the old and the new configuration.';

const NO_CONTAINER: Container = {
  predict: () => {
    throw new Error('A variant that hosts inference components has no container of its own: ask a copy of a component.');
  },
};

const hostPool = ({ instanceType, instanceCount }: VariantDefinition, hosting: HostingSettings): HostPool => ({
  ...hosting,
  running: Array.from({ length: instanceCount }, () => ({ instanceType })),
  launching: 0,
});

/** One change of an endpoint. */
export interface Change {
  operation: EndpointChange;
  deployment: Deployment;
  /** Whether instances have to start, which takes longer than moving weights. */
  grows: boolean;
  plan?: DeploymentPlan;
  /** Instances of the new fleet, or more of those that run, exist from now on. @default - the whole new fleet */
  launch?: () => void;
  /** What success does to the endpoint. */
  commit: () => void;
}

/** Carries endpoints from one status to the next, in SageMaker's own time. */
export class Lifecycle {
  private readonly random: Random;
  private readonly provisioner: Provisioner;
  containers: ContainerResolver | undefined;
  /** Told when an endpoint has instances again that can be used: inference components move there. */
  settled: (endpoint: EndpointRecord) => void = () => undefined;

  constructor(
    private readonly cloud: Cloud,
    private readonly store: Store,
    faults: EndpointFaults,
    private readonly instances: InstanceMetrics,
    private readonly meter: Meter,
  ) {
    this.random = cloud.random.fork('sagemaker:timing');
    this.provisioner = new Provisioner(this.random, faults);
  }

  start(endpoint: EndpointRecord, change: Change): void {
    const { operation, deployment } = change;
    const { millis, launchMillis, fault, variants } = this.provisioner.plan(endpoint, operation, deployment.variants, change.grows);
    deployment.variants = variants;
    deployment.stage = { status: 'Creating', startedAtMillis: this.cloud.clock.now() };
    endpoint.pending = deployment;
    delete endpoint.failureReason;
    this.enter(endpoint, operation === 'CreateEndpoint' ? 'Creating' : 'Updating');
    if (change.grows && launchMillis !== undefined) this.later(endpoint, launchMillis, () => this.launched(endpoint, change));
    this.later(endpoint, millis, () => this.provisioned(endpoint, change, fault));
  }

  remove(endpoint: EndpointRecord): void {
    delete endpoint.pending;
    delete endpoint.green;
    delete endpoint.shadow;
    endpoint.variants = [];
    this.enter(endpoint, 'Deleting');
    this.later(endpoint, drawMillis(this.random, DELETE_MINUTES), () => {
      this.store.endpoints.remove(endpoint);
      this.cloud.record('sagemaker', 'endpoint-deleted', { endpointName: endpoint.name });
    });
  }

  /** Maintenance by AWS: nothing can be changed until it is over. */
  maintain(endpoint: EndpointRecord): void {
    this.enter(endpoint, 'SystemUpdating');
    this.later(endpoint, drawMillis(this.random, MAINTENANCE_MINUTES), () => this.enter(endpoint, 'InService'));
  }

  /** An endpoint is there that never came into service. */
  seeded(endpoint: EndpointRecord): void {
    this.instances.watch();
    this.meter.observe(endpoint);
  }

  /** Instances of a variant as they start. */
  run(definition: VariantDefinition): Variant {
    return {
      ...definition,
      desiredWeight: definition.weight,
      desiredInstanceCount: definition.instanceCount,
      launchedCount: definition.instanceCount,
      container: definition.hosting === undefined ? this.container(definition.model) : NO_CONTAINER,
      ...(definition.hosting === undefined ? {} : { hosts: hostPool(definition, definition.hosting) }),
      busyMillis: 0,
      inFlight: 0,
      peakInFlight: 0,
      windowStartMillis: this.cloud.clock.now(),
      lastUsedMillis: Number.NEGATIVE_INFINITY,
    };
  }

  /** What answers in a model's container. */
  container(model: ModelImage): Container {
    if (this.containers === undefined)
      throw new Error(
        'SageMaker has nothing to run in its containers: call setContainers(resolver) before an endpoint comes into service.',
      );
    return this.containers(model);
  }

  /** A rolling update launches a batch, every other change its whole fleet. */
  private launched(endpoint: EndpointRecord, { deployment, plan, launch }: Change): void {
    if (launch === undefined) deployment.launchedShare = plan?.kind === 'rolling' ? plan.steps[0]!.share : 1;
    else launch();
    this.meter.observe(endpoint);
  }

  private provisioned(endpoint: EndpointRecord, change: Change, fault: EndpointFaultKind | undefined): void | Promise<void> {
    const { operation, plan } = change;
    if (fault === 'silent-rollback' && operation !== 'CreateEndpoint') this.settle(endpoint, () => undefined);
    else if (fault !== undefined) this.fail(endpoint, operation, NO_CAPACITY, fault);
    else if (plan === undefined) this.settle(endpoint, change.commit);
    else return this.rollOut(endpoint, change, plan);
  }

  private async rollOut(endpoint: EndpointRecord, { deployment, commit }: Change, plan: DeploymentPlan): Promise<void> {
    const reason = await shiftTraffic(this.cloud, {
      endpoint,
      deployment,
      plan,
      green: deployment.variants.map((definition) => this.run(definition)),
      batchMillis: () => drawMillis(this.random, BATCH_MINUTES),
      resized: () => this.meter.observe(endpoint),
    });
    const green = endpoint.green;
    delete endpoint.green;
    if (reason !== undefined) {
      this.fail(endpoint, 'UpdateEndpoint', reason);
      return;
    }
    this.settle(endpoint, () => {
      commit();
      if (green !== undefined) endpoint.variants = green.variants;
    });
  }

  private fail(endpoint: EndpointRecord, operation: EndpointChange, reason: string, fault?: EndpointFaultKind): void {
    endpoint.failureReason = reason;
    if (operation === 'CreateEndpoint') {
      delete endpoint.pending;
      this.enter(endpoint, 'Failed');
      return;
    }
    this.enter(endpoint, 'RollingBack');
    this.later(endpoint, drawMillis(this.random, ROLLBACK_MINUTES), () => {
      if (fault !== 'rollback-failed') {
        this.settle(endpoint, () => undefined);
        return;
      }
      delete endpoint.pending;
      endpoint.failureReason = ROLLBACK_FAILED;
      this.enter(endpoint, 'UpdateRollbackFailed');
    });
  }

  private settle(endpoint: EndpointRecord, commit: () => void): void {
    commit();
    for (const variant of endpoint.variants) {
      variant.launchedCount = variant.instanceCount;
      variant.desiredWeight = variant.weight;
      delete variant.desiredServerless;
      variant.desiredInstanceCount = variant.instanceCount;
    }
    delete endpoint.pending;
    this.enter(endpoint, 'InService');
    this.settled(endpoint);
  }

  private later(endpoint: EndpointRecord, delayMillis: number, action: () => void | Promise<void>): void {
    const { change } = endpoint;
    const end = this.cloud.begin(`endpoint ${endpoint.name} is ${endpoint.status}`);
    this.cloud.clock.after(delayMillis, async () => {
      try {
        if (endpoint.change === change) await action();
      } finally {
        end();
      }
    });
  }

  enter(endpoint: EndpointRecord, status: EndpointStatus): void {
    endpoint.status = status;
    if (status === 'InService') this.instances.watch();
    endpoint.change += 1;
    endpoint.modifiedAtMillis = this.cloud.clock.now();
    this.meter.observe(endpoint);
    this.cloud.record('sagemaker', 'endpoint-status', {
      endpointName: endpoint.name,
      status,
      endpointConfigName: endpoint.configName,
      ...(endpoint.pending === undefined ? {} : { pendingConfigName: endpoint.pending.configName }),
      ...(endpoint.failureReason === undefined ? {} : { failureReason: endpoint.failureReason }),
    });
    announceEndpoint(this.cloud, endpoint);
  }
}
