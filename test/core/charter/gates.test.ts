import { readFileSync } from 'node:fs';
import path from 'node:path';
import { checkLine } from '../../../core/gates/line';
import { accepted, changed, refused } from './sample';

/** The sample with these gates, as YAML. */
const withGates = (gates: string): string => changed(/^rollout:/m, `gates:\n${gates.replace(/^/gm, '  ')}\nrollout:`);

const GOLDEN = `- name: labels
  goldenSet:
    data: golden.jsonl
    scorer: { exactMatch: { field: label } }
    atLeast: 0.9`;

describe('gates in the charter', () => {
  test('are none by default', () => {
    const { gates } = accepted(changed(/^rollout:/m, 'rollout:'.padEnd(9)));
    expect(gates).toEqual([]);
  });

  test('are read with their defaults, data in S3 with bucket and key', () => {
    const { gates } = accepted(
      withGates(`${GOLDEN}
- name: form
  outputSchema: { data: 's3://golden/sets/1.jsonl', schema: { type: object } }
- name: polite
  judge: { data: { url: 's3://golden/sets/1.jsonl', sha256: '${'a'.repeat(64)}' }, model: 'eu.judge-v1:0', for: toxicity, atLeast: 0.9 }
- name: load
  load: { data: golden.jsonl, requestsPerMinute: 120 }
- name: own
  custom: { function: 'arn:aws:lambda:eu-west-1:111122223333:function:own' }`),
    );
    expect(gates.map(({ name }) => name)).toEqual(['labels', 'form', 'polite', 'load', 'own']);
    expect(gates[0]?.goldenSet?.data).toEqual({ file: 'golden.jsonl' });
    expect(gates[1]?.outputSchema).toEqual({ data: { bucket: 'golden', key: 'sets/1.jsonl' }, schema: { type: 'object' }, atLeast: 1 });
    expect(gates[2]?.judge?.data).toEqual({ bucket: 'golden', key: 'sets/1.jsonl', sha256: 'a'.repeat(64) });
    expect(gates[3]?.load).toMatchObject({ multiples: [1, 2, 5], secondsPerLevel: 60, errorRateAtMost: 0.01 });
    expect(gates[4]?.custom).toMatchObject({ timeout: 15 });
  });

  test.each([
    ['gates[0]', '- name: labels', /exactly one of goldenSet, outputSchema, judge, load, custom/],
    ['gates[0].goldenSet.scorer', GOLDEN.replace('exactMatch: { field: label }', ''), /exactly one of exactMatch, tolerance/],
    ['gates[0].goldenSet', GOLDEN.replace(/\n +atLeast.*/, ''), /a gate that demands nothing passes everything/],
    ['gates[0].goldenSet.atLeast', GOLDEN.replace('0.9', '90'), /a fraction from 0 to 1/],
    ['gates[0].goldenSet.data', GOLDEN.replace('golden.jsonl', 'https://example.com/x'), /a file beside the charter/],
    ['gates[0].name', GOLDEN.replace('labels', 'smoke'), /another name than smoke, shadow/],
    ['gates[1].name', `${GOLDEN}\n${GOLDEN}`, /each name once/],
    [
      'gates[0].goldenSet.scorer.pattern.pattern',
      GOLDEN.replace('exactMatch: { field: label }', "pattern: { pattern: '(' }"),
      /a regular expression/,
    ],
    ['gates[0].judge', '- { name: polite, judge: { data: g.jsonl, model: m-1, atLeast: 1 } }', /exactly one of for/],
    [
      'gates[0].judge',
      "- { name: polite, judge: { data: g.jsonl, function: 'arn:aws:lambda:eu-west-1:111122223333:function:f', for: toxicity, atLeast: 1 } }",
      /only beside model/,
    ],
    [
      'gates[0].load.secondsPerLevel',
      '- { name: load, load: { data: g.jsonl, requestsPerMinute: 1, latency: { below: 9 } } }',
      /its percentile needs 20/,
    ],
    [
      'gates[0].load.notSlower.than',
      '- { name: load, load: { data: g.jsonl, requestsPerMinute: 60, notSlower: { than: baseline } } }',
      /a baseline answers at once/,
    ],
    [
      'gates[0].custom.timeout',
      "- { name: own, custom: { function: 'arn:aws:lambda:eu-west-1:111122223333:function:f', timeout: 1h } }",
      /at most 15m for a function/,
    ],
  ])('are refused at %s', (path, gates, allowed) => {
    const [problem] = refused(withGates(gates));
    expect(problem?.path).toBe(path);
    expect(problem?.allowed).toMatch(allowed);
  });

  test('name files that must be there', () => {
    const gates = `${GOLDEN}
- { name: form, outputSchema: { data: golden.jsonl, schema: answer.schema.json } }
- { name: module, goldenSet: { data: golden.jsonl, scorer: { module: polite.ts }, atLeast: 1 } }
- { name: polite, judge: { data: golden.jsonl, model: m-1, promptFile: judge.md, atLeast: 1 } }`;
    const missing = refused(withGates(gates), { exists: (file) => !/golden|schema|polite|judge/.test(file) }).map(({ path }) => path);
    expect(missing.filter((path) => path.startsWith('gates'))).toEqual([
      'gates[0].goldenSet.data',
      'gates[1].outputSchema.data',
      'gates[1].outputSchema.schema',
      'gates[2].goldenSet.data',
      'gates[2].goldenSet.scorer.module',
      'gates[3].judge.data',
      'gates[3].judge.promptFile',
    ]);
  });
});

test('the page on gates shows a charter that is accepted', () => {
  const page = readFileSync(path.join(__dirname, '../../../constructs-docs/gates.md'), 'utf8');
  const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  const { gates } = accepted(changed(/^rollout:/m, `${yaml}\nrollout:`));
  expect(gates.map(({ name }) => name)).toEqual(['labels', 'form', 'harmless', 'load', 'privacy-review']);
  const [, line = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
  expect(checkLine(JSON.parse(line) as Record<string, unknown>)).toMatchObject({ expected: 'spam' });
});
