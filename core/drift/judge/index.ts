export { countLabels, mergeQualityCounts } from './labels';
export { qualityFindings, qualityOf } from './quality';
export { slotOf } from './reference';
export { significanceOf } from './significance';
export type * from './types';
export { comparisonOf, judgeWindow, stateOf } from './window';
