export { ApplicationAutoScaling, createApplicationAutoScaling } from './double';
export { applicationAutoScalingResources } from './resources';
