import type { Area } from '../engine/hunt';
import { cases } from './cases';
import type { S3Case } from './cases';
import { play } from './play';

/** Calls on the objects of one bucket, one after another. */
export const objects: Area<S3Case> = { name: 's3: objects', cases, runs: 400, play };
