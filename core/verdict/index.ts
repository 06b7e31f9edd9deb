export { checkCounts, checkValueCounts } from './check-counts';
export {
  BetTable,
  logEvidence,
  logImprovementEvidence,
  logPromotionEvidence,
  logRollbackEvidence,
  promotionBets,
  ROLLBACK_GRID,
  stratumLogs,
} from './evidence';
export { intervalOf } from './interval';
export type { Comparison, EffectInterval, Range } from './interval';
export { judge } from './judge';
export { logMean, logWeightedMean, toEvidence } from './log-mean';
export { combinedLogEvidence, measureAll, measureKpi, passesPromotion, QUEUE_MINUTES } from './measure';
export type { MeasureInput, Measurement } from './measure';
export { logMoment } from './moment';
export { hoursForUnits, hoursForVerdict, unitsForMeanVerdict, unitsForVerdict } from './power';
export type { VerdictOutlook } from './power';
export {
  BURN_IN_OBSERVATIONS,
  logRatioEvidence,
  logValueImprovementEvidence,
  logValuePromotionEvidence,
  meanBet,
  RatioSums,
} from './ratio';
export { checkSampleRatio } from './sample-ratio';
export type { SampleRatioCheck } from './sample-ratio';
export { describeKpi, figure, percent } from './sentences';
export { addCounts, groupStrata, matureMinutes, mergeMinutes } from './strata';
export { logAboveTolerance, logWithinTolerance, TOLERATED_ERROR_RATE, TOLERATED_SLOW_RATE } from './tolerance';
export type { ArmCounts, ControlArm, Counters, JudgeInput, MinuteCounts, Stratum, Verdict } from './types';
export { groupValueStrata, logValueRollbackEvidence, unobservedOf, valueStratumLogs } from './values';
export type { Unobserved, ValueStratum } from './values';
export { countValue, valueScaleOf } from './value-scale';
export type { ValueCounts, ValueScale } from './value-scale';
