export { foldHours, mergeHours } from './hours';
export { neededSince, reviewHoldout } from './review';
export type { ReviewInput } from './review';
export { courseOf, stableSpans } from './spans';
export type { StableSpan } from './spans';
export { DAY_MILLIS, dayOf, HORIZON_DAYS, horizonOf, isSettled, startOfDay } from './time';
export type * from './types';
