import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { drawScenario } from '../../../bench/random-faults/draw';
import { playSeed, violations } from '../../../bench/random-faults/play';
import { Assemblies } from '../../../bin/rehearsal/assemblies';
import { synthesize } from '../../../bin/synthesize';
import { checkActions } from '../../../rehearsal/world/action-keys';
import { checkFaults } from '../../../rehearsal/world/check-faults';
import { ACTIONS } from '../../../rehearsal/world/action-schema';
import { scenarioSchema } from '../../../rehearsal/world/scenario-schema';

jest.setTimeout(240_000);

const WORKER = path.resolve(__dirname, '../../../dist/bin/rehearsal-worker.js');
const USE_CASE = path.join(__dirname, 'use-case');
const MANY = Array.from({ length: 400 }, (_, index) => index + 1);

describe('the drawing', () => {
  test('gives the same scenario for the same seed, and another one for another', () => {
    expect(drawScenario(7)).toEqual(drawScenario(7));
    expect(drawScenario(7)).not.toEqual(drawScenario(8));
  });

  test('gives scenarios that can be read', () => {
    for (const seed of MANY) {
      const named = { name: 'random', file: `seed ${seed}`, scenario: scenarioSchema.parse(drawScenario(seed)) };
      expect(() => {
        checkActions(named);
        checkFaults(named);
      }).not.toThrow();
    }
  });

  test('draws every kind of fault, every charter and nearly every deed', () => {
    const drawn = MANY.map(drawScenario);
    const kinds = new Set(drawn.flatMap(({ faults }) => faults.flatMap((fault) => Object.keys(fault))));
    expect([...kinds]).toEqual(
      expect.arrayContaining(['alarm', 'rule', 'endpoint', 'metrics', 'kpi', 'deliver', 'function', 'start', 'effect', 'slow', 'share']),
    );
    const deeds = new Set(drawn.flatMap(({ actions }) => actions.map((action) => String(action['do']))));
    // Nobody delegates in the small use case, which has no budget, watches no drift and has nothing that switches its endpoint off; an incident is
    // resolved without a word before.
    const others = ['delegate', 'park', 'wake', 'budget', 'acknowledge', 'retrain', 'snooze', 'acknowledge-drift'];
    expect(ACTIONS.filter((deed) => !deeds.has(deed))).toEqual(others);
    const charters = new Set(drawn.map(({ actions }) => JSON.stringify(actions[0]?.['change'])));
    expect(charters.size).toBe(7);
  });
});

/** A few of many: `node bench/run.mjs random-faults 1 50` plays more. */
test.each([4, 18, 33])('every invariant holds under seed %i', async (seed) => {
  const assemblies = new Assemblies(USE_CASE, undefined, mkdtempSync(path.join(tmpdir(), 'sluice-random-')), synthesize);
  expect(violations(await playSeed(seed, assemblies, WORKER))).toEqual([]);
});
