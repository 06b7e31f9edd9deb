export { policyWithBaseline } from './constraints';
export { fitBaseline } from './fit';
export { baselineFromStatistics } from './from-statistics';
