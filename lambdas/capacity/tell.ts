import type { Act } from '../../core/capacity';
import type { ControlRecord, Notification } from '../../core/contracts';
import { logger } from '../shared/telemetry';
import type { CapacityParts } from './parts';

type Said = Pick<Notification, 'event' | 'severity' | 'subject' | 'facts'>;

/** What was done stands even when nobody can be told. */
async function tell({ notify }: Pick<CapacityParts, 'notify'>, control: ControlRecord, said: Said): Promise<void> {
  const { stable, mode, version } = control;
  try {
    await notify({
      ...said,
      roles: [],
      runbook: 'parked',
      ...(stable === undefined ? {} : { releaseId: stable.releaseId }),
      facts: { ...said.facts, mode, version },
    });
  } catch (error) {
    logger.error('The owners could not be notified', { error, subject: said.subject });
  }
}

export function tellParked(parts: CapacityParts, control: ControlRecord, why: string): Promise<void> {
  const { parked } = control;
  return tell(parts, control, {
    event: 'EndpointParked',
    severity: 'info',
    subject: `endpoint switched off, the baseline answers: ${why}`,
    facts: { reason: parked?.reason, by: parked?.by, wakesOnTraffic: parked?.wakesOnTraffic },
  });
}

export function tellWoken(parts: CapacityParts, control: ControlRecord, why: string): Promise<void> {
  return tell(parts, control, {
    event: 'EndpointWoken',
    severity: 'info',
    subject: `endpoint switched on again, ${control.stable?.releaseId} answers: ${why}`,
    facts: { by: control.changedBy },
  });
}

/** Looks are five minutes apart, and a start takes about as long. */
const PAGED_AFTER_FAILURES = 6;

export async function tellNotWoken(parts: CapacityParts, control: ControlRecord, failures: number, why: string): Promise<void> {
  if (failures !== 1 && failures !== PAGED_AFTER_FAILURES) return;
  await tell(parts, control, {
    event: 'EndpointNotWoken',
    severity: failures === 1 ? 'warning' : 'page',
    subject: `the endpoint could not be switched on (${failures} times), the baseline answers`,
    facts: { reason: why, failures },
  });
}

export function tellNotice(parts: CapacityParts, control: ControlRecord, { notice, why }: Extract<Act, { do: 'tell' }>): Promise<void> {
  const said: Record<typeof notice, Said> = {
    idle: { event: 'EndpointIdle', severity: 'warning', subject: `the endpoint is idle, and billed: ${why}`, facts: { reason: why } },
    'idle-soon': { event: 'EndpointIdle', severity: 'warning', subject: `the endpoint is idle: ${why}`, facts: { reason: why } },
    'not-parkable': { event: 'EndpointKeptSmall', severity: 'info', subject: why, facts: { reason: why } },
  };
  return tell(parts, control, said[notice]);
}
