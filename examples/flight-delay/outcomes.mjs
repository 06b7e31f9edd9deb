// What the landing tells, one to almost three hours after the announcement. It never depends on who announced: the charter says so too.
const SHORTEST_FLIGHT_MINUTES = 60;
const LONGEST_FLIGHT_MINUTES = 175;
const WRONG_MINUTES = 30;

export default function outcomes({ truth, response, random }) {
  const error = Math.abs(truth.delay - (response?.delayMinutes ?? 0));
  const delayMinutes = SHORTEST_FLIGHT_MINUTES + (LONGEST_FLIGHT_MINUTES - SHORTEST_FLIGHT_MINUTES) * random();
  return [
    { kpi: 'off-by-half-hour', value: error > WRONG_MINUTES ? 1 : 0, delayMinutes },
    { kpi: 'error-minutes', value: error, delayMinutes },
  ];
}
