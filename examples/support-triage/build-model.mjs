// Writes model/weights.json, the artefact of the release that the charter names: node examples/support-triage/build-model.mjs
// The same mails give the same file. `--check` only says whether the committed file is what would be written.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { model } from './models/candidate-good.mjs';

const LINE_CHARACTERS = 140;
const file = new URL('model/weights.json', import.meta.url);

/** Six digits change no answer, and keep the file small. */
const rounded = (value) => Number(value.toFixed(6));

/** As many numbers per line as fit: readable differences between two versions. */
function filled(numbers) {
  const lines = ['   '];
  for (const [index, number] of numbers.entries()) {
    const item = ` ${number}${index < numbers.length - 1 ? ',' : ''}`;
    if (lines.at(-1).length + item.length > LINE_CHARACTERS) lines.push('   ');
    lines[lines.length - 1] += item;
  }
  return lines.join('\n');
}

const text = `{
  "threshold": ${model.threshold},
  "bias": ${rounded(model.bias)},
  "weights": [
${filled(model.weights.map(rounded))}
  ]
}
`;

if (process.argv.includes('--check')) {
  const same = existsSync(file) && readFileSync(file, 'utf8') === text;
  console.log(same ? 'model/weights.json is up to date' : 'model/weights.json differs: run node examples/support-triage/build-model.mjs');
  process.exitCode = same ? 0 : 1;
} else {
  writeFileSync(file, text);
  console.log(`model/weights.json: ${model.weights.length} weights, ${text.length} bytes`);
}
