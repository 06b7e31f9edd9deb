import * as z from 'zod';
import type { DriftState, QualityMeasure, RetrainingStatus } from '../../core/contracts';
import { actionSchema, INCIDENTS, personSchema } from './action-schema';
import { faultSchema } from './fault-schema';
import { happeningSchema } from './happening';
import { duration, kpiEventsSchema, share } from './kpi-events-schema';

const perMinute = z.number().positive().max(6000);

/** Since the scenario's start. */
const window = { from: duration, to: duration };
const inOrder = ({ from, to }: { from: number; to: number }): boolean => to > from;
const IN_ORDER = 'a time in which `to` comes after `from`';

const model = z.union([z.string(), z.strictObject({ url: z.url() })]);

export const armSchema = z.strictObject({
  /** Left out: the arm `trained`, whose models training jobs make. */
  model: model.optional(),
  /** Latency of the container, log-normal through these two points. */
  latencyMs: z.strictObject({ p50: z.number().positive(), p95: z.number().positive() }).default({ p50: 40, p95: 120 }),
  /** Share of requests that the container answers with status 500, besides those where its model throws. */
  errorRate: share.default(0),
  /** Merged over the charter's `release` for this arm. */
  release: z.record(z.string(), z.unknown()).optional(),
});

const said = z.string().min(1);

const DRIFT_STATES = ['ok', 'drifting', 'no-data', 'not-enough-data', 'broken-input'] as const satisfies readonly DriftState[];
const MEASURES = ['accuracy', 'precision', 'recall', 'calibration-error', 'mae'] as const satisfies readonly QualityMeasure['measure'][];
const RETRAINING_STATUSES = [
  'selecting',
  'training',
  'evaluating',
  'approving',
  'registered',
  'refused',
  'rejected',
  'failed',
] as const satisfies readonly RetrainingStatus[];

const incident = z.strictObject({
  kind: z.enum(INCIDENTS),
  status: z.enum(['open', 'acknowledged', 'resolved']).optional(),
  /** Part of the reason. */
  reason: said.optional(),
});

const refusal = z.strictObject({
  /** Such as `approve`, `release`, `registry`. */
  what: z.string(),
  reason: said.optional(),
});

const outcome = z.enum(['promoted', 'rolled-back', 'rejected', 'held', 'superseded', 'withdrawn', 'killed', 'none']);

const expectation = z.strictObject({
  outcome: outcome.optional(),
  /** Of all releases asked for, in their order. */
  outcomes: z.array(outcome).optional(),
  /** Where the last release asked for stood when it ended. */
  stage: z.string().optional(),
  /** Part of the reason for which it ended. */
  reason: said.optional(),
  within: duration.optional(),
  candidateRequestsAtMost: z.number().int().nonnegative().optional(),
  candidateRequestsAtLeast: z.number().int().nonnegative().optional(),
  culprit: z.string().optional(),
  failedRequestsAtMost: z.number().int().nonnegative().optional(),
  /** A second deploy leaves the control record's weights and the endpoint's config as they are. */
  weightsUnmovedByDeploy: z.boolean().optional(),
  timeline: z.array(happeningSchema).optional(),
  incidents: z.array(incident).optional(),
  refusals: z.array(refusal).optional(),
  /** At the end stable's endpoint is switched off, and the baseline answers. */
  parked: z.boolean().optional(),
  /** What the last look at drift said. */
  drift: z
    .strictObject({
      state: z.enum(DRIFT_STATES),
      /** Each of them is among those with a finding. */
      features: z.array(said).optional(),
      /** Measure → whether it is within its limit. */
      quality: z.partialRecord(z.enum(MEASURES), z.boolean()).optional(),
    })
    .optional(),
  retraining: z
    .strictObject({
      /** That began; those that were refused are none. */
      runs: z.number().int().nonnegative().optional(),
      /** How the last one stands, refused ones among them. */
      last: z.enum(RETRAINING_STATUSES).optional(),
    })
    .optional(),
  /** What the month has cost by the ledger, in the price book's currency. */
  spend: z.strictObject({ atLeast: z.number().nonnegative().optional(), atMost: z.number().nonnegative().optional() }).optional(),
});

export const scenarioSchema = z.strictObject({
  title: z.string(),
  start: z.iso.datetime().default('2026-03-02T09:00:00Z'),
  duration,
  traffic: z.strictObject({
    perMinute,
    daily: share.default(0),
    source: z.string().optional(),
    /** Whatever the source needs to know: one module, many kinds of traffic. */
    options: z.record(z.string(), z.unknown()).default({}),
    /** Times without any request. */
    quiet: z.array(z.strictObject(window).refine(inOrder, IN_ORDER)).default([]),
    /** Times with another rate, without the day's rhythm. */
    bursts: z.array(z.strictObject({ ...window, perMinute }).refine(inOrder, IN_ORDER)).default([]),
  }),
  given: z.strictObject({ stable: z.literal('promoted').optional() }).default({}),
  arms: z.record(z.string(), armSchema),
  outcomes: z.string().optional(),
  /** What plays the containers of training jobs, and of the models that they make. */
  training: z.string().optional(),
  /** What foundation models answer where one is asked to judge. */
  judge: z.string().optional(),
  /** Functions of the user's that the stack does not hold, by name: modules that stand in for them. */
  functions: z.record(z.string(), z.string()).default({}),
  /** State machines of the user's that the stack does not hold, by name: files with their definitions. */
  stateMachines: z.record(z.string(), z.string()).default({}),
  /** SageMaker pipelines of the user's, by name: files with their definitions. */
  pipelines: z.record(z.string(), z.string()).default({}),
  /** Objects in buckets that the stack does not hold, such as data sets: `s3://bucket/key` → file. */
  objects: z.record(z.string().regex(/^s3:\/\/[a-z0-9.-]{3,63}\/\S+$/, 's3://bucket/key'), z.string()).default({}),
  kpiEvents: kpiEventsSchema.prefault({}),
  people: z.array(personSchema).default([]),
  faults: z.array(faultSchema).default([]),
  actions: z.array(actionSchema).default([]),
  expect: expectation.default({}),
});

export type Scenario = z.output<typeof scenarioSchema>;
export type ScenarioFault = Scenario['faults'][number];
export type ScenarioAction = Scenario['actions'][number];
export type ScenarioArm = Scenario['arms'][string];
export type ScenarioPerson = Scenario['people'][number];
