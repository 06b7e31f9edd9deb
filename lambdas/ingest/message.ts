import type { SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { NO_RELEASE } from '../../core/assignment';
import type { DecisionObserved, KpiObserved, KpiPolicy, RejectionReason } from '../../core/contracts';
import { type DecisionIdReading, type Keyring, readDecisionId } from '../../core/decision-id';

export type Attribution = Extract<DecisionIdReading, { ok: true }>;

/** A message that is to be counted. */
export type Work =
  | { kind: 'decision'; messageId: string; decision: DecisionObserved; of: Attribution }
  | { kind: 'kpi'; messageId: string; event: KpiObserved; happened: boolean; of: Attribution; body: string; arrivedAtMillis: number };

export type KpiWork = Extract<Work, { kind: 'kpi' }>;

/** A message that is kept instead, with why. */
export interface Rejection {
  kind: 'rejected';
  messageId: string;
  reason: RejectionReason;
  detail: string;
  eventId: string;
  kpi?: string;
  body: string;
  arrivedAtMillis: number;
}

export interface Rules {
  useCase: string;
  kpis: KpiPolicy[];
  keyring: Keyring;
}

const MINUTE_MILLIS = 60_000;

const decisionSchema = z.object({
  kind: z.literal('decision'),
  decisionId: z.string(),
  useCase: z.string(),
  releaseId: z.string(),
  arm: z.enum(['baseline', 'stable', 'candidate']),
  servedRelease: z.string(),
  fallback: z.boolean(),
  failed: z.boolean(),
  unitKey: z.string(),
  decidedAt: z.string(),
  latencyMillis: z.number(),
  controlVersion: z.number(),
  requestHash: z.string(),
  responseHash: z.string(),
});

const kpiSchema = z.object({
  schema: z.literal('sluice.kpi/v1'),
  useCase: z.string(),
  eventId: z.string().min(1).max(128),
  kpi: z.string(),
  decisionId: z.string(),
  value: z.union([z.boolean(), z.literal(0), z.literal(1)]),
  observedAt: z.string().refine((text) => Number.isFinite(Date.parse(text)), 'not an ISO 8601 time'),
});

const envelopeSchema = z.object({ 'detail-type': z.literal('KpiObserved'), detail: z.unknown() });

export function readMessage(record: SQSRecord, rules: Rules): Work | Rejection {
  const { messageId, body } = record;
  const arrivedAtMillis = Number(record.attributes.SentTimestamp);
  const rejected = (reason: RejectionReason, detail: string, event: Partial<KpiObserved> = {}, text = body): Rejection => ({
    kind: 'rejected',
    messageId,
    reason,
    detail,
    eventId: typeof event.eventId === 'string' ? event.eventId.slice(0, 128) : messageId,
    ...(typeof event.kpi === 'string' ? { kpi: event.kpi } : {}),
    body: text,
    arrivedAtMillis,
  });
  const json = parsed(body);
  const decision = decisionSchema.safeParse(json);
  if (decision.success) {
    return readDecision(messageId, decision.data, rules, rejected);
  }
  const envelope = envelopeSchema.safeParse(json);
  if (!envelope.success) {
    return rejected('malformed', 'Neither a decision nor an EventBridge event with detail-type KpiObserved');
  }
  const { detail } = envelope.data;
  // The envelope differs each time an event is sent: only what the producer sent is kept.
  const text = JSON.stringify(detail);
  const event = kpiSchema.safeParse(detail);
  if (!event.success) {
    return rejected('malformed', z.prettifyError(event.error), (detail ?? {}) as Partial<KpiObserved>, text);
  }
  return readKpi({ messageId, body: text, arrivedAtMillis }, event.data, rules, (reason, why) => rejected(reason, why, event.data, text));
}

function readDecision(
  messageId: string,
  decision: DecisionObserved,
  rules: Rules,
  rejected: (reason: RejectionReason, detail: string) => Rejection,
): Work | Rejection {
  if (decision.useCase !== rules.useCase) {
    return rejected('wrong-use-case', `Belongs to '${decision.useCase}', this is '${rules.useCase}'`);
  }
  const of = readDecisionId(rules.keyring, decision.decisionId);
  if (!of.ok) {
    return rejected('bad-decision-id', of.reason);
  }
  if (of.releaseId !== decision.releaseId || of.arm !== decision.arm || of.unitKey !== decision.unitKey) {
    return rejected('bad-decision-id', 'The decision does not say what its signed id says');
  }
  return { kind: 'decision', messageId, decision, of };
}

function readKpi(
  message: { messageId: string; body: string; arrivedAtMillis: number },
  event: KpiObserved,
  rules: Rules,
  rejected: (reason: RejectionReason, detail: string) => Rejection,
): Work | Rejection {
  if (event.useCase !== rules.useCase) {
    return rejected('wrong-use-case', `Belongs to '${event.useCase}', this is '${rules.useCase}'`);
  }
  const policy = rules.kpis.find(({ name }) => name === event.kpi);
  if (policy === undefined) {
    return rejected('unknown-kpi', `The charter has ${rules.kpis.map(({ name }) => name).join(', ')}`);
  }
  const of = readDecisionId(rules.keyring, event.decisionId ?? '');
  if (!of.ok) {
    return rejected('bad-decision-id', of.reason);
  }
  if (of.releaseId === NO_RELEASE) {
    return rejected('no-comparison', 'The decision was made before the first release');
  }
  const closesAtMillis = of.exposureMinuteMillis + (1 + policy.windowMinutes) * MINUTE_MILLIS;
  if (Math.max(message.arrivedAtMillis, Date.parse(event.observedAt)) > closesAtMillis) {
    return rejected('late', `The window of ${policy.windowMinutes} minutes closed at ${new Date(closesAtMillis).toISOString()}`);
  }
  return { kind: 'kpi', ...message, event, happened: Number(event.value) === 1, of };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
