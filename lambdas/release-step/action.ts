import * as z from 'zod';
import type { DescribedConfig } from '../../core/release/sagemaker';

const releaseId = z.string().min(1);
const OUTCOMES = ['promoted', 'rolled-back', 'rejected', 'held', 'superseded', 'withdrawn', 'killed'] as const;

const described = z
  .object({ EndpointConfigName: z.string(), ProductionVariants: z.array(z.object({ VariantName: z.string() }).loose()) })
  .loose()
  .transform((config) => config as DescribedConfig);

const actionSchema = z.discriminatedUnion('action', [
  z.object({ action: z.literal('register'), releaseId, executionArn: z.string() }),
  z.object({ action: z.literal('plan'), releaseId, currentConfig: described.optional() }),
  z.object({ action: z.literal('dark'), releaseId }),
  z.object({ action: z.literal('hold'), releaseId, reason: z.string().optional() }),
  z.object({ action: z.literal('open-step'), releaseId, index: z.int().nonnegative(), taskToken: z.string().min(1) }),
  z.object({ action: z.literal('promote'), releaseId, by: z.string(), reason: z.string() }),
  z.object({
    action: z.literal('finish'),
    releaseId,
    outcome: z.enum(OUTCOMES),
    stage: z.string(),
    reason: z.string(),
    culprit: z.string().nullish(),
    endpointConfigName: z.string().nullish(),
  }),
  z.object({ action: z.literal('teardown-plan') }),
  z.object({
    action: z.literal('answer-cloudformation'),
    responseUrl: z.url(),
    stackId: z.string(),
    requestId: z.string(),
    logicalResourceId: z.string(),
    physicalResourceId: z.string(),
    status: z.enum(['SUCCESS', 'FAILED']),
    reason: z.string().optional(),
  }),
]);

export type Action = z.infer<typeof actionSchema>;
export type ActionOf<Name extends Action['action']> = Extract<Action, { action: Name }>;

export function readAction(event: unknown): Action {
  const parsed = actionSchema.safeParse(event);
  if (!parsed.success) {
    throw new Error(`The workflow sent something else than an action of release-step: ${z.prettifyError(parsed.error)}`);
  }
  return parsed.data;
}
