import { BadInputError } from '../errors';
import type { CapacityBounds, ScalingWish } from './wish';

const MAX_COOLDOWN_SECONDS = 3600;
/** Application Auto Scaling takes no more scheduled actions for one target. */
const MAX_SCHEDULES = 100;

/** Refuses what Application Auto Scaling would refuse. */
export function checkWish(wish: ScalingWish): void {
  const { resource, mode, bounds, schedules, tracking } = wish;
  if (mode === 'serverless') {
    throw new BadInputError('A serverless endpoint has no instances to scale: leave scaling out, SageMaker scales it by itself.');
  }
  if ((resource.kind === 'component') !== (mode === 'inference-components')) {
    throw new BadInputError(
      `Of mode ${mode} a ${resource.kind} is not scaled: copies of components with inference-components, else instances of a variant.`,
    );
  }
  checkBounds('bounds', bounds);
  if (schedules.length > MAX_SCHEDULES)
    throw new BadInputError(`There are ${schedules.length} schedules: at most ${MAX_SCHEDULES} are allowed.`);
  for (const { name, window, bounds: scheduled, warmUpMinutes } of schedules) {
    checkBounds(`schedule '${name}'`, scheduled);
    const { fromMinute, toMinute, days } = window;
    if (!(fromMinute >= 0 && fromMinute < toMinute && toMinute <= 1440))
      throw new BadInputError(
        `Schedule '${name}' goes from minute ${fromMinute} to ${toMinute} of a day: from 0, to at most 1440, the end after the beginning.`,
      );
    if (days.length === 0 || days.some((day) => !Number.isInteger(day) || day < 1 || day > 7))
      throw new BadInputError(`Schedule '${name}' has days ${JSON.stringify(days)}: name at least one of 1 (Monday) to 7 (Sunday).`);
    if (!(warmUpMinutes >= 0 && warmUpMinutes <= 1440))
      throw new BadInputError(`Schedule '${name}' warms up ${warmUpMinutes} minutes ahead: 0 to 1440 are allowed.`);
  }
  if (tracking === undefined) return;
  if (!(tracking.targetValue > 0)) throw new BadInputError(`The target of scaling is ${tracking.targetValue}: it must be above 0.`);
  for (const [name, seconds] of Object.entries({ scaleOut: tracking.scaleOutCooldownSeconds, scaleIn: tracking.scaleInCooldownSeconds }))
    if (!(seconds >= 0 && seconds <= MAX_COOLDOWN_SECONDS))
      throw new BadInputError(`The ${name} cooldown is ${seconds} s: 0 to ${MAX_COOLDOWN_SECONDS} are allowed.`);
}

function checkBounds(what: string, { min, max }: CapacityBounds): void {
  const areWhole = Number.isInteger(min) && Number.isInteger(max);
  if (!areWhole || min < 0 || max < min) {
    throw new BadInputError(`Capacity of ${what} is ${min} to ${max}: whole numbers from 0 are allowed, the first not above the second.`);
  }
}
