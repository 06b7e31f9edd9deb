// Real flights, those of the traffic half, drawn with replacement; every flight is a case of its own. What changes is said by the scenario,
// under `traffic.options`: which of the flights are drawn, and what a system upstream makes of a request. The flights stay what they were.
//
//   which: late | far     flights that arrived 15 to 60 minutes late, or that went 1000 miles and more
//   share: 0.7            so many of the requests; the others are drawn of all flights
//   fromHour, untilHour   since the start of the scenario
//   overHours: 12         the share grows from nothing over so many hours
//   byClock: true         flights that leave in the hour in which they are asked for
//   nulls: field          the field comes as null, of the share of requests
//   renamed: { a: b }     the field a comes under the name b
import { flights } from '../flights.mjs';

const CHOICES = {
  late: ({ delay }) => delay >= 15 && delay <= 60,
  far: ({ request }) => request.distanceMiles >= 1000,
};

export default function traffic({ random, options = {} }) {
  const { traffic: pool } = flights();
  const chosen = options.which === undefined ? undefined : pool.filter(choiceOf(options.which));
  const ofHour = options.byClock === true ? byHour(pool) : undefined;
  const oneOf = (rows) => rows[Math.floor(random() * rows.length)];
  let sequence = 0;
  return {
    next({ atMillis = 0, atMinutes = 0 } = {}) {
      const changed = random() < shareAt(atMinutes / 60, options);
      const hour = new Date(atMillis).getUTCHours();
      const flight = oneOf(changed && chosen !== undefined ? chosen : (ofHour?.get(hour) ?? pool));
      sequence += 1;
      const request = changed ? broken(flight.request, options) : flight.request;
      return { unit: `flight-${sequence}`, request, truth: { delay: flight.delay } };
    },
  };
}

function choiceOf(which) {
  if (!Object.hasOwn(CHOICES, which)) throw new Error(`traffic.options.which is ${which}; allowed: ${Object.keys(CHOICES).join(', ')}`);
  return CHOICES[which];
}

/** Which share of the requests is changed at this hour. */
function shareAt(hour, { share = 1, fromHour = 0, untilHour = Infinity, overHours = 0 }) {
  if (hour < fromHour || hour >= untilHour) return 0;
  return overHours === 0 ? share : share * Math.min(1, (hour - fromHour) / overHours);
}

function broken(request, { nulls, renamed = {} }) {
  const entries = Object.entries(request).map(([name, value]) => [renamed[name] ?? name, name === nulls ? null : value]);
  return Object.fromEntries(entries);
}

function byHour(pool) {
  return Map.groupBy(pool, ({ request }) => request.scheduledHour);
}
