import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { CustomResources } from '../../../rehearsal/assembly/custom-resource';
import { type AssemblyStack, loadAssembly } from '../../../rehearsal/assembly/load';
import { Stack } from '../../../rehearsal/assembly/stack';
import type { Caller, ContainerAnswer, Members } from '../../../rehearsal/cloud/types';
import { createDoubles, resourceTypes } from '../../../rehearsal/services';
import type { SageMaker } from '../../../rehearsal/services/sagemaker';
import { ENVIRONMENT } from '../../support/endpoints/synthesize';
import { createTestCloud, type TestCloud } from '../support/harness';

const world: Caller = { kind: 'world', principalArn: 'arn:aws:iam::123456789012:user/test' };
const POLL_MILLIS = 30_000;

export const ANSWER: ContainerAnswer = {
  status: 200,
  body: new TextEncoder().encode('{}'),
  contentType: 'application/json',
  latencyMillis: 20,
};

/** The stacks of an assembly, by name. */
export const stacksOf = (assembly: CloudAssembly): Map<string, AssemblyStack> =>
  new Map(loadAssembly(assembly.directory).map((stack) => [stack.name, stack]));

/** One stack with an endpoint in a laptop cloud of its own. */
export class EndpointLaptop {
  private readonly test: TestCloud;
  private readonly stack: Stack;
  endpointName = '';
  /** What the container of an image answers. */
  answer: (image: string) => ContainerAnswer = () => ({ ...ANSWER });

  constructor(name: string, faults: Parameters<typeof createTestCloud>[1] = {}) {
    this.test = createTestCloud((cloud) => createDoubles(cloud), { ...faults, region: ENVIRONMENT.region });
    this.test.cloud.double<SageMaker>('sagemaker').setContainers(({ image = '' }) => ({ predict: () => this.answer(image) }));
    this.stack = new Stack(this.test.cloud, name, resourceTypes, new CustomResources(this.test.cloud));
  }

  get cloud() {
    return this.test.cloud;
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    return this.test.run(work);
  }

  async deploy(assembled: AssemblyStack): Promise<void> {
    await this.stack.deploy(assembled);
    const { Endpoints } = await this.call('ListEndpoints', {});
    this.endpointName = String((Endpoints as Members[])[0]?.['EndpointName']);
  }

  async destroy(): Promise<void> {
    await this.stack.destroy();
  }

  call(operation: string, input: Members, service = 'sagemaker'): Promise<Members> {
    return this.cloud.call(service, operation, input, world);
  }

  describe(): Promise<Members> {
    return this.call('DescribeEndpoint', { EndpointName: this.endpointName });
  }

  async config(): Promise<Members> {
    const { EndpointConfigName } = await this.describe();
    return this.call('DescribeEndpointConfig', { EndpointConfigName });
  }

  /** Changes weights and counts as people or scaling would, and waits. */
  async change(wanted: Members[]): Promise<void> {
    await this.call('UpdateEndpointWeightsAndCapacities', { EndpointName: this.endpointName, DesiredWeightsAndCapacities: wanted });
    await this.inService();
  }

  async inService(): Promise<Members> {
    for (;;) {
      const described = await this.describe();
      if (described['EndpointStatus'] === 'InService') return described;
      if (/Fail/.test(String(described['EndpointStatus']))) throw new Error(`endpoint is ${String(described['EndpointStatus'])}`);
      await this.cloud.clock.sleep(POLL_MILLIS);
    }
  }

  /** Weight and count of each production variant. */
  async fleet(): Promise<Record<string, { weight?: number; count?: number }>> {
    const { ProductionVariants } = await this.describe();
    return Object.fromEntries(
      (ProductionVariants as Members[]).map(({ VariantName, CurrentWeight, CurrentInstanceCount }) => [
        String(VariantName),
        { weight: CurrentWeight as number, count: CurrentInstanceCount as number },
      ]),
    );
  }

  /** What no update may change: weights and counts, or copies. How many instances the copies stand on is SageMaker's to decide. */
  async standing(): Promise<unknown> {
    const copies = await this.copies();
    return Object.keys(copies).length === 0 ? this.fleet() : copies;
  }

  /** Copies of each inference component. */
  async copies(): Promise<Record<string, number>> {
    const { InferenceComponents } = await this.call('ListInferenceComponents', { EndpointNameEquals: this.endpointName });
    const names = (InferenceComponents as Members[]).map(({ InferenceComponentName }) => String(InferenceComponentName));
    const described = await Promise.all(
      names.map((InferenceComponentName) => this.call('DescribeInferenceComponent', { InferenceComponentName })),
    );
    return Object.fromEntries(
      described.map((one, index) => [names[index]!, Number((one['RuntimeConfig'] as Members)['CurrentCopyCount'])]),
    );
  }

  async changeCopies(InferenceComponentName: string, CopyCount: number): Promise<void> {
    await this.call('UpdateInferenceComponentRuntimeConfig', { InferenceComponentName, DesiredRuntimeConfig: { CopyCount } });
    for (;;) {
      const { InferenceComponentStatus } = await this.call('DescribeInferenceComponent', { InferenceComponentName });
      if (InferenceComponentStatus === 'InService') return;
      if (InferenceComponentStatus === 'Failed') throw new Error(`${InferenceComponentName} failed`);
      await this.cloud.clock.sleep(POLL_MILLIS);
    }
  }
}
