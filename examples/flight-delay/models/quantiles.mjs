// A table of quantiles: what share of the flights like this one arrived no later. Small enough to be read, and a real model all the same.
import { flights } from '../flights.mjs';

/** Fewer flights say too little: the table of all flights answers. */
const FEWEST_FLIGHTS = 50;
const LONGEST_MILES = 2500;
const MILES = 500;
/** Bands of distance: 0 to 5. */
export const BANDS = LONGEST_MILES / MILES + 1;

export const byHour = ({ scheduledHour }) => String(scheduledHour);
export const byHourAndDistance = ({ scheduledHour, distanceMiles }) => bandName(scheduledHour, bandOf(distanceMiles));
const bandOf = (distanceMiles) => Math.floor(Math.min(LONGEST_MILES, distanceMiles) / MILES);
export const bandName = (scheduledHour, band) => `${scheduledHour}|${band}`;

const quantile = (values, share) => values.toSorted((one, other) => one - other)[Math.floor(share * (values.length - 1))];

/** Group of flights → the quantile of their delays. Groups of fewer flights are left out. */
export function tableOf(rows, groupOf, share, fewest = FEWEST_FLIGHTS) {
  const groups = new Map();
  const all = [];
  for (const { delay, request } of rows) {
    const group = groupOf(request);
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group).push(delay);
    all.push(delay);
  }
  const table = new Map(
    [...groups].filter(([, delays]) => delays.length >= fewest).map(([name, delays]) => [name, quantile(delays, share)]),
  );
  return { table, otherwise: quantile(all, share) };
}

/** Made of the training half. */
export const trained = (groupOf, share) => tableOf(flights().training, groupOf, share);

export const answerOf = ({ table, otherwise }, group) => ({ delayMinutes: table.get(group) ?? otherwise });
