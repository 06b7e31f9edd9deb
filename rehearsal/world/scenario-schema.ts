import * as z from 'zod';
import { durationMillis } from './duration';

const duration = z
  .string()
  .refine((text) => durationMillis(text) !== undefined, 'a duration such as 90s, 30m, 6h or 14d')
  .transform((text) => durationMillis(text) ?? 0);

const share = z.number().min(0).max(1);

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

const serviceFault = z.strictObject({
  at: duration,
  service: z.string(),
  operation: z.string(),
  error: z.string(),
  times: z.number().int().positive().optional(),
  for: duration.optional(),
});

const functionFault = z.strictObject({
  at: duration,
  service: z.literal('lambda'),
  /** The function's construct path, or its end. */
  function: z.string(),
  error: z.enum(['crash', 'timeout']),
  for: duration,
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
  endpoint: z.enum(['capacity', 'silent-rollback', 'hang']),
  times: z.number().int().positive().default(1),
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
  people: z.array(person).default([]),
  faults: z.array(z.union([functionFault, serviceFault, kpiFault, endpointFault])).default([]),
  actions: z.array(action).default([]),
  expect: expectation.default({}),
});

export type Scenario = z.output<typeof scenarioSchema>;
export type ScenarioFault = Scenario['faults'][number];
export type ScenarioAction = Scenario['actions'][number];
export type ScenarioArm = Scenario['arms'][string];
export type ScenarioPerson = Scenario['people'][number];
