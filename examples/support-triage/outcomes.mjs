// What agents and customers report within the hour: spam that came through, customers who were blocked.
const MEAN_DELAY_MINUTES = 12;
const LONGEST_DELAY_MINUTES = 55;

/** The delay never depends on the answer, nor on who gave it: the charter says so too (`delayDependsOnArm: false`). */
export default function outcomes({ truth, response, random }) {
  const blocked = response?.label === 'spam';
  const delayMinutes = Math.min(LONGEST_DELAY_MINUTES, 1 - MEAN_DELAY_MINUTES * Math.log(1 - random()));
  return truth.spam
    ? [{ kpi: 'missed-spam', value: blocked ? 0 : 1, delayMinutes }]
    : [{ kpi: 'wrongly-blocked', value: blocked ? 1 : 0, delayMinutes }];
}
