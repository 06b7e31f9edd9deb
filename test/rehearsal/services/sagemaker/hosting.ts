import type { Members } from '../../../../rehearsal/cloud/types';
import { createModel, invoke, pass, ROLE, type Setup } from './support';

export const NAME = 'language';
export const NEEDS = { MinMemoryRequiredInMb: 4096, NumberOfAcceleratorDevicesRequired: 1 };

/** Endpoint `Live` for inference components: 1 instance with 1 GPU, 0 to 3 of them. */
export async function hosting(setup: Setup, variant: Members = {}, config: Members = {}): Promise<void> {
  await createModel(setup, 'model-a');
  await createModel(setup, 'model-b');
  await setup.call('CreateEndpointConfig', {
    EndpointConfigName: 'first',
    ExecutionRoleArn: ROLE,
    ProductionVariants: [
      {
        VariantName: 'all',
        InstanceType: 'ml.g5.xlarge',
        InitialInstanceCount: 1,
        ManagedInstanceScaling: { Status: 'ENABLED', MinInstanceCount: 0, MaxInstanceCount: 3 },
        ...variant,
      },
    ],
    ...config,
  });
  await setup.call('CreateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'first' });
  await pass(setup, 9);
}

export const create = ({ call }: Setup, copies = 1, specification: Members = {}, more: Members = {}): Promise<Members> =>
  call('CreateInferenceComponent', {
    InferenceComponentName: NAME,
    EndpointName: 'Live',
    VariantName: 'all',
    Specification: { ModelName: 'model-a', ComputeResourceRequirements: NEEDS, ...specification },
    RuntimeConfig: { CopyCount: copies },
    ...more,
  });

export const describeIt = ({ call }: Setup, name = NAME): Promise<Members> =>
  call('DescribeInferenceComponent', { InferenceComponentName: name });
export const scale = ({ call }: Setup, CopyCount: number): Promise<Members> =>
  call('UpdateInferenceComponentRuntimeConfig', { InferenceComponentName: NAME, DesiredRuntimeConfig: { CopyCount } });
export const instances = async ({ call }: Setup): Promise<Members> =>
  (await call('DescribeEndpoint', { EndpointName: 'Live' })).ProductionVariants[0];
export const ask = (setup: Setup, extra: Members = {}): Promise<Members> => invoke(setup, { InferenceComponentName: NAME, ...extra });
export const sumOf = ({ cloudWatch }: Setup, name: string): number =>
  cloudWatch.metric('AWS/SageMaker', name, { InferenceComponentName: NAME }).reduce((sum, point) => sum + point.sum, 0);
