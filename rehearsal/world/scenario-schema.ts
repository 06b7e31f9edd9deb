import * as z from 'zod';
import { duration, kpiEventsSchema, share } from './kpi-events-schema';

const model = z.union([z.string(), z.strictObject({ url: z.url() })]);

const arm = z.strictObject({
  model,
  /** Latency of the container, log-normal through these two points. */
  latencyMs: z.strictObject({ p50: z.number().positive(), p95: z.number().positive() }).default({ p50: 40, p95: 120 }),
  /** Share of requests that the container answers with status 500, besides those where its model throws. */
  errorRate: share.default(0),
  /** Merged over the charter's `release` for this arm. */
  release: z.record(z.string(), z.unknown()).optional(),
});

/** How often a fault strikes: without `for` from `at` on, without `times` whenever it can, with `share` by chance. */
const often = {
  at: duration,
  for: duration.optional(),
  times: z.number().int().positive().optional(),
  share: share.optional(),
};

const failingCall = {
  ...often,
  service: z.string(),
  /** `*`: every operation of the service. */
  operation: z.string(),
  /** ARN (wildcards allowed) or construct path, or the end of one, of what the call is about. */
  resource: z.string().optional(),
};

const serviceFault = z.strictObject({
  ...failingCall,
  /** `timeout`: no answer comes. */
  error: z.string(),
  /** Whether the call does its work before it fails. */
  effect: z.enum(['before', 'after']).optional(),
  slow: duration.optional(),
});

const slowFault = z.strictObject({ ...failingCall, slow: duration });

const batchFault = z.strictObject({
  ...failingCall,
  error: z.string(),
  /** Share of a batch's entries that fail while the others succeed. */
  entries: share,
  slow: duration.optional(),
});

const functionFault = z.strictObject({
  ...often,
  service: z.literal('lambda'),
  /** The function's construct path, or its end. */
  function: z.string(),
  error: z.enum(['crash', 'timeout']),
  /** crash: so many requests of the handler are answered first. */
  afterCalls: z.number().int().positive().optional(),
});

const coldStartFault = z.strictObject({
  ...often,
  service: z.literal('lambda'),
  function: z.string(),
  start: z.literal('cold'),
  /** How long the new environment takes to start. */
  slow: duration.optional(),
});

const deliveryFault = z.strictObject({
  ...often,
  service: z.enum(['sqs', 'eventbridge']),
  deliver: z.enum(['duplicate', 'out-of-order']),
  /** ARN or construct path, or the end of one, of the queue or the rule. */
  resource: z.string(),
  /** Longest delay of the copy, or of what is held back. */
  by: duration.default(30_000),
});

const kpiFault = z.strictObject({
  at: duration,
  kpi: z.enum(['duplicate', 'delay']),
  share: share.default(1),
  by: duration.optional(),
  for: duration.optional(),
});

const endpointFault = z.strictObject({
  at: duration,
  endpoint: z.enum(['capacity', 'silent-rollback', 'rollback-failed', 'hang']),
  times: z.number().int().positive().default(1),
});

const metricsFault = z.strictObject({
  at: duration,
  /** Data points show in CloudWatch `by` later. */
  metrics: z.literal('delay'),
  by: duration,
  for: duration.optional(),
  namespace: z.string().optional(),
  metric: z.string().optional(),
});

const action = z.strictObject({
  at: duration,
  do: z.enum(['deploy', 'approve', 'reject', 'rollback', 'kill', 'revive', 'destroy']),
  /** deploy: the arm whose release the charter names. */
  release: z.string().optional(),
  /** deploy: merged over the charter, such as `{ tags: { team: other } }`. */
  change: z.record(z.string(), z.unknown()).optional(),
  /** The owner's role that acts. */
  as: z.string().default('platform'),
  reason: z.string().default('scenario'),
});

const person = z.strictObject({
  role: z.string(),
  after: duration,
  decision: z.enum(['approve', 'reject']),
  comment: z.string().optional(),
  /** Which request: before traffic, or after an inconclusive canary. */
  kind: z.enum(['release', 'inconclusive']).default('release'),
});

const expectation = z.strictObject({
  outcome: z.enum(['promoted', 'rolled-back', 'rejected', 'held', 'superseded', 'withdrawn', 'killed', 'none']).optional(),
  within: duration.optional(),
  candidateRequestsAtMost: z.number().int().nonnegative().optional(),
  candidateRequestsAtLeast: z.number().int().nonnegative().optional(),
  culprit: z.string().optional(),
  failedRequestsAtMost: z.number().int().nonnegative().optional(),
  /** A second deploy leaves the control record's weights and the endpoint's config as they are. */
  weightsUnmovedByDeploy: z.boolean().optional(),
});

export const scenarioSchema = z.strictObject({
  title: z.string(),
  start: z.iso.datetime().default('2026-03-02T09:00:00Z'),
  duration,
  traffic: z.strictObject({
    perMinute: z.number().positive().max(6000),
    daily: share.default(0),
    source: z.string().optional(),
  }),
  given: z.strictObject({ stable: z.literal('promoted').optional() }).default({}),
  arms: z.record(z.string(), arm),
  outcomes: z.string().optional(),
  kpiEvents: kpiEventsSchema.prefault({}),
  people: z.array(person).default([]),
  faults: z
    .array(
      z.union([functionFault, coldStartFault, deliveryFault, serviceFault, batchFault, slowFault, kpiFault, endpointFault, metricsFault]),
    )
    .default([]),
  actions: z.array(action).default([]),
  expect: expectation.default({}),
});

export type Scenario = z.output<typeof scenarioSchema>;
export type ScenarioFault = Scenario['faults'][number];
export type ScenarioAction = Scenario['actions'][number];
export type ScenarioArm = Scenario['arms'][string];
export type ScenarioPerson = Scenario['people'][number];
