import * as z from 'zod';
import type { KpiObserved } from '../contracts';

export const KPI_SCHEMA = 'sluice.kpi/v1';
export const KPI_BATCH_SCHEMA = 'sluice.kpi-batch/v1';

const SCHEMA_URL = 'https://github.com/cdk-sluice/cdk-sluice/blob/main/constructs-docs/kpi-event.schema.json';

const time = z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time with Z or an offset, such as 2026-03-02T09:05:00Z' });

/** Each of them says to which arm the outcome belongs. */
const ATTRIBUTIONS: (keyof KpiObserved)[][] = [['decisionId'], ['inferenceId'], ['variant', 'decidedAt']];

/** One KPI event, version 1. The published JSON Schema is made of it. Members it does not name are ignored. */
export const kpiEventSchema = z
  .object({
    schema: z.literal(KPI_SCHEMA),
    useCase: z.string().min(1).max(64).describe('Name of the use case'),
    eventId: z.string().min(1).max(128).describe('Chosen by the producer: sent again under the same id, an event is counted once'),
    kpi: z.string().min(1).max(64).describe('Name of the KPI in the charter'),
    decisionId: z.string().min(1).max(256).optional().describe('Header x-sluice-decision-id of the answer that the outcome belongs to'),
    inferenceId: z.string().min(1).max(256).optional().describe('The same id, as the data capture of SageMaker calls it'),
    variant: z.string().min(1).max(63).optional().describe('Production variant that answered; only for KPIs whose attribution is variant'),
    decidedAt: time.optional().describe('When the variant answered'),
    unit: z
      .string()
      .min(1)
      .max(1024)
      .optional()
      .describe('Unit that the variant answered, such as a user; without it the event is a unit of its own'),
    value: z
      .union([z.boolean(), z.number().min(0)])
      .describe('binary: 0, 1, false or true; mean: an amount from 0; count: a whole number from 0'),
    truth: z
      .union([z.string().min(1).max(256), z.number(), z.boolean()])
      .optional()
      .describe('What the model should have answered, where it is known: a label or an amount; kept for quality and retraining'),
    observedAt: time.describe('When it was observed'),
    revision: z
      .int()
      .min(0)
      .optional()
      .describe('A higher revision takes the place of what was observed of the same unit and KPI; default 0'),
  })
  .refine((event) => ATTRIBUTIONS.some((names) => names.every((name) => event[name] !== undefined)), {
    error: 'says neither decisionId nor inferenceId, nor variant with decidedAt: no arm can be told',
  }) satisfies z.ZodType<KpiObserved>;

/** What is published as constructs-docs/kpi-event.schema.json. */
export function kpiEventJsonSchema(): object {
  return {
    $id: SCHEMA_URL,
    title: 'KPI event of Sluice, version 1',
    ...z.toJSONSchema(kpiEventSchema, { io: 'input' }),
    anyOf: ATTRIBUTIONS.map((required) => ({ required })),
  };
}
