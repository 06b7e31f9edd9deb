import type * as z from 'zod';
import {
  durationMinutes,
  flag,
  listOf,
  matching,
  oneOf,
  positiveFraction,
  positiveNumber,
  section,
  waitMinutes,
  wholeNumber,
} from '../fields';
import { weekly } from './weekly';

const instance = matching(/^ml\.[a-z][a-z0-9-]{0,15}\.[a-z0-9]{2,16}$/, 'a SageMaker instance type such as ml.g5.xlarge');
const mode = oneOf('real-time', 'serverless', 'async', 'inference-components');

/** SageMaker counts them in seconds. */
const timeout = (leastMinutes: number) => {
  const allowed = `a duration from ${leastMinutes}m to 60m`;
  return durationMinutes.refine((minutes) => minutes >= leastMinutes && minutes <= 60, { error: allowed });
};

const AWAY = 'a duration from 10m to 90d, such as 6h: looks are five minutes apart';
/** Of what is switched off. */
const awayMinutes = durationMinutes.refine((minutes) => minutes >= 10 && minutes <= 90 * 1440, { error: AWAY });

const counts = section({ min: wholeNumber(0, 1000), max: wholeNumber(1, 1000) });

const serverless = section({
  memoryMb: wholeNumber(1024, 6144),
  maxConcurrency: wholeNumber(1, 200).default(20),
  provisionedConcurrency: wholeNumber(1, 200).optional(),
});

const component = section({
  memoryMb: wholeNumber(128, 4_000_000),
  cpus: positiveNumber.optional(),
  accelerators: wholeNumber(1, 16).optional(),
  copies: counts,
});

const schedule = section({
  name: matching(/^[a-z][a-z0-9-]{0,31}$/, 'at most 32 of a-z, 0-9 and -, starting with a letter'),
  ...weekly,
  instances: counts,
});

/** How many instances run, between `instances.min` and `instances.max`. */
const scaling = section({
  on: oneOf('invocations', 'concurrency', 'backlog').optional(),
  target: positiveNumber,
  scaleOutCooldown: waitMinutes.default(1),
  scaleInCooldown: waitMinutes.default(10),
  schedules: listOf(schedule, 'schedules { name, days, from, to, timezone, instances }', 0, 10).default([]),
});

export const officeHours = section({
  ...weekly,
  outside: oneOf('off', 'min').default('off'),
  warmUp: waitMinutes.default(30),
});

const idle = section({
  after: awayMinutes,
  then: oneOf('notify', 'off').default('notify'),
  wake: oneOf('on-traffic', 'by-hand').default('on-traffic'),
});

const contentTypes = listOf(matching(/^[\w.+-]{1,64}\/[\w.+-]{1,64}$/, 'a content type such as application/json'), 'content types', 0, 10);

const capture = section({
  sampling: positiveFraction.default(1),
  json: contentTypes.default(['application/json']),
  csv: contentTypes.default(['text/csv']),
});

/** An S3 prefix is scored by the stable release's model at fixed times. */
const batch = section({
  schedule: matching(/^(cron|rate)\(.{3,100}\)$/, 'a schedule such as cron(0 3 * * ? *) or rate(1 day)'),
  input: matching(/^s3:\/\/[a-z0-9.-]{3,63}\/\S{1,900}$/, 's3://bucket/prefix'),
  output: matching(/^s3:\/\/[a-z0-9.-]{3,63}\/\S{1,900}$/, 's3://bucket/prefix'),
  instance: instance.optional(),
  instances: wholeNumber(1, 100).default(1),
  contentType: matching(/^[\w.+-]{1,64}\/[\w.+-]{1,64}$/, 'a content type such as application/jsonlines').default('application/jsonlines'),
});

const shape = {
  mode: mode.optional(),
  instance: instance.optional(),
  /** In the place of `instance`: the first is tried first. */
  pools: listOf(instance, 'instance types', 2, 5).optional(),
  instances: counts.optional(),
  volumeGb: wholeNumber(1, 16384).optional(),
  timeouts: section({ download: timeout(1).optional(), startup: timeout(1).optional(), provision: timeout(5).optional() }).optional(),
  routing: oneOf('least-outstanding', 'random', 'prefix-aware').optional(),
  serverless: serverless.optional(),
  async: section({ concurrentPerInstance: wholeNumber(1, 1000).optional() }).optional(),
  component: component.optional(),
  /** The gateway hands the answer on while the model still writes it. */
  streaming: flag.optional(),
  networkIsolation: flag.optional(),
  capture: capture.optional(),
  scaling: scaling.optional(),
  officeHours: officeHours.optional(),
  idle: idle.optional(),
  /** So long after its promotion an experiment is switched off. */
  timeToLive: awayMinutes.optional(),
  batch: batch.optional(),
};

/** Which keys belong to which mode: `serving-checks.ts`. */
export const serving = section(shape).transform(({ mode: chosen, instances, ...rest }) => ({
  mode: chosen ?? ('real-time' as const),
  instances: instances ?? { min: 1, max: 1 },
  ...rest,
}));

/** What a profile lays over `serving`. */
export const servingOverlay = section(shape);

export type Serving = z.output<typeof serving>;
