export { type BatchOptions, batchesOf } from './batches';
export { checkEvent, MAX_EVENT_BYTES } from './check';
export { readJson } from './read-json';
export { packRejected, unpackRejected } from './rejected';
export { KPI_BATCH_SCHEMA, KPI_SCHEMA, kpiEventJsonSchema, kpiEventSchema } from './schema';
export { type Counts, countsOf, valueProblem } from './value';
export { waitedFor } from './waited';
