import * as z from 'zod';
import { DRIFT_WINDOWS, TEXT_DERIVATIONS } from '../../contracts/drift';
import {
  durationMinutes,
  exactlyOne,
  flag,
  fraction,
  listOf,
  matching,
  numberBetween,
  oneOf,
  positiveFraction,
  positiveNumber,
  section,
  wholeNumber,
} from '../fields';
import { dataFile } from './data';
import { roleName } from './owners';

const NAME = '1 to 64 of a-z, A-Z, 0-9, - and _, and no name that every object has, such as constructor';
/** Profiles and samples are kept by it. */
const featureName = matching(/^[\w-]{1,64}$/, NAME).refine((name) => !(name in Object.prototype), { error: NAME });

export const PATH =
  'a JMESPath into the body such as order.amount, items[0].price or "order-no".amount (other names than of a-z, A-Z, 0-9 and _ in double quotes), or the name or number (from 0) of a CSV column';
/** JSONPath, which begins with $, means something else. */
const bodyPath = z.union([wholeNumber(0, 9999), matching(/^(?!\$)[^\0\n]{1,200}$/, PATH)], { error: PATH }).transform(String);

const distance = z.number({ error: 'a distance from 0.01 to 1' }).min(0.01, { error: 'a distance from 0.01 to 1' }).max(1, {
  error: 'a distance from 0.01 to 1',
});

const RANGE = '[smallest, largest], such as [0, 24]; null leaves a side open, such as [0, null]';
const bound = z.number({ error: RANGE }).nullable();
const range = z
  .tuple([bound, bound], { error: RANGE })
  .refine(([low, high]) => (low === null) !== (high === null) || (low !== null && high !== null && low < high), { error: RANGE });

const category = z.union([z.string().max(256), z.number(), z.boolean()], { error: 'a text, a number, true or false' }).transform(String);

const feature = section({
  name: featureName,
  /** Where it stands in the request, or in the answer: one of the two. */
  input: bodyPath.optional(),
  output: bodyPath.optional(),
  type: oneOf('numeric', 'categorical', 'text'),
  threshold: distance.optional(),
  derive: listOf(oneOf(...TEXT_DERIVATIONS), 'derivations', 1, TEXT_DERIVATIONS.length).optional(),
  completeness: fraction.optional(),
  range: range.optional(),
  oneOf: listOf(category, 'values', 1, 1000).optional(),
}).superRefine((given, context) => exactlyOne(['input', 'output'], given, context));

const FORMATS = ['csv', 'jsonl', 'parquet'] as const;
const FIRST_DAYS = 'whole days from 1d to 90d';

const baseline = section({
  trainingData: dataFile('the rows that the model was trained on (CSV, JSONL or Parquet)').optional(),
  /** Where the file's name does not say it. */
  format: oneOf(...FORMATS).optional(),
  timeColumn: matching(/^[^\0\n]{1,200}$/, 'the name of a column with times').optional(),
  statistics: dataFile("what SageMaker Model Monitor's baseline job wrote: statistics.json").optional(),
  constraints: dataFile("what SageMaker Model Monitor's baseline job wrote: constraints.json").optional(),
  firstDays: durationMinutes
    .refine((minutes) => minutes % 1440 === 0 && minutes <= 90 * 1440, { error: FIRST_DAYS })
    .transform((minutes) => minutes / 1440)
    .optional(),
}).superRefine((given, context) => exactlyOne(['trainingData', 'statistics', 'firstDays'], given, context));

const WINDOW = 'one of 1h, 6h, 24h, 7d';
const windowHours = durationMinutes
  .transform((minutes) => minutes / 60)
  .refine((hours) => (DRIFT_WINDOWS as readonly number[]).includes(hours), { error: WINDOW });

const WINDOWS = 'windows (1h, 6h, 24h, 7d), each once';
const windows = listOf(windowHours, WINDOWS, 1, DRIFT_WINDOWS.length)
  .refine((hours) => new Set(hours).size === hours.length, { error: WINDOWS })
  .transform((hours) => hours.toSorted((one, other) => one - other));

const column = matching(/^[^\0\n,]{1,200}$/, 'the name of a column');
const columns = listOf(column, 'columns, in their order', 1, 2000).optional();

const groups = section({
  by: featureName,
  outcome: featureName,
  favourable: category,
  threshold: distance.optional(),
});

const label = matching(/^[^\0\n]{1,256}$/, 'a label of at most 256 characters');

const truth = section({
  prediction: featureName,
  kind: oneOf('classification', 'regression'),
  positive: label.optional(),
  confidence: featureName.optional(),
  window: durationMinutes,
  minimumLabels: wholeNumber(10, 1_000_000).default(200),
  accuracyAtLeast: fraction.optional(),
  precisionAtLeast: fraction.optional(),
  recallAtLeast: fraction.optional(),
  calibrationErrorAtMost: fraction.optional(),
  maeAtMost: positiveNumber.optional(),
});

/** What of requests and answers is watched, and how much of it may be told for nothing. */
export const drift = section({
  owner: roleName.optional(),
  baseline,
  rhythm: oneOf('none', 'daily', 'weekly').default('none'),
  windows: windows.default([...DRIFT_WINDOWS]),
  falseAlarmsPerYear: numberBetween(0.01, 52).default(1),
  minimumRows: wholeNumber(10, 1_000_000).default(200),
  /** Default: where there are two numeric features. */
  joint: flag.optional(),
  /** Default: where units stay with the baseline. */
  kpiMovement: flag.optional(),
  brokenShareAbove: positiveFraction.default(0.01),
  features: listOf(feature, 'features', 1, 200),
  csv: section({ input: columns, output: columns }).optional(),
  groups: groups.optional(),
  truth: truth.optional(),
});

export type DriftSection = z.output<typeof drift>;
export type DriftSectionFeature = z.output<typeof feature>;
