import type { Scenario } from './scenario-schema';

/** One scenario to run: everything the simulation thread needs, as plain data. */
export interface RehearsalJob {
  /** The use case's folder. */
  directory: string;
  useCase: string;
  scenarioName: string;
  scenario: Scenario;
  seed: number;
  /** Directory of the synthesized cloud assembly, by deployment label (`planDeployments`). */
  assemblies: Record<string, string>;
  /** The principal that acts for each owner's role. */
  principals: Record<string, string>;
  /** A live endpoint that the charter adopts: it runs the arm `stable` from the beginning. */
  existingEndpoint?: string;
  /** Model packages that the charter names: approved in the registry from the beginning. */
  modelPackages: string[];
  /** The model package group whose approvals the charter listens to. */
  modelPackageGroup?: string;
  /** Names of secrets with a chat's webhook that a charter of the scenario names. */
  chatWebhooks: string[];
  /** The evidence bucket is handed back with the result. */
  keepsEvidence?: boolean;
  kpis: { name: string; better: 'lower' | 'higher'; target?: number; attribution?: 'decision' | 'variant' }[];
}

/** Sent while virtual time runs. */
export interface Progress {
  scenarioName: string;
  /** Virtual seconds since the start, and of the whole scenario. */
  t: number;
  ofSeconds: number;
  requests: number;
  candidateShare: number;
  /** log10 of the evidence for rolling back, and of its threshold. */
  log10Evidence?: number;
  log10Threshold?: number;
  last?: string;
}
