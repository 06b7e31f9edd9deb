import type { KpiPolicy } from '../contracts';
import { unobservedOf } from '../verdict';
import { isValueKpi } from './lift';
import type { Bounds, HourCounts, Lift, MoneyPerMonth } from './types';

const DAYS_PER_MONTH = 365.25 / 12;
/** From less than a day nothing is said of a month: the hours of a day differ. */
const FEWEST_DAYS = 1;

/** What the difference to the baseline is worth in a month, at the pace of the given hours. */
export function moneyPerMonth(kpi: KpiPolicy, { days, difference }: Lift, hours: HourCounts[]): MoneyPerMonth | undefined {
  if (kpi.money === undefined || difference === undefined || days < FEWEST_DAYS) return undefined;
  const { perUnit, currency } = kpi.money;
  const unitsPerMonth = (unitsOf(kpi, hours) / days) * DAYS_PER_MONTH;
  return { currency, amount: scaled(difference, perUnit * unitsPerMonth), unitsPerMonth };
}

/** What a model answered: a candidate's units are stable's once its canary is over. */
function unitsOf(kpi: KpiPolicy, hours: HourCounts[]): number {
  const field = isValueKpi(kpi) && unobservedOf(kpi) === 'left-out' ? 'x' : 'n';
  return hours.reduce((sum, { arms }) => sum + (arms.stable?.[field] ?? 0) + (arms.candidate?.[field] ?? 0), 0);
}

/** A negative factor turns the bounds round. */
function scaled({ low, estimate, high }: Bounds, factor: number): Bounds {
  const [from, to] = factor < 0 ? [high, low] : [low, high];
  const product = (name: keyof Bounds, value: number | undefined): Bounds => (value === undefined ? {} : { [name]: value * factor });
  return { ...product('low', from), ...product('estimate', estimate), ...product('high', to) };
}
