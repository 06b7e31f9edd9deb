import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { loadApplicationScenario } from '../../rehearsal/application/load';

const FOLDER = path.join(__dirname, 'public');
const PAGE = readFileSync(path.resolve(__dirname, '../../constructs-docs/public-examples.md'), 'utf8');

const scenarios = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.slice(0, -'.yaml'.length));

/** The examples themselves are fetched by whoever repeats the table: here only what is ours is checked. */
describe('scenarios for public examples', () => {
  it.each(scenarios)('%s: is a scenario, and the page has a row for it', (name) => {
    const { scenario } = loadApplicationScenario(path.join(FOLDER, `${name}.yaml`));
    expect(scenario.title).not.toBe('');
    expect(PAGE).toContain(`| ${name} |`);
  });

  it('has no stand-in that no scenario names', () => {
    const named = scenarios.flatMap((name) => Object.values(loadApplicationScenario(path.join(FOLDER, `${name}.yaml`)).scenario.functions));
    const there = readdirSync(path.join(FOLDER, 'stand-ins')).map((file) => `stand-ins/${file}`);
    expect(new Set(named)).toEqual(new Set(there));
  });
});
