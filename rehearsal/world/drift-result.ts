import { ledgerKeys, type DriftState, type QualityMeasure, type RetrainingStatus, type RetrainingTrigger } from '../../core/contracts';
import type { History } from './history';
import { driftingFeatures, driftLookOf } from './told-drift';

/** What the last look said. */
export interface DriftResult {
  state: DriftState;
  reason: string;
  hour: string;
  features: string[];
  quality: Pick<QualityMeasure, 'measure' | 'value' | 'labels' | 'passed'>[];
}

export interface RetrainingResult {
  id: string;
  trigger: RetrainingTrigger;
  status: RetrainingStatus;
  /** How it ended, else why it began. */
  reason: string;
  requestedAtSeconds: number;
  endedAtSeconds?: number;
}

/** Where drift is watched, or somebody retrains. */
export function driftResult({ ledger, retrainings, startMillis }: Pick<History, 'ledger' | 'retrainings' | 'startMillis'>): {
  drift?: DriftResult;
  retrainings?: RetrainingResult[];
} {
  const { pk, sk } = ledgerKeys.drift();
  const look = driftLookOf(ledger.get(`${pk}|${sk}`));
  const seconds = (iso: string): number => Math.round((Date.parse(iso) - startMillis) / 1000);
  return {
    ...(look === undefined
      ? {}
      : {
          drift: {
            state: look.state,
            reason: look.reason,
            hour: look.hour,
            features: driftingFeatures(look),
            quality: look.quality.map(({ measure, value, labels, passed }) => ({ measure, value, labels, passed })),
          },
        }),
    ...(retrainings.length === 0
      ? {}
      : {
          retrainings: retrainings.map(({ id, trigger, status, reason, outcome, requestedAt, endedAt }) => ({
            id,
            trigger,
            status,
            reason: outcome ?? reason,
            requestedAtSeconds: seconds(requestedAt),
            ...(endedAt === undefined ? {} : { endedAtSeconds: seconds(endedAt) }),
          })),
        }),
  };
}
