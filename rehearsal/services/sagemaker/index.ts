export type { EndpointFault, EndpointFaultKind } from './faults';
export type { JobFault, JobResult, JobRunner } from './job-types';
export type { MeteredInstances, MeteredServerless, MeterWindow } from './meter';
export { sageMakerResources } from './resources';
export { createSageMaker, SageMaker, type SeededEndpoint } from './sagemaker';
export type { EndpointView, Invocation } from './state';
export type { ModelPackage } from './store';
