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

const kpi = section({
  name: kebabName(2, 40),
  type: oneOf('binary', 'mean', 'count', 'latency'),
  better: oneOf('lower', 'higher'),
  /** Also the unit that is assigned to an arm. */
  unit: oneOf('request', 'session', 'user', 'case'),
  role: oneOf('goal', 'guard'),
  margin: positiveFraction.default(0.2),
  target: section({ value: numberBetween(0, 1e12), by: calendarDay }).optional(),
  money: section({ perUnit: numberBetween(-1e9, 1e9), currency }).optional(),
  window: durationMinutes,
  weight: positiveNumber.default(1),
  delayDependsOnArm: flag.default(true),
}).transform(({ window, ...rest }) => ({ ...rest, windowMinutes: window }));

export const kpis = listOf(kpi, 'KPIs', 1, 20);

export type Kpi = z.output<typeof kpi>;
