import type { Arm, KpiObserved } from '../../core/contracts';
import type { KpiEvents } from './kpi-events-schema';
import type { Truth } from './user-modules';

const MINUTE_MILLIS = 60_000;

/** To which decision an outcome belongs, as its producer knows. */
export interface Attributed {
  unit: string;
  decisionId: string;
  /** The release whose comparison the decision belongs to. */
  releaseId: string;
  arm?: Arm;
  decidedAtMillis: number;
  /** The production variant that answered; undefined where it was the baseline. */
  variant?: string;
}

/** One outcome to be told, its first value or a correction. */
export interface Observation {
  kpi: string;
  value: number | boolean;
  revision: number;
  truth?: Truth | undefined;
}

/** The fields by which an event says what it belongs to. */
export function attributionFields(
  of: Attributed,
  { byVariant, identify }: { byVariant: boolean; identify: KpiEvents['identify'] },
): Partial<KpiObserved> {
  if (!byVariant) return { [identify]: of.decisionId };
  return {
    ...(of.variant === undefined ? {} : { variant: of.variant }),
    decidedAt: new Date(of.decidedAtMillis).toISOString(),
    unit: of.unit,
  };
}

/** What a decision id says, without asking whether its signature holds: `<key>.<arm><release>.<minute>.<unit key>.…`. */
export function decisionFields(decisionId: string): { releaseId: string; minuteMillis: number; unitKey: string } {
  const [, release = '', minute = '0', unitKey = ''] = decisionId.split('.');
  return { releaseId: release.slice(1), minuteMillis: Number.parseInt(minute, 36) * MINUTE_MILLIS, unitKey };
}
