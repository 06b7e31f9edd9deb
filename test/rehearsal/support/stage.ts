import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Assemblies } from '../../../bin/rehearsal/assemblies';
import { jobOf } from '../../../bin/rehearsal/job';
import { simulate } from '../../../bin/rehearsal/simulation';
import { synthesize } from '../../../bin/synthesize';
import { readCharter } from '../../../bin/use-case';
import { checkActions } from '../../../rehearsal/world/action-keys';
import { checkFaults } from '../../../rehearsal/world/check-faults';
import type { RehearsalJob } from '../../../rehearsal/world/job';
import type { RehearsalResult } from '../../../rehearsal/world/result';
import { scenarioSchema } from '../../../rehearsal/world/scenario-schema';

/** Parts of a scenario. */
export interface Story {
  /** Laid over the charter at every deploy of the scenario; a deploy's own change goes before it. */
  charter?: Record<string, unknown>;
  seed?: number;
  [part: string]: unknown;
}

/** A use case on which stories are played: one synthesis for each charter of a test file. */
export class Stage<Played extends { result: RehearsalResult }> {
  private readonly assemblies: Assemblies;
  private worker: string | undefined;

  /**
   * @param useCase folder of the use case
   * @param common what stands in every scenario, unless a story says otherwise
   * @param workerOf file of the simulation thread
   */
  constructor(
    private readonly useCase: string,
    private readonly common: Record<string, unknown>,
    private readonly workerOf: () => string,
  ) {
    this.assemblies = new Assemblies(useCase, undefined, mkdtempSync(path.join(tmpdir(), 'sluice-stage-')), synthesize);
  }

  async prepare({ charter, seed = 1, ...parts }: Story): Promise<RehearsalJob> {
    const given: Record<string, unknown> = { ...this.common, ...parts };
    const actions = ((given['actions'] ?? []) as Record<string, unknown>[]).map((action) =>
      action['do'] === 'deploy' && charter !== undefined ? { ...action, change: { ...charter, ...(action['change'] as object) } } : action,
    );
    const named = { name: 'test', file: 'test.yaml', scenario: scenarioSchema.parse({ ...given, actions }) };
    checkActions(named);
    checkFaults(named);
    const { result } = readCharter(this.useCase);
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    return jobOf(this.useCase, result.charter, named, seed, await this.assemblies.of(named));
  }

  async perform(job: RehearsalJob): Promise<Played> {
    this.worker ??= this.workerOf();
    return (await simulate(job, () => undefined, this.worker)) as unknown as Played;
  }

  async play(story: Story): Promise<Played> {
    return this.perform(await this.prepare(story));
  }
}

/** What did not go as it should: expectations and invariants, in words. */
export const wrongOf = ({ expectations, invariants }: RehearsalResult): string[] => [
  ...expectations.filter(({ held }) => !held).map(({ text, seen }) => `${text}; seen: ${seen}`),
  ...invariants.filter(({ held }) => !held).map(({ name, violations }) => `${name}: ${violations?.join('; ')}`),
];

/** An action of a scenario. */
export const deployOf = (release: string, at = '1m', more: Record<string, unknown> = {}): Record<string, unknown> => ({
  at,
  do: 'deploy',
  release,
  ...more,
});
