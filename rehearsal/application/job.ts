import type { ApplicationScenario } from './scenario-schema';

/** One rehearsal of an application: everything the simulation thread needs, as plain data. */
export interface ApplicationJob {
  /** Directory of the cloud assembly. */
  assembly: string;
  scenarioName: string;
  scenario: ApplicationScenario;
  /** Name of the scenario's file, for what is wrong with it. */
  file: string;
  /** Files that the scenario names lie here. */
  directory: string;
  seed: number;
}

/** Sent while virtual time runs. */
export interface ApplicationProgress {
  scenarioName: string;
  /** Virtual seconds since the start, and of the whole scenario. */
  t: number;
  ofSeconds: number;
  inputs: number;
  invocations: number;
  executionsRunning: number;
}
