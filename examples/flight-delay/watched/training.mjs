// What plays the containers of the training job, and of the models that it makes: the table of quantiles, as models/quantiles.mjs has it,
// of the answers whose truth is known. On AWS the image under `retraining.training` does the same.
import { readFileSync } from 'node:fs';
import { answerOf, BANDS, bandName, byHour, byHourAndDistance, tableOf } from '../models/quantiles.mjs';

const INFERENCE = readFileSync(new URL('../model/code/inference.py', import.meta.url), 'utf8');
const RUN_MINUTES = 12;

/** `channels.train`: lines with `request`, `answer` and `truth`. */
export function train({ channels, hyperParameters }) {
  const rows = channels.train
    .map(({ request, truth }) => ({ request, delay: Number(truth) }))
    .filter(({ delay, request }) => Number.isFinite(delay) && Number.isInteger(request?.scheduledHour));
  if (rows.length === 0) throw new Error('no line of the channel train has a scheduled hour and a delay: there is nothing to learn');
  const { quantile, fewestFlights } = hyperParameters;
  const model = withHours(rows, Number(quantile ?? 0.5), Number(fewestFlights ?? 20));
  return {
    files: { 'table.json': JSON.stringify(model), 'code/inference.py': INFERENCE },
    metrics: { 'train:rows': rows.length, 'train:groups': Object.keys(model.groups).length },
    runMinutes: RUN_MINUTES,
  };
}

/** Bands of distance with too few flights answer as their hour does. */
function withHours(rows, share, fewest) {
  const bands = tableOf(rows, byHourAndDistance, share, fewest);
  const hours = tableOf(rows, byHour, share, fewest);
  const groups = {};
  for (const [hour, delay] of hours.table) for (let band = 0; band < BANDS; band++) groups[bandName(hour, band)] = delay;
  return { otherwise: bands.otherwise, groups: { ...groups, ...Object.fromEntries(bands.table) } };
}

/** A model of the job, as inference.py plays it. */
export function load(files) {
  const { otherwise, groups } = JSON.parse(String(files['table.json']));
  const model = { otherwise, table: new Map(Object.entries(groups)) };
  return { predict: (request) => answerOf(model, byHourAndDistance(request)) };
}
