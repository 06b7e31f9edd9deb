export type { EndpointFault, EndpointFaultKind } from './faults';
export { sageMakerResources } from './resources';
export { createSageMaker, SageMaker, type SeededEndpoint } from './sagemaker';
export type { EndpointView, Invocation } from './state';
export type { ModelPackage } from './store';
