import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { rehearseApplication } from '../../../rehearsal/application/run';
import type { ApplicationResult, CheckName } from '../../../rehearsal/application/result';
import { applicationScenarioSchema } from '../../../rehearsal/application/scenario-schema';

export { synthesize } from '../assembly/synthesized';

/** Synthesizing an app takes seconds where others are at work. */
jest.setTimeout(60_000);

const DIRECTORY = mkdtempSync(path.join(tmpdir(), 'sluice-scenario-'));

/** A file beside the scenarios. */
export function file(name: string, text: string): string {
  writeFileSync(path.join(DIRECTORY, name), text);
  return name;
}

export interface PlayOptions {
  seed?: number;
}

/** Plays a scenario, as YAML would give it, on an assembly: in this thread. */
export async function play(assembly: string, scenario: object, { seed = 1 }: PlayOptions = {}): Promise<ApplicationResult> {
  const parsed = applicationScenarioSchema.parse({ title: 'a test', duration: '10m', ...scenario });
  const job = { assembly, scenarioName: 'test', scenario: parsed, file: 'test.yaml', directory: DIRECTORY, seed };
  const observer = { started: () => undefined, progressed: () => undefined };
  const { result } = await rehearseApplication(job, observer, () => 0);
  return result;
}

/** What did not hold: expectations in words, and checks with their violations. */
export const broken = ({ expectations, checks }: ApplicationResult): string[] => [
  ...expectations.filter(({ held }) => !held).map(({ text, seen }) => `${text}, but: ${seen ?? ''}`),
  ...checks.filter(({ held }) => !held).flatMap(({ name, violations = [] }) => violations.map((violation) => `${name}: ${violation}`)),
];

export const violationsOf = ({ checks }: ApplicationResult, name: CheckName): string[] =>
  checks.find((check) => check.name === name)?.violations ?? [];
