import type { Arm, DecisionObserved, KpiObserved, KpiPolicy, RejectionReason } from '../../core/contracts';

/** To which comparison, unit, arm and minute an observation belongs. */
export interface Attribution {
  releaseId: string;
  unitKey: string;
  arm: Arm;
  exposureMinuteMillis: number;
}

export interface DecisionWork {
  kind: 'decision';
  messageId: string;
  decision: DecisionObserved;
  of: Attribution;
}

export interface KpiWork {
  kind: 'kpi';
  messageId: string;
  event: KpiObserved;
  policy: KpiPolicy;
  revision: number;
  of: Attribution;
  /** What the producer sent. */
  body: string;
  arrivedAtMillis: number;
}

/** An observation that is to be counted. */
export type Work = DecisionWork | KpiWork;

/** One that is kept instead, with why. */
export interface Rejection {
  kind: 'rejected';
  /** The message that it came with; a message can hold many events. */
  messageId: string;
  reason: RejectionReason;
  detail: string;
  eventId: string;
  kpi?: string;
  body: string;
  arrivedAtMillis: number;
  /** As it was checked and attributed; missing where it is no event, or of nothing that we answered. */
  event?: KpiObserved;
  /** Of late events: where an earlier copy stands, if it was counted. */
  late?: { of: Attribution; revision: number };
}

export function rejectionOf(
  {
    messageId,
    event,
    body,
    arrivedAtMillis,
    of,
  }: Pick<KpiWork, 'messageId' | 'event' | 'body' | 'arrivedAtMillis'> & Partial<Pick<KpiWork, 'of'>>,
  reason: RejectionReason,
  detail: string,
): Rejection {
  const known = of === undefined ? {} : { event };
  return { kind: 'rejected', messageId, reason, detail, eventId: event.eventId, kpi: event.kpi, body, arrivedAtMillis, ...known };
}
