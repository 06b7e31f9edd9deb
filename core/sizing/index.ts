export type { Measurement, MeasuredLevel, Throughput } from './measurements';
export { measurementsOf, throughputOf } from './measurements';
export type { RecommenderJob, RecommenderRequest } from './recommender';
export { MOST_TESTED_TYPES, recommenderJob } from './recommender';
export type { RuledOut, SizedCandidate, Sizing, SizingRequest } from './size';
export { HOURS_PER_MONTH, instancesNeeded, sizingOf } from './size';
