import * as z from 'zod';
import { duration, share } from './kpi-events-schema';

const at = duration.describe('When it begins, since the start');
const lasting = duration.optional().describe('How long it lasts; default: to the end');

/** How often a fault strikes: without `for` from `at` on, without `times` whenever it can, with `share` by chance. */
const often = {
  at,
  for: lasting,
  times: z.number().int().positive().optional().describe('How often it strikes at most; default: whenever it can'),
  share: share.optional().describe('Chance with which it strikes, from 0 to 1; default 1'),
};

const failingCall = {
  ...often,
  service: z.string().describe('The AWS service as its SDK client is called, such as dynamodb'),
  operation: z.string().describe('The operation, such as PutItem; *: every operation of the service'),
  resource: z
    .string()
    .optional()
    .describe('What the call is about: ARN (wildcards allowed) or construct path, or the end of one; default: anything'),
};

const slowly = duration.describe('How much later the answer comes');

const serviceFault = z.strictObject({
  ...failingCall,
  error: z.string().describe('The error code that is answered, or a broken connection; timeout: no answer comes'),
  effect: z.enum(['before', 'after']).optional().describe('after: the call did its work, and the caller does not know; default: before'),
  slow: slowly.optional(),
});

const slowFault = z.strictObject({ ...failingCall, slow: slowly });

const batchFault = z.strictObject({
  ...failingCall,
  error: z.string().describe('The error code of the entries that fail'),
  entries: share.describe('Share of a batch’s entries that fail while the others succeed'),
  slow: slowly.optional(),
});

const lambda = z.literal('lambda').describe('Functions');
const functionPath = z.string().describe('The function: its construct path, or the end of one');

const functionFault = z.strictObject({
  ...often,
  service: lambda,
  function: functionPath,
  error: z.enum(['crash', 'timeout']).describe('crash: the process ends; timeout: it hangs until the function’s time is over'),
  afterCalls: z.number().int().positive().optional().describe('crash: so many requests of the handler are answered first'),
});

const coldStartFault = z.strictObject({
  ...often,
  service: lambda,
  function: functionPath,
  start: z.literal('cold').describe('No environment that ran before is used'),
  slow: duration.optional().describe('How long the new environment takes to start; default 250 ms'),
});

const deliveryFault = z.strictObject({
  ...often,
  service: z.enum(['sqs', 'eventbridge']).describe('What a queue, or what a rule delivers'),
  deliver: z.enum(['duplicate', 'out-of-order']).describe('It arrives twice, or is held back while others overtake it'),
  resource: z.string().describe('The queue or the rule: ARN or construct path, or the end of one'),
  by: duration.prefault('30s').describe('Longest delay of the copy, or of what is held back; default 30s'),
});

const kpiFault = z.strictObject({
  at: duration,
  kpi: z.enum(['duplicate', 'delay']),
  share: share.default(1),
  by: duration.optional(),
  for: duration.optional(),
});

const endpointFault = z.strictObject({
  at,
  endpoint: z
    .enum(['capacity', 'silent-rollback', 'rollback-failed', 'hang'])
    .describe('How the next changes of a SageMaker endpoint go wrong'),
  during: z
    .enum(['CreateEndpoint', 'UpdateEndpoint', 'UpdateEndpointWeightsAndCapacities'])
    .optional()
    .describe('Which changes it strikes; default: those that can fail so'),
  times: z.number().int().positive().default(1).describe('How many changes it strikes; default 1'),
});

const metricsFault = z.strictObject({
  at,
  metrics: z.literal('delay').describe('Data points show in CloudWatch later'),
  by: duration.describe('How much later'),
  for: lasting,
  namespace: z.string().optional().describe('Only metrics of this namespace'),
  metric: z.string().optional().describe('Only metrics of this name'),
});

/** The actions of alarms do not run; their states change, and are told, as ever. */
const alarmFault = z.strictObject({
  at,
  alarm: z.literal('mute').describe('Actions of alarms do not run; their states change as ever'),
  name: z.string().optional().describe('Part of the alarm’s name; default: every alarm'),
  for: lasting,
});

/** Somebody has switched a rule off. */
const ruleFault = z.strictObject({
  at,
  rule: z.string().describe('The EventBridge rule: its construct path, or the end of one'),
  state: z.literal('disabled').describe('It delivers nothing'),
  for: lasting,
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
