import type { Cloud, ContainerResolver, Random, ServiceDouble, ServiceEventSink } from '../../cloud/types';
import type { EndpointChange, EndpointFaults } from './faults';
import { tagList } from './names';
import type { Deployment, EndpointRecord, EndpointStatus, Variant, VariantDefinition } from './state';
import type { Store } from './store';

const MINUTE = 60_000;
const HANG_MILLIS = 6 * 60 * MINUTE;
const DURATION_MINUTES: Record<EndpointChange, [number, number]> = {
  CreateEndpoint: [4, 8],
  UpdateEndpoint: [3, 7],
  UpdateEndpointWeightsAndCapacities: [1, 2],
};
const ROLLBACK_MINUTES: [number, number] = [1, 3];
const DELETE_MINUTES: [number, number] = [0.3, 1];
const NO_CAPACITY =
  'Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error. ' +
  'Please retry using a different ML instance type or after some time.';

const EVENT_STATUS: Record<EndpointStatus, string> = {
  Creating: 'CREATING',
  Updating: 'UPDATING',
  InService: 'IN_SERVICE',
  RollingBack: 'ROLLING_BACK',
  Failed: 'FAILED',
  Deleting: 'DELETING',
};

/** Carries endpoints from one status to the next, in SageMaker's own time. */
export class Lifecycle {
  private readonly random: Random;
  containers: ContainerResolver | undefined;

  constructor(
    private readonly cloud: Cloud,
    private readonly store: Store,
    private readonly faults: EndpointFaults,
  ) {
    this.random = cloud.random.fork('sagemaker:timing');
  }

  /** Starts a change; `commit` is what success does to the endpoint. */
  start(endpoint: EndpointRecord, operation: EndpointChange, pending: Deployment, commit: () => void): void {
    const fault = this.faults.strike(operation, endpoint.name);
    endpoint.pending = pending;
    delete endpoint.failureReason;
    this.enter(endpoint, operation === 'CreateEndpoint' ? 'Creating' : 'Updating');
    const finish = (): void => {
      if (fault === undefined) this.settle(endpoint, commit);
      else if (fault === 'silent-rollback' && operation !== 'CreateEndpoint') this.settle(endpoint, () => undefined);
      else this.fail(endpoint, operation);
    };
    this.later(endpoint, fault === 'hang' ? HANG_MILLIS : this.draw(DURATION_MINUTES[operation]), finish);
  }

  remove(endpoint: EndpointRecord): void {
    delete endpoint.pending;
    endpoint.variants = [];
    this.enter(endpoint, 'Deleting');
    this.later(endpoint, this.draw(DELETE_MINUTES), () => {
      this.store.endpoints.remove(endpoint);
      this.cloud.record('sagemaker', 'endpoint-deleted', { endpointName: endpoint.name });
    });
  }

  /** Instances of a variant as they start. */
  run(definition: VariantDefinition): Variant {
    if (this.containers === undefined)
      throw new Error(
        'SageMaker has nothing to run in its containers: call setContainers(resolver) before an endpoint comes into service.',
      );
    return {
      ...definition,
      desiredWeight: definition.weight,
      desiredInstanceCount: definition.instanceCount,
      container: this.containers(definition.model),
    };
  }

  private fail(endpoint: EndpointRecord, operation: EndpointChange): void {
    endpoint.failureReason = NO_CAPACITY;
    if (operation === 'CreateEndpoint') {
      delete endpoint.pending;
      this.enter(endpoint, 'Failed');
      return;
    }
    this.enter(endpoint, 'RollingBack');
    this.later(endpoint, this.draw(ROLLBACK_MINUTES), () => this.settle(endpoint, () => undefined));
  }

  private settle(endpoint: EndpointRecord, commit: () => void): void {
    commit();
    for (const variant of endpoint.variants) {
      variant.desiredWeight = variant.weight;
      variant.desiredInstanceCount = variant.instanceCount;
    }
    delete endpoint.pending;
    this.enter(endpoint, 'InService');
  }

  private later(endpoint: EndpointRecord, delayMillis: number, action: () => void): void {
    const { change } = endpoint;
    const end = this.cloud.begin(`endpoint ${endpoint.name} is ${endpoint.status}`);
    this.cloud.clock.after(delayMillis, () => {
      if (endpoint.change === change) action();
      end();
    });
  }

  enter(endpoint: EndpointRecord, status: EndpointStatus): void {
    endpoint.status = status;
    endpoint.change += 1;
    endpoint.modifiedAtMillis = this.cloud.clock.now();
    this.cloud.record('sagemaker', 'endpoint-status', {
      endpointName: endpoint.name,
      status,
      endpointConfigName: endpoint.configName,
      ...(endpoint.pending === undefined ? {} : { pendingConfigName: endpoint.pending.configName }),
      ...(endpoint.failureReason === undefined ? {} : { failureReason: endpoint.failureReason }),
    });
    this.announce(endpoint);
  }

  private announce(endpoint: EndpointRecord): void {
    this.cloud.double<ServiceDouble & ServiceEventSink>('eventbridge').emitServiceEvent({
      source: 'aws.sagemaker',
      detailType: 'SageMaker Endpoint State Change',
      resources: [endpoint.arn],
      detail: {
        EndpointName: endpoint.name,
        EndpointArn: endpoint.arn,
        EndpointConfigName: endpoint.configName,
        EndpointStatus: EVENT_STATUS[endpoint.status],
        ProductionVariants: endpoint.variants.map((variant) => ({
          VariantName: variant.variantName,
          CurrentWeight: variant.weight,
          DesiredWeight: variant.desiredWeight,
          CurrentInstanceCount: variant.instanceCount,
          DesiredInstanceCount: variant.desiredInstanceCount,
        })),
        ...(endpoint.failureReason === undefined ? {} : { FailureReason: endpoint.failureReason }),
        CreationTime: endpoint.createdAtMillis,
        LastModifiedTime: endpoint.modifiedAtMillis,
        Tags: Object.fromEntries(tagList(endpoint.tags).map(({ Key, Value }) => [Key, Value])),
      },
    });
  }

  private draw([least, most]: [number, number]): number {
    return Math.round((least + (most - least) * this.random.next()) * MINUTE);
  }
}
