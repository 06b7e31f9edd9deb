export { ApplicationAutoScaling, createApplicationAutoScaling } from './double';
export { applicationAutoScalingResources } from './resources';
export { TRACKING_ALARM } from './tracking-alarms';
