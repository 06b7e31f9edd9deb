import type { ExpectationOutcome } from '../result';
import type { Sight } from '../sight';
import { outcome } from './outcome';

type Wanted = Sight['scenario']['expect']['alarms'][number];

const minutes = (millis: number): string => `${Math.round(millis / 6000) / 10} min`;

/** Each of `was`, `never` and `is` is an expectation of its own. */
export const expectedAlarms = (sight: Sight): ExpectationOutcome[] =>
  sight.scenario.expect.alarms.flatMap((wanted, index) => alarm(sight, wanted, `expect.alarms[${index}]`));

function alarm({ places, laptop, watch, startMillis }: Sight, wanted: Wanted, where: string): ExpectationOutcome[] {
  const name = places.at(wanted.alarm, 'alarm')?.ref;
  const standing = laptop.cloudWatch.alarms().find((one) => one.name === name);
  if (standing === undefined) return [outcome(where, `alarm ${wanted.alarm}`, false, 'it is not deployed')];
  const changes = watch.alarmChanges.filter((change) => change.alarm === name);
  const atStart = changes.findLast(({ atMillis }) => atMillis < startMillis)?.state ?? 'INSUFFICIENT_DATA';
  const since = [{ atMillis: startMillis, state: atStart }, ...changes.filter(({ atMillis }) => atMillis >= startMillis)];
  const told = since.map(({ atMillis, state }) => `${state} at ${minutes(atMillis - startMillis)}`).join(', ');
  const { was, within, never, is } = wanted;
  const results: ExpectationOutcome[] = [];
  if (was !== undefined) {
    const lastMillis = within === undefined ? Number.POSITIVE_INFINITY : startMillis + within;
    const held = since.some(({ state, atMillis }) => state === was && atMillis <= lastMillis);
    const text = `alarm ${wanted.alarm} was in ${was}${within === undefined ? '' : ` within ${minutes(within)}`}`;
    results.push(outcome(where, text, held, told));
  }
  if (never !== undefined)
    results.push(outcome(where, `alarm ${wanted.alarm} was never in ${never}`, !since.some(({ state }) => state === never), told));
  if (is !== undefined)
    results.push(outcome(where, `alarm ${wanted.alarm} is in ${is}`, standing.state === is, `${standing.state}: ${standing.reason}`));
  return results;
}
