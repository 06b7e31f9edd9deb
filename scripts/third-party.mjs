// Writes the licences of all that esbuild put into our bundles: MIT and its like ask for it. Refuses what may not be bundled.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const ALLOWED = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'MIT-0',
  'Unlicense',
  'BlueOak-1.0.0',
  'CC0-1.0',
]);
const LICENCE_FILE = /^(licen[cs]e|copying|notice)(\.(md|txt|mit))?$/i;

/** One file beside the bundles. `metafiles` as esbuild gives them. */
export function writeThirdPartyLicences(file, root, metafiles) {
  const folders = new Set(metafiles.flatMap(({ inputs }) => Object.keys(inputs).flatMap((input) => packageFolder(input) ?? [])));
  const packages = [...folders].map((folder) => describe(path.join(root, folder))).sort((a, b) => (a.title < b.title ? -1 : 1));
  const distinct = [...new Map(packages.map((one) => [one.title, one])).values()];
  writeFileSync(file, distinct.map(({ title, text }) => `${title}\n\n${text}\n`).join(`\n${'-'.repeat(80)}\n\n`));
}

/** `node_modules/@a/b/dist/x.js` → `node_modules/@a/b`; undefined for a file of ours. */
export function packageFolder(input) {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
}

function describe(folder) {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  if (!ALLOWED.has(license)) {
    throw new Error(`${name} ${version} is under ${license}: it may not be bundled\n  allowed: ${[...ALLOWED].join(', ')}`);
  }
  const texts = readdirSync(folder).filter((entry) => LICENCE_FILE.test(entry));
  const text = texts.map((entry) => readFileSync(path.join(folder, entry), 'utf8').trim()).join('\n\n');
  return { title: `${name} ${version} (${license})`, text: text !== '' ? text : `Licence: ${license}` };
}
