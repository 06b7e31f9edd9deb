import type { Catcher, Flow, Retrier, State } from './definition';
import { checkTarget, invalid, onlyFields } from './definition-errors';

const CATCHER_FIELDS = ['ErrorEquals', 'Next', 'Assign', 'Comment'];
const RETRIER_FIELDS = ['ErrorEquals', 'IntervalSeconds', 'MaxAttempts', 'BackoffRate', 'MaxDelaySeconds', 'JitterStrategy', 'Comment'];
/** The longest interval and the most attempts that AWS takes. */
const MOST = 99_999_999;
const MOST_DELAY_SECONDS = 31_622_400;

/** Retry and Catch as AWS takes them. */
export function checkHandling(at: string, flow: Flow, state: State): void {
  const { Retry: retriers = [], Catch: catchers = [] } = state;
  for (const [index, retrier] of retriers.entries()) {
    const place = `${at}/Retry[${index}]`;
    onlyFields(place, retrier, RETRIER_FIELDS);
    checkErrors(place, retrier.ErrorEquals, index === retriers.length - 1);
    checkRetrier(place, retrier);
  }
  for (const [index, catcher] of catchers.entries()) {
    const place = `${at}/Catch[${index}]`;
    onlyFields(place, catcher, [...CATCHER_FIELDS, state.QueryLanguage === 'JSONata' ? 'Output' : 'ResultPath']);
    checkCatcher(place, flow, catcher, index === catchers.length - 1);
  }
}

function checkCatcher(place: string, flow: Flow, catcher: Catcher, last: boolean): void {
  checkErrors(place, catcher.ErrorEquals, last);
  checkTarget(place, flow, catcher.Next);
}

function checkErrors(place: string, names: unknown, last: boolean): void {
  if (!Array.isArray(names) || names.length === 0) throw invalid(`${place} needs ErrorEquals`);
  if (names.includes('States.ALL') && (names.length > 1 || !last))
    throw invalid(`States.ALL must stand alone in ErrorEquals, and in the last of its kind, at ${place}/ErrorEquals`);
}

function checkRetrier(place: string, retrier: Retrier): void {
  const { IntervalSeconds: interval, MaxAttempts: attempts, BackoffRate: rate, MaxDelaySeconds: delay, JitterStrategy: jitter } = retrier;
  checkWhole(place, 'IntervalSeconds', interval, 1, MOST);
  checkWhole(place, 'MaxAttempts', attempts, 0, MOST);
  // The interval may be longer: the delay caps the first wait as well.
  checkWhole(place, 'MaxDelaySeconds', delay, 1, MOST_DELAY_SECONDS);
  if (rate !== undefined && (typeof rate !== 'number' || rate < 1)) throw invalid(`${place}: BackoffRate must be at least 1, got ${rate}`);
  if (jitter !== undefined && !['FULL', 'NONE'].includes(jitter))
    throw invalid(`${place}: JitterStrategy must be FULL or NONE, got ${String(jitter)}`);
}

function checkWhole(place: string, field: string, value: number | undefined, least: number, most: number): void {
  if (value !== undefined && (!Number.isInteger(value) || value < least || value > most))
    throw invalid(`${place}: ${field} must be a whole number from ${least} to ${most}, got ${String(value)}`);
}
