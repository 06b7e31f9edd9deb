import { inspect } from 'node:util';
import { describeValue } from '../../core/charter/problem';
import { BadInputError } from '../../core/errors';
import { messageOf, type Outcome, type OutcomesFunction, type TrafficItem, type TrafficSource } from './user-modules';

/** The traffic of a user's module, whose mistakes are told as mistakes of that module. */
export function guardedTraffic(source: TrafficSource, file: string): TrafficSource {
  return {
    next: (moment) => {
      const item: unknown = blamed(() => source.next(moment), `traffic: next() of ${file}`);
      if (typeof (item as TrafficItem | null | undefined)?.unit === 'string') return item as TrafficItem;
      throw new BadInputError(`traffic: next() of ${file} returned ${shown(item)}\n  allowed: { unit: text, request, truth? }`);
    },
  };
}

/** The outcomes of a user's module, whose mistakes are told as mistakes of that module. */
export function guardedOutcomes(outcomes: OutcomesFunction, file: string): OutcomesFunction {
  return (input) => {
    const observed: unknown = blamed(() => outcomes(input), `outcomes: ${file}`);
    if (Array.isArray(observed) && observed.every(isOutcome)) return observed;
    const wrong: unknown = Array.isArray(observed) ? observed.find((one) => !isOutcome(one)) : observed;
    throw new BadInputError(
      [
        `outcomes: ${file} returned ${shown(wrong)}`,
        '  allowed: a list of { kpi: text, value: true, false or a number, delayMinutes: from 0, truth?: text of at most 256 characters, number, true or false, corrections?: [{ value, afterMinutes: from 0, truth? }] }',
      ].join('\n'),
    );
  };
}

function isOutcome(one: unknown): one is Outcome {
  const { kpi, value, delayMinutes, truth, corrections = [] } = (one ?? {}) as Partial<Outcome>;
  const told = typeof kpi === 'string' && isValue(value) && isDelay(delayMinutes) && isTruth(truth);
  return told && Array.isArray(corrections) && corrections.every(isCorrection);
}

const isCorrection = (one: unknown): boolean => {
  const { value, afterMinutes, truth } = (one ?? {}) as { value?: unknown; afterMinutes?: unknown; truth?: unknown };
  return isValue(value) && isDelay(afterMinutes) && isTruth(truth);
};

const LONGEST_TRUTH = 256;
const isTruth = (truth: unknown): boolean =>
  truth === undefined || isValue(truth) || (typeof truth === 'string' && truth.length <= LONGEST_TRUTH);

const isValue = (value: unknown): boolean => typeof value === 'boolean' || Number.isFinite(value);

const isDelay = (minutes: unknown): boolean => Number.isFinite(minutes) && (minutes as number) >= 0;

/** Runs code of a user's module; what it throws names the module. */
function blamed<T>(run: () => T, what: string): T {
  try {
    return run();
  } catch (error) {
    throw new BadInputError(`${what} failed: ${messageOf(error)}`, { cause: error });
  }
}

/** Numbers that JSON cannot tell are told, too. */
const shown = (value: unknown): string => {
  if (value instanceof Promise) return 'a promise';
  if (typeof value === 'function') return 'a function';
  return typeof value === 'object' && value !== null ? inspect(value, { breakLength: Infinity, depth: 3 }) : describeValue(value);
};
