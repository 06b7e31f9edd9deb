export { copiesThatAnswer } from './describe';
export { componentOperations, Components } from './operations';
export { ComponentScheduler } from './scheduler';
export type { ComponentRecord, Copy, HostingSettings, HostPool } from './types';
