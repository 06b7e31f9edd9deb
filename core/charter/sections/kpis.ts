import type * as z from 'zod';
import {
  calendarDay,
  currency,
  durationMinutes,
  flag,
  kebabName,
  listOf,
  numberBetween,
  oneOf,
  positiveFraction,
  positiveNumber,
  section,
} from '../fields';
import { checkFit } from './kpi-rules';

/** The gateway answers from the baseline after 25 s at the latest. */
const MOST_MILLIS = 25_000;
/** A latency is known with its answer. */
const LATENCY_WINDOW_MINUTES = 1;

const written = section({
  name: kebabName(2, 40),
  type: oneOf('binary', 'mean', 'count', 'latency'),
  better: oneOf('lower', 'higher'),
  /** Also the unit that is assigned to an arm. */
  unit: oneOf('request', 'session', 'user', 'case'),
  role: oneOf('goal', 'guard'),
  margin: positiveFraction.default(0.2),
  mustImprove: flag.optional(),
  target: section({ value: numberBetween(0, 1e12), by: calendarDay }).optional(),
  money: section({ perUnit: numberBetween(-1e9, 1e9), currency }).optional(),
  window: durationMinutes.optional(),
  weight: positiveNumber.default(1),
  delayDependsOnArm: flag.default(true),
  /** Of `latency`, in milliseconds. */
  above: numberBetween(1, MOST_MILLIS, `a number of milliseconds from 1 to ${MOST_MILLIS}`).optional(),
  /** Of `mean` and `count`, like `typical` and `unobserved`. */
  cap: positiveNumber.optional(),
  typical: section({ mean: positiveNumber, deviation: positiveNumber }).optional(),
  unobserved: oneOf('zero', 'left-out').optional(),
  attribution: oneOf('decision', 'variant').optional(),
});

export type WrittenKpi = z.output<typeof written>;

const kpi = written.superRefine(checkFit).transform(filledIn);

export const kpis = listOf(kpi, 'KPIs', 1, 20);

export type Kpi = z.output<typeof kpi>;

/** Defaults that depend on the type; a key that says nothing of the type is left out. */
function filledIn({ window, above, typical, unobserved, attribution, mustImprove, ...rest }: WrittenKpi) {
  const ofValues = rest.type === 'mean' || rest.type === 'count';
  const from = attribution ?? 'decision';
  const byDefault = rest.type === 'count' && from === 'decision' ? ('zero' as const) : ('left-out' as const);
  return {
    ...rest,
    // Only a latency may leave it out.
    windowMinutes: window ?? LATENCY_WINDOW_MINUTES,
    ...(above === undefined ? {} : { aboveMillis: above }),
    ...(typical === undefined ? {} : { typical: { mean: typical.mean, standardDeviation: typical.deviation } }),
    ...(ofValues ? { unobserved: unobserved ?? byDefault } : {}),
    ...(rest.type === 'latency' ? {} : { attribution: from }),
    ...(rest.role === 'goal' ? { mustImprove: mustImprove ?? false } : {}),
  };
}
