import type { RetrainingRecord, RetrainingStatus, RetrainingTrigger } from '../contracts';

const ASKED: Record<RetrainingTrigger, string> = {
  drift: 'drift',
  kpi: 'a KPI that moved',
  schedule: 'its schedule',
  operator: 'an owner',
};

export const begunSubject = ({ id, trigger, parentReleaseId }: RetrainingRecord): string =>
  `retraining ${id} begins: ${ASKED[trigger]} asks for a successor of ${parentReleaseId}`;

export const refusedSubject = (trigger: RetrainingTrigger): string => `no retraining, although ${ASKED[trigger]} asks for it`;

const ENDED: Partial<Record<RetrainingStatus, string>> = {
  registered: 'registered its model',
  refused: 'had nothing to train on',
  rejected: 'made a model that is not taken',
  failed: 'failed',
};

export const endedSubject = ({ id, status }: RetrainingRecord): string => `retraining ${id} ${ENDED[status] ?? status}`;

/** What people must do, if anything. */
export const isTrouble = (status: RetrainingStatus): boolean => status === 'failed';

export const hasEnded = (status: RetrainingStatus): boolean => status in ENDED;
