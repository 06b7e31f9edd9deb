// What the claims system knows within the hour: whether the handler changed the summary, and how long the claim took.
import { summaryOf } from './answer-text.mjs';
import { mistakesIn } from './claims.mjs';

const NOTICED = 0.95;
/** Some like another style. */
const CHANGED_ANYWAY = 0.12;
const MINUTES = { plain: 20, missing: 6, invented: 4 };
const LONGEST_DELAY_MINUTES = 55;

/** The delay never depends on the answer, nor on who gave it: the charter says so too (`delayDependsOnArm: false`). */
export default function outcomes({ truth, response, random }) {
  const { missing, invented } = mistakesIn(summaryOf(response), truth);
  const corrected = random() < (missing + invented > 0 ? NOTICED : CHANGED_ANYWAY);
  const spread = 0.6 + 0.8 * random();
  const minutes = (MINUTES.plain + MINUTES.missing * missing + MINUTES.invented * invented) * spread;
  const delayMinutes = Math.min(LONGEST_DELAY_MINUTES, 5 - 15 * Math.log(1 - random()));
  return [
    { kpi: 'corrected-summary', value: corrected ? 1 : 0, delayMinutes },
    { kpi: 'handling-minutes', value: Math.round(minutes), delayMinutes },
  ];
}
