import { causeOf, type DriftTold } from '../../core/retraining';
import { logger } from '../shared/telemetry';
import { ask, type Begun } from './ask';
import { type AskParts, isoNow } from './parts';

type Heard = Begun | { started: false; reason: string };

/** What drifted asks for a run, where the charter says so. */
export async function heardDrift(parts: AskParts, useCase: string, told: DriftTold): Promise<Heard> {
  if (useCase !== parts.useCase) return { started: false, reason: `The event is of ${useCase}` };
  const cause = causeOf(told, parts.settings.on);
  if (cause === undefined) return { started: false, reason: 'Nothing of it asks for a run' };
  const { releaseId, state } = told;
  const begun = await ask(parts, {
    ...cause,
    requestedBy: cause.trigger,
    at: isoNow(parts),
    ...(releaseId === undefined ? {} : { releaseId }),
    ...(state === 'broken-input' ? { brokenInput: true } : {}),
  });
  logger.info('Drift was told', { hour: told.hour, ...begun });
  return begun;
}

/** The same time is the same request, however often the scheduler says it. */
export async function heardSchedule(parts: AskParts, time: string): Promise<Heard> {
  const begun = await ask(parts, {
    requestId: `retraining:schedule:${time}`,
    trigger: 'schedule',
    reason: `the schedule ${parts.settings.on.schedule ?? ''}`.trim(),
    requestedBy: 'schedule',
    at: isoNow(parts),
  });
  logger.info('The schedule asks', { time, ...begun });
  return begun;
}
