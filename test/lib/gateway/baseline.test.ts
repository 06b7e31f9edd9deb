import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Baseline } from '../../../lib';

const folder = mkdtempSync(path.join(tmpdir(), 'sluice-baseline-'));

function fileWith(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** Loads what the gateway would load. */
function load(baseline: Baseline): { answer(request: unknown): unknown } {
  const module = { exports: {} as { answer(request: unknown): unknown } };
  new Function('module', 'exports', 'require', baseline._module)(module, module.exports, require);
  return module.exports;
}

describe('Baseline.rule', () => {
  test.each([
    ['a.ts', 'interface Mail { text: string }\nexport function answer({ text }: Mail): string { return text.toUpperCase(); }\n'],
    [
      'b.ts',
      'import type { X } from "./types";\nconst up = (text: string) => text.toUpperCase();\nexport const answer = (request: X) => up(request.text);',
    ],
    ['c.mjs', 'function answer({ text }) { return text.toUpperCase(); }\nexport { answer };\n'],
    ['d.mjs', 'const rule = ({ text }) => text.toUpperCase();\nexport { rule as answer };\n'],
    ['e.cjs', 'exports.answer = ({ text }) => text.toUpperCase();\n'],
    ['f.js', 'module.exports = { answer: ({ text }) => text.toUpperCase() };\n'],
    ['g.js', 'export async function answer({ text }) { return text.toUpperCase(); }\n'],
    [
      'h.mjs',
      "import { format } from 'node:util';\nimport * as os from 'node:os';\nexport function answer({ text }) { return os.EOL ? format('%s', text.toUpperCase()) : ''; }\n",
    ],
  ])('packs %s', async (name, text) => {
    await expect(Promise.resolve(load(Baseline.rule(fileWith(name, text))).answer({ text: 'spam' }))).resolves.toBe('SPAM');
  });

  test.each([
    [
      'import.ts',
      "import { words } from './words';\nexport function answer() { return words; }",
      /cannot be packed because of the line `import \{ words \} from '\.\/words';`/,
    ],
    ['default.mjs', 'export default function answer() { return 1; }', /cannot be packed because of the line `export default/],
    ['package.cjs', "const zod = require('zod');\nexports.answer = () => zod;", /does not load: Error: it requires 'zod'/],
    ['throws.js', "exports.answer = () => 1;\nthrow new TypeError('no words');", /does not load: TypeError: no words/],
    ['syntax.mjs', 'export function answer( {', /does not load: SyntaxError/],
    ['none.mjs', 'export const reply = () => 1;', /exports reply; it must export a function answer/],
    ['value.cjs', 'exports.answer = 7;', /exports answer; it must export a function answer/],
    ['enum.ts', 'enum Label { Spam }\nexport function answer() { return Label.Spam; }', /types cannot be stripped.*without enums/],
  ])('refuses %s by name', (name, text, problem) => {
    const file = fileWith(name, text);
    expect(() => Baseline.rule(file)).toThrow(problem);
    expect(() => Baseline.rule(file)).toThrow(file);
  });

  test('refuses a file that is not there', () => {
    expect(() => Baseline.rule('nowhere/rule.ts')).toThrow(/nowhere\/rule\.ts is not there/);
  });
});

describe('Baseline.fixedAnswer', () => {
  test('gives the same answer each time, never the same object', () => {
    const { answer } = load(Baseline.fixedAnswer({ label: "it's ham\u2028" }));
    expect(answer({})).toEqual({ label: "it's ham\u2028" });
    expect(answer({})).not.toBe(answer({}));
  });

  test('refuses what is no JSON', () => {
    expect(() => Baseline.fixedAnswer(undefined)).toThrow(/fixed answer of the baseline is undefined/);
  });
});
