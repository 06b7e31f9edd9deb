export { type BatchOptions, batchesOf } from './batches';
export { readJson } from './read-json';
export { packRejected, unpackRejected } from './rejected';
export { KPI_BATCH_SCHEMA, KPI_SCHEMA, kpiEventJsonSchema, kpiEventSchema } from './schema';
export { type Counts, countsOf, valueProblem } from './value';

/** An event is some hundred bytes; what is this large is none. */
export const MAX_EVENT_BYTES = 16_384;
