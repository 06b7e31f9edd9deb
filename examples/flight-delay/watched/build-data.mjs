// Writes data/flights.csv, what drift is measured against (of the training half), and data/golden.jsonl, what every release must answer well
// enough (of the other half, which teaches no model): node examples/flight-delay/watched/build-data.mjs
// The same flights give the same files. `--check` only says whether the committed files are what would be written.
//
// The data set has times of the day, no dates: the day in the column `at` is made up, its hours are real.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { flights } from '../flights.mjs';
import { predict } from '../models/candidate-good.mjs';

const ROWS = 4000;
const GOLDEN_ROWS = 400;
const DAY = '2001-06-01';

const { training, traffic } = flights();
/** Evenly from the whole of the data, which is sorted by the time of the day. */
const every = (rows, count) => Array.from({ length: count }, (_, index) => rows[Math.floor(((index + 0.5) * rows.length) / count)]);

const csv = every(training, ROWS).map(({ request }) => {
  const { scheduledHour, distanceMiles } = request;
  return [`${DAY}T${String(scheduledHour).padStart(2, '0')}:30:00Z`, scheduledHour, distanceMiles, predict(request).delayMinutes].join(',');
});
const golden = every(traffic, GOLDEN_ROWS).map(({ request, delay }) => JSON.stringify({ request, expected: delay }));
const files = {
  'data/flights.csv': ['at,scheduledHour,distanceMiles,delayMinutes', ...csv, ''].join('\n'),
  'data/golden.jsonl': [...golden, ''].join('\n'),
};

for (const [name, text] of Object.entries(files)) {
  const file = new URL(name, import.meta.url);
  if (process.argv.includes('--check')) {
    const same = existsSync(file) && readFileSync(file, 'utf8') === text;
    console.log(same ? `${name} is up to date` : `${name} differs: run node examples/flight-delay/watched/build-data.mjs`);
    if (!same) process.exitCode = 1;
  } else {
    mkdirSync(new URL('data/', import.meta.url), { recursive: true });
    writeFileSync(file, text);
    console.log(`${name}: ${text.length} bytes`);
  }
}
