import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv/dist/2020';
import { parse } from 'yaml';
import { applicationScenarioJsonSchema } from '../../../rehearsal/application/json-schema';

const ROOT = path.join(__dirname, '../../..');
const PUBLISHED = path.join(ROOT, 'constructs-docs/application-scenario.schema.json');
const APPLICATIONS = path.join(ROOT, 'test/applications');

const published = (): object => JSON.parse(readFileSync(PUBLISHED, 'utf8')) as object;

/** With UPDATE_SCHEMA=1 it is written; then format it. */
test('the published JSON Schema is the one that scenarios are read with', () => {
  const schema = JSON.stringify(applicationScenarioJsonSchema(), undefined, 2);
  if (process.env['UPDATE_SCHEMA'] === '1') writeFileSync(PUBLISHED, schema);
  expect(published()).toEqual(JSON.parse(schema));
});

type Schema = {
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  description?: string;
  additionalProperties?: unknown;
};

/** Paths of all keys without a description. */
function undescribed(schema: Schema, at: string): string[] {
  const below = Object.entries(schema.properties ?? {}).flatMap(([key, member]) => [
    ...(member.description === undefined ? [`${at}.${key}`] : []),
    ...undescribed(member, `${at}.${key}`),
  ]);
  const inItems = schema.items === undefined ? [] : undescribed(schema.items, `${at}[]`);
  return [...below, ...inItems, ...(schema.anyOf ?? []).flatMap((form) => undescribed(form, at))];
}

test('every key has a description', () => {
  expect(undescribed(published() as Schema, '')).toEqual([]);
});

let compiled: ValidateFunction | undefined;
const validator = (): ValidateFunction => {
  compiled ??= new Ajv({ allErrors: true, allowUnionTypes: true, formats: { 'date-time': true } }).compile(published());
  return compiled;
};

const scenarios = readdirSync(APPLICATIONS, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));

test('there are scenarios to validate', () => {
  expect(scenarios.length).toBeGreaterThan(5);
});

test.each(scenarios)('an editor finds nothing wrong in %s', (file) => {
  const check = validator();
  const valid = check(parse(readFileSync(path.join(APPLICATIONS, file), 'utf8')));
  expect(check.errors ?? []).toEqual([]);
  expect(valid).toBe(true);
});

test.each<[string, object]>([
  ['an unknown key', { title: 't', duration: '1h', input: [] }],
  ['no duration', { title: 't' }],
  ['a duration that is a number', { title: 't', duration: 3 }],
  ['an input without a kind', { title: 't', duration: '1h', inputs: [{ at: '1m' }] }],
  [
    'an input of two kinds',
    { title: 't', duration: '1h', inputs: [{ at: '1m', invoke: { function: 'F' }, execution: { stateMachine: 'M' } }] },
  ],
  ['a status that there is not', { title: 't', duration: '1h', expect: { executions: [{ stateMachine: 'M', status: 'DONE' }] } }],
])('an editor refuses %s', (_what, scenario) => {
  expect(validator()(scenario)).toBe(false);
});
