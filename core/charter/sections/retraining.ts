import * as z from 'zod';
import {
  durationMinutes,
  exactlyOne,
  flag,
  imageUri,
  mapOf,
  matching,
  numberBetween,
  oneOf,
  positiveNumber,
  section,
  wholeNumber,
} from '../fields';
import { stateMachineArn } from './gates';
import { approvals } from './guardrails';

const instance = matching(/^ml\.[a-z][a-z0-9-]{0,15}\.[a-z0-9]{2,16}$/, 'a SageMaker instance type such as ml.m5.xlarge');
const container = matching(/^scikit-learn:\d[\w.-]{0,60}$/, "AWS's public scikit-learn container with its version: scikit-learn:1.2-1");

const DAYS = 'a duration from 1d to 365d';
const days = durationMinutes
  .refine((minutes) => minutes >= 1440 && minutes <= 365 * 1440, { error: DAYS })
  .transform((minutes) => Math.ceil(minutes / 1440));

const RUNTIME = 'a duration of at most 28d: SageMaker stops training then';
const runtime = durationMinutes.refine((minutes) => minutes <= 28 * 1440, { error: RUNTIME });

const HYPER_PARAMETER = 'a text of at most 2500 characters, a number, true or false';
const hyperParameters = mapOf(
  /^.{1,256}$/,
  z.union([z.string().max(2500, { error: HYPER_PARAMETER }), z.number(), z.boolean()], { error: HYPER_PARAMETER }).transform(String),
  'a mapping from hyperparameter to value, at most 100',
).refine((given) => Object.keys(given).length <= 100, { error: 'a mapping from hyperparameter to value, at most 100' });

/** A job, a pipeline or a state machine: which keys belong to which: `retraining-checks.ts`. */
const training = section({
  image: imageUri.optional(),
  container: container.optional(),
  instance: instance.optional(),
  instances: wholeNumber(1, 100).optional(),
  volumeGb: wholeNumber(1, 16384).optional(),
  hyperParameters: hyperParameters.optional(),
  pipeline: matching(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}$/, 'the name of a SageMaker pipeline').optional(),
  stateMachine: stateMachineArn.optional(),
  maxRuntime: runtime.default(120),
}).superRefine((given, context) => exactlyOne(['image', 'container', 'pipeline', 'stateMachine'], given, context));

const evaluation = section({
  /** Default: mae for regression, else accuracy. */
  metric: oneOf('accuracy', 'precision', 'recall', 'mae').optional(),
  notWorseBy: numberBetween(0, 1).default(0.02),
  instance: instance.default('ml.m5.large'),
});

/** What a run selects at most. */
const MOST_ROWS = 200_000;

const data = section({
  since: days.default(30),
  minimumRows: wholeNumber(10, MOST_ROWS).default(1000),
  evaluationShare: numberBetween(0.05, 0.5, 'a fraction from 0.05 to 0.5').default(0.2),
});

const environment = mapOf(
  /^[a-zA-Z_][a-zA-Z0-9_]{0,127}$/,
  matching(/^[^\0]{0,1024}$/, 'a text of at most 1024 characters (numbers and true/false in quotes)'),
  'a mapping from environment variable to text',
);

/** What serves the new model; without it, as `release.model` does. */
const inference = section({
  image: imageUri.optional(),
  container: container.optional(),
  environment: environment.optional(),
  /** Default: CSV where `drift.csv` has the columns of requests, else JSON. */
  contentType: matching(/^[\w.+-]{1,64}\/[\w.+-]{1,64}$/, 'a content type such as application/json').optional(),
}).refine(({ image, container: chosen }) => image === undefined || chosen === undefined, { error: 'image or container, not both' });

/** When a new model is made, of what, and what it must reach before the registry gets it. */
export const retraining = section({
  on: section({
    drift: flag.default(true),
    kpi: flag.default(false),
    schedule: matching(/^(cron|rate)\(.{3,100}\)$/, 'a schedule such as rate(30 days) or cron(0 3 1 * ? *)').optional(),
  }).prefault({}),
  coolDown: durationMinutes.default(7 * 1440),
  mostRunsPerMonth: wholeNumber(1, 1000).default(2),
  monthlyBudget: positiveNumber.optional(),
  data: data.prefault({}),
  training,
  evaluation: evaluation.prefault({}),
  approval: approvals.optional(),
  inference: inference.prefault({}),
});

export type RetrainingSection = z.output<typeof retraining>;
