import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deploymentAlone, loadApplicationScenario } from '../../../rehearsal/application/load';

/** What is said of a scenario that cannot be read; the file's own path left out. */
function refusal(text: string): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'sluice-load-')), 'bad.yaml');
  writeFileSync(file, text);
  try {
    loadApplicationScenario(file);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'BadInputError') throw error;
    return error.message.replaceAll(file, 'bad.yaml').replaceAll(path.dirname(file), 'folder');
  }
  throw new Error('it was read');
}

const HEAD = 'title: t\nduration: 1h\n';

test('a misspelt key is told with its line and what was meant', () => {
  expect(refusal(`${HEAD}input: []\n`)).toBe(
    [
      'bad.yaml:3  input: is no setting here',
      '  given:   "input"',
      '  allowed: title, start, duration, mostInvocations, parameters, functions, objects, inputs, faults, people, expect',
      '  Did you mean "inputs"?',
    ].join('\n'),
  );
});

test.each<[string, string, RegExp]>([
  ['no duration', 'title: t\n', /duration: is missing/],
  ['a duration of two units', 'title: t\nduration: 1h30m\n', /duration: [\s\S]*given: {3}"1h30m"[\s\S]*allowed: a duration such as/],
  ['a start that is no time', `${HEAD}start: noon\n`, /bad\.yaml:3 {2}start/],
  [
    'an input without a kind',
    `${HEAD}inputs: [{ at: 1m }]\n`,
    /inputs\[0\]: [\s\S]*exactly one of event, message, publish, object, request/,
  ],
  [
    'an input of two kinds',
    `${HEAD}inputs:\n  - { at: 1m, invoke: { function: F }, item: { table: T, put: {} } }\n`,
    /bad\.yaml:4 {2}inputs\[0\]: [\s\S]*exactly one of/,
  ],
  [
    'a misspelt key of an input',
    `${HEAD}inputs:\n  - { at: 1m, event: { source: s, detailtype: d } }\n`,
    /inputs\[0\]\.event\.detailtype[\s\S]*Did you mean "detailType"/,
  ],
  ['every without times', `${HEAD}inputs: [{ at: 1m, every: 1m, invoke: { function: F } }]\n`, /`every` together with `times`/],
  [
    'an object with two contents',
    `${HEAD}inputs: [{ at: 1m, object: { bucket: B, key: k, text: a, file: b } }]\n`,
    /one of text, json and file/,
  ],
  ['a path without a slash', `${HEAD}inputs: [{ at: 1m, request: { to: A, path: orders } }]\n`, /path that begins with \//],
  ['a person who says nothing', `${HEAD}people: [{ stateMachine: M, state: S, after: 1m }]\n`, /succeed, fail or heartbeat/],
  [
    'a person who says two things',
    `${HEAD}people: [{ stateMachine: M, state: S, succeed: 1, fail: { error: E } }]\n`,
    /succeed or fail, not both/,
  ],
  [
    'a status that there is not',
    `${HEAD}expect: { executions: [{ stateMachine: M, status: SUCEEDED }] }\n`,
    /status[\s\S]*Did you mean "SUCCEEDED"/,
  ],
  ['a message nowhere', `${HEAD}expect: { messages: [{ body: x }] }\n`, /exactly one of queue, topic, bus/],
  ['a body of a topic', `${HEAD}expect: { messages: [{ topic: T, body: x }] }\n`, /body only with queue/],
  ['a detail of a queue', `${HEAD}expect: { messages: [{ queue: Q, detail: {} }] }\n`, /detail only with bus/],
  ['an absent item without a key', `${HEAD}expect: { items: [{ table: T, absent: true }] }\n`, /absent with the key/],
  ['a key and a count', `${HEAD}expect: { items: [{ table: T, key: { pk: a }, count: 1 }] }\n`, /key or count/],
  ['an alarm without a state', `${HEAD}expect: { alarms: [{ alarm: A }] }\n`, /was, is or never/],
  ['a count that is no number', `${HEAD}expect: { items: [{ table: T, count: many }] }\n`, /items\[0\]\.count/],
  ['a function without a count', `${HEAD}expect: { functions: [{ function: F }] }\n`, /invocations or errors/],
  [
    'an unknown service of a fault',
    `${HEAD}faults: [{ at: 1m, service: dynamo, operation: PutItem, error: X }]\n`,
    /faults\[0\]\.service[\s\S]*dynamodb/,
  ],
  [
    'an unknown error of a fault',
    `${HEAD}faults: [{ at: 1m, service: dynamodb, operation: PutItem, error: InternalServerEror }]\n`,
    /Did you mean "InternalServerError"/,
  ],
  ['a fault on KPI events', `${HEAD}faults: [{ at: 1m, kpi: duplicate }]\n`, /faults\[0\]/],
  [
    'a stand-in that is not there',
    `${HEAD}functions: { Charge: none.mjs }\n`,
    /bad\.yaml:3 {2}functions\.Charge: there is no such file[\s\S]*none\.mjs[\s\S]*from folder/,
  ],
  ['an object that is not there', `${HEAD}objects: { 's3://data/a.csv': a.csv }\n`, /objects.*there is no such file/],
  [
    'a file of an input that is not there',
    `${HEAD}inputs: [{ at: 1m, object: { bucket: B, key: k, file: none.txt } }]\n`,
    /inputs\[0\]\.object\.file: there is no such file/,
  ],
  ['a key that stands twice', `${HEAD}title: again\n`, /names a key twice/],
  ['no YAML', `${HEAD}inputs: [\n`, /is no valid YAML/],
])('%s is refused', (_what, text, message) => {
  expect(refusal(text)).toMatch(message);
});

test('a file that is not there is refused', () => {
  expect(() => loadApplicationScenario('/nowhere/a.yaml')).toThrow(/--scenario: there is no such file\n {2}given: {3}\/nowhere\/a\.yaml/);
});

test('without a scenario there is one hour and no input', () => {
  expect(deploymentAlone('/assembly')).toMatchObject({ name: 'deployment', scenario: { duration: 3_600_000, inputs: [] } });
});
