// Writes model/table.json, the artefact of the release that the charter names: node examples/flight-delay/build-model.mjs
// The same flights give the same file. `--check` only says whether the committed file is what would be written.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { model } from './models/candidate-good.mjs';

const file = new URL('model/table.json', import.meta.url);
const groups = Object.fromEntries([...model.table].toSorted(([one], [other]) => one.localeCompare(other, 'en', { numeric: true })));
const text = `${JSON.stringify({ otherwise: model.otherwise, groups }, undefined, 2)}\n`;

if (process.argv.includes('--check')) {
  const same = existsSync(file) && readFileSync(file, 'utf8') === text;
  console.log(same ? 'model/table.json is up to date' : 'model/table.json differs: run node examples/flight-delay/build-model.mjs');
  process.exitCode = same ? 0 : 1;
} else {
  writeFileSync(file, text);
  console.log(`model/table.json: ${model.table.size} groups, ${text.length} bytes`);
}
