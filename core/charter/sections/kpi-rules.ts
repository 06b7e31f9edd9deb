import type * as z from 'zod';
import type { WrittenKpi } from './kpis';

type Type = WrittenKpi['type'];
type Key = keyof WrittenKpi;

/** A key of a KPI that its other keys do not go with; `allowed` says what to do. */
interface Misfit {
  path: string[];
  allowed: string;
}

const BACKTEST = 'run `sluice backtest` on your history, it prints cap and typical';

/** What only some types have, and what must be there then. */
const KEYS_OF_TYPES: { key: Key; types: Type[]; needed?: string }[] = [
  { key: 'window', types: ['binary', 'mean', 'count', 'latency'], needed: 'a duration such as 30m, 6h or 14d: outcomes arrive within it' },
  { key: 'above', types: ['latency'], needed: "milliseconds such as 800, e.g. the baseline's 95th percentile: a slower answer counts" },
  {
    key: 'cap',
    types: ['mean', 'count'],
    needed: `the value that larger ones count as, e.g. the 99.5 % quantile of the past: ${BACKTEST}`,
  },
  { key: 'typical', types: ['mean', 'count'], needed: `{ mean, deviation } of the past, cut at the cap: ${BACKTEST}` },
  { key: 'unobserved', types: ['mean', 'count'] },
  { key: 'attribution', types: ['binary', 'mean', 'count'] },
];

/** Keys that are given without a meaning, missing, or at odds. */
export function checkFit(kpi: WrittenKpi, context: z.core.$RefinementCtx<WrittenKpi>): void {
  for (const { path, allowed } of [...keysOfType(kpi), ...roleMisfits(kpi), ...targetMisfits(kpi), ...typeMisfits(kpi)]) {
    context.addIssue({ code: 'custom', path, message: allowed });
  }
}

function keysOfType(kpi: WrittenKpi): Misfit[] {
  return KEYS_OF_TYPES.flatMap(({ key, types, needed }) => {
    const given = kpi[key] !== undefined;
    if (given && !types.includes(kpi.type)) {
      return [{ path: [key], allowed: `no ${key} where type is ${kpi.type}: only ${types.join(' and ')} have one` }];
    }
    const optional = needed === undefined || (key === 'window' && kpi.type === 'latency');
    return given || optional || !types.includes(kpi.type) ? [] : [{ path: [key], allowed: needed }];
  });
}

function roleMisfits({ role, mustImprove }: WrittenKpi): Misfit[] {
  if (role === 'goal' || mustImprove !== true) return [];
  return [{ path: ['mustImprove'], allowed: 'true only where role is goal: a guard must not get worse, no more' }];
}

function targetMisfits({ type, target, cap }: WrittenKpi): Misfit[] {
  if (target === undefined) return [];
  const path = ['target', 'value'];
  if (type === 'binary' || type === 'latency') {
    return target.value > 0 && target.value < 1 ? [] : [{ path, allowed: 'a fraction above 0 and below 1 (0.03 is 3 %)' }];
  }
  return cap !== undefined && target.value > cap
    ? [{ path, allowed: `a mean from 0 to the cap (${cap}): larger values count as the cap` }]
    : [];
}

function typeMisfits(kpi: WrittenKpi): Misfit[] {
  if (kpi.type === 'latency') {
    return kpi.better === 'lower' ? [] : [{ path: ['better'], allowed: 'lower: fewer slow answers are better' }];
  }
  if (kpi.type === 'binary') return [];
  const misfits = typicalMisfits(kpi);
  if (kpi.type === 'count' && kpi.cap !== undefined && !Number.isSafeInteger(kpi.cap)) {
    misfits.push({ path: ['cap'], allowed: 'a whole number from 1, as counts are' });
  }
  if (kpi.attribution === 'variant' && kpi.unobserved === 'zero') {
    misfits.push({
      path: ['unobserved'],
      allowed: 'left-out where attribution is variant: units are known by their events only, so send an event with value 0 instead',
    });
  }
  return misfits;
}

/** With less spread, sums of the strongest bet would leave the whole numbers that add up exactly. */
const LEAST_SPREAD = 1 / 150;

/** Values from 0 to the cap spread most when each is one of the two. */
function typicalMisfits({ cap, typical }: WrittenKpi): Misfit[] {
  if (cap === undefined || typical === undefined) return [];
  const { mean, deviation } = typical;
  // Said already, field by field.
  if (Math.min(cap, mean, deviation) <= 0) return [];
  if (mean >= cap) return [{ path: ['typical', 'mean'], allowed: `less than the cap (${cap}): ${BACKTEST}` }];
  const path = ['typical', 'deviation'];
  const [least, most] = [LEAST_SPREAD * Math.sqrt(mean * cap), Math.sqrt(mean * (cap - mean))];
  if (deviation > most) {
    return [{ path, allowed: `at most ${rounded(most)}, the most that values from 0 to ${cap} with that mean can have: ${BACKTEST}` }];
  }
  if (deviation >= least) return [];
  return [
    { path, allowed: `at least ${rounded(least)}: values that differ so little from the mean need a lower cap, or a margin of their own` },
  ];
}

const rounded = (value: number): number => Number(value.toPrecision(4));
