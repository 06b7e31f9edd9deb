import * as z from 'zod';
import { duration, share } from './kpi-events-schema';

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
  /** Which changes of an endpoint it strikes; default: those that can fail so. */
  during: z.enum(['CreateEndpoint', 'UpdateEndpoint', 'UpdateEndpointWeightsAndCapacities']).optional(),
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

/** The actions of alarms do not run; their states change, and are told, as ever. */
const alarmFault = z.strictObject({
  at: duration,
  alarm: z.literal('mute'),
  /** Part of the alarm's name; default: every alarm. */
  name: z.string().optional(),
  for: duration.optional(),
});

/** Somebody has switched a rule off. */
const ruleFault = z.strictObject({
  at: duration,
  /** The rule's construct path, or its end. */
  rule: z.string(),
  state: z.literal('disabled'),
  for: duration.optional(),
});

/** The disks of all endpoints are full: SageMaker captures nothing more, and says nothing. */
const captureFault = z.strictObject({
  at: duration,
  capture: z.literal('stops'),
  for: duration.optional(),
});

/** What can go wrong in any application. */
const COMMON = [
  functionFault,
  coldStartFault,
  deliveryFault,
  serviceFault,
  batchFault,
  slowFault,
  endpointFault,
  metricsFault,
  alarmFault,
  ruleFault,
] as const;

export const applicationFaultSchema = z.union(COMMON);

export const faultSchema = z.union([...COMMON, kpiFault, captureFault]);
