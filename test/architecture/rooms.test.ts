import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');

/** What each room may import of ours, and from outside: dependencies run one way. */
const ROOMS: Record<string, { ours: string[]; outside: RegExp }> = {
  core: {
    ours: ['core'],
    outside:
      /^(zod|yaml|node:(buffer|crypto|zlib)|csv-parse\/sync|hyparquet\/src\/index\.js|hyparquet-compressors|jmespath|ajv|ajv\/dist\/2020)$/,
  },
  lambdas: { ours: ['core', 'lambdas'], outside: /^(@aws-sdk\/|@aws-lambda-powertools\/|@smithy\/|zod$|aws-lambda$|node:)/ },
  lib: { ours: ['core', 'lib'], outside: /^(aws-cdk-lib|constructs|node:)/ },
  rehearsal: { ours: ['core', 'rehearsal'], outside: /^(?!aws-cdk-lib|constructs)/ },
};

export interface Import {
  from: string;
  what: string;
}

/** The room that a relative import leads to, or undefined for a package. */
function roomOf(file: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  return path.relative(ROOT, path.resolve(path.dirname(file), specifier)).split(path.sep)[0];
}

export function violations(room: string, file: string, text: string): Import[] {
  const rules = ROOMS[room];
  if (rules === undefined) throw new Error(`no rules for room ${room}`);
  const specifiers = [...text.matchAll(/(?:from|import|require\()\s*\(?['"]([^'"$\s]+)['"]/g)].map((match) => match[1] ?? '');
  return specifiers
    .filter((specifier) => {
      const target = roomOf(file, specifier);
      return target === undefined
        ? !rules.outside.test(isBuiltin(specifier) && !specifier.startsWith('node:') ? `node:${specifier}` : specifier)
        : !rules.ours.includes(target);
    })
    .map((what) => ({ from: path.relative(ROOT, file), what }));
}

const filesOf = (room: string): string[] =>
  readdirSync(path.join(ROOT, room), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ts$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));

describe.each(Object.keys(ROOMS))('%s/', (room) => {
  test('imports only what its room may', () => {
    const files = filesOf(room);
    expect(files.length).toBeGreaterThan(0);
    expect(files.flatMap((file) => violations(room, file, readFileSync(file, 'utf8')))).toEqual([]);
  });
});

test.each([
  ['core', "import { S3Client } from '@aws-sdk/client-s3';"],
  ['core', "import fs from 'node:fs';"],
  ['core', "import { x } from '../lambdas/shared';"],
  ['lambdas', "import { x } from '../lib';"],
  ['lib', "import { x } from '../rehearsal/world';"],
  ['rehearsal', "import { x } from '../lib';"],
  ['rehearsal', "const x = require('../lambdas/gateway');"],
  ['rehearsal', "import { App } from 'aws-cdk-lib';"],
])('the check bites: %s with %s', (room, text) => {
  expect(violations(room, path.join(ROOT, room, 'x.ts'), text)).toHaveLength(1);
});

test('core/ reads no clock and draws no randomness of its own', () => {
  const impure = /\bDate\.now\(|new Date\(\)|Math\.random\(|performance\.now\(|process\.|randomUUID\(|randomBytes\(/;
  expect(impure.test('const t = Date.now();')).toBe(true);
  const found = filesOf('core').filter((file) => impure.test(readFileSync(file, 'utf8')));
  expect(found.map((file) => path.relative(ROOT, file))).toEqual([]);
});
