export { createSsm, Ssm } from './ssm';
export { ssmResources } from './resources';
