export { createSageMakerRuntime, SageMakerRuntime } from './runtime';
