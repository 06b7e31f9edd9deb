import path from 'node:path';
import type { Assemblies } from '../../bin/rehearsal/assemblies';
import { jobOf } from '../../bin/rehearsal/job';
import { simulate } from '../../bin/rehearsal/simulation';
import { readCharter } from '../../bin/use-case';
import type { RehearsalResult } from '../../rehearsal';
import { checkActions } from '../../rehearsal/world/action-keys';
import { checkFaults } from '../../rehearsal/world/check-faults';
import { scenarioSchema } from '../../rehearsal/world/scenario-schema';
import { drawScenario } from './draw';

/** A small use case whose outcomes come within minutes. */
export const USE_CASE = path.resolve('test/rehearsal/releases/use-case');

/** Plays the scenario that a seed draws; the simulation has the same seed. */
export async function playSeed(seed: number, assemblies: Assemblies, worker: string): Promise<RehearsalResult> {
  const { result } = readCharter(USE_CASE);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const named = { name: `random-${seed}`, file: `seed ${seed}`, scenario: scenarioSchema.parse(drawScenario(seed)) };
  checkActions(named);
  checkFaults(named);
  const job = jobOf(USE_CASE, result.charter, named, seed, await assemblies.of(named));
  return (await simulate(job, () => undefined, worker)).result;
}

/** Invariants that did not hold, in words. */
export const violations = ({ invariants }: RehearsalResult): string[] =>
  invariants.filter(({ held }) => !held).map(({ name, violations: said }) => `${name}: ${said?.join('; ')}`);
