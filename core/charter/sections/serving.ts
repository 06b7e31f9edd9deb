import type * as z from 'zod';
import { matching, oneOf, section, wholeNumber } from '../fields';

const instance = matching(/^ml\.[a-z][a-z0-9-]{0,15}\.[a-z0-9]{2,16}$/, 'a SageMaker instance type such as ml.g5.xlarge');
const count = wholeNumber(1, 1000);
const mode = oneOf('real-time', 'serverless', 'async');

export const serving = section({
  mode: mode.default('real-time'),
  instance,
  instances: section({ min: count, max: count }).default({ min: 1, max: 1 }),
});

/** What a profile lays over `serving`. */
export const servingOverlay = section({
  mode: mode.optional(),
  instance: instance.optional(),
  instances: section({ min: count, max: count }).optional(),
});

export type Serving = z.output<typeof serving>;
