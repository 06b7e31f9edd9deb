import { COST_ARMS } from '../../core/contracts';
import { clock, percent, principal, since, until } from '../status/words';
import type { CostReport } from './report';

const LABEL_COLUMNS = 15;

/** Two digits behind the point; of small amounts three that say something. */
export const money = (amount: number, currency: string): string =>
  `${amount === 0 || amount >= 0.1 ? amount.toFixed(2) : amount.toPrecision(3)} ${currency}`;

/** `512.30 USD of 1500.00 USD (34 %)`. */
export function monthWords({ monthToDate, monthly, currency }: CostReport): string {
  const share = monthly === undefined ? '' : ` of ${money(monthly, currency)} (${percent(monthToDate / monthly)})`;
  return `${money(monthToDate, currency)}${share}`;
}

export const orderWords = (report: CostReport, nowMillis: number): string[] =>
  report.orders.map(
    ({ action, since: from, until: end, reason }) =>
      `${action} since ${since(from, nowMillis)}, until ${clock(end)}: ${reason} – sluice cost waive, or a larger budget`,
  );

export const unpricedWords = ({ unpricedHours }: CostReport): string[] =>
  Object.entries(unpricedHours).map(([what, hours]) => `${what}: ${hours.toFixed(1)} h without a price, which no amount here holds`);

export function costText(report: CostReport, nowMillis: number): string {
  const { currency, forecast, byArm, perHour, today, unit, waived, criteria, at } = report;
  const arms = COST_ARMS.filter((arm) => byArm[arm] > 0 || (perHour.byArm[arm] ?? 0) > 0);
  const list = (label: string, lines: string[]): [string, string][] => lines.map((line, index) => [index === 0 ? label : '', line]);
  const rows: [label: string, text: string][] = [
    ['this month', monthWords(report)],
    ['forecast', forecast === undefined ? 'not before six hours are metered' : money(forecast, currency)],
    ['today', money(today, currency)],
    ['an hour', money(perHour.total, currency)],
    ...arms.map((arm): [string, string] => [
      arm,
      `${money(byArm[arm], currency)} this month, ${money(perHour.byArm[arm] ?? 0, currency)} an hour`,
    ]),
    ...(unit === undefined ? [] : [['a decision', unitWords(unit, currency)] satisfies [string, string]]),
    ...list('unpriced', unpricedWords(report)),
    ...list('orders', orderWords(report, nowMillis)),
    ...(waived === undefined
      ? []
      : [['waived', `by ${principal(waived.by)} until ${until(waived.until, nowMillis)}`] satisfies [string, string]]),
    ...list(
      'kill criteria',
      criteria.map(({ words, aboveSince }) =>
        aboveSince === undefined ? words : `${words}; too much since ${since(aboveSince, nowMillis)}`,
      ),
    ),
  ];
  return [`as of ${since(at, nowMillis)}`, ...rows.map(([label, text]) => label.padEnd(LABEL_COLUMNS) + text)].join('\n');
}

function unitWords(unit: NonNullable<CostReport['unit']>, currency: string): string {
  const { hours, decisions, incomplete, perDecision, perGoodOutcome } = unit;
  const unknown = incomplete === true ? 'not known: part of the instances has no price' : 'none was made';
  const each = perDecision === undefined ? unknown : money(perDecision, currency);
  const good = perGoodOutcome === undefined ? '' : `; a good outcome ${money(perGoodOutcome, currency)}`;
  return `${each}${good} (${decisions} in the last ${hours} h)`;
}
