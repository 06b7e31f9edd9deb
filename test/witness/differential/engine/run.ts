import { randomUUID } from 'node:crypto';

/** Names this run's tables, buckets and machines: a witness that has run before keeps older ones. Nothing else rests on it. */
export const run = randomUUID().slice(0, 8);
