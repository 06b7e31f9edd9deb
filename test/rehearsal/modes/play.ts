import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Assemblies } from '../../../bin/rehearsal/assemblies';
import { jobOf } from '../../../bin/rehearsal/job';
import { synthesize } from '../../../bin/synthesize';
import { readCharter } from '../../../bin/use-case';
import { checkActions } from '../../../rehearsal/world/action-keys';
import { checkFaults } from '../../../rehearsal/world/check-faults';
import type { RehearsalJob } from '../../../rehearsal/world/job';
import type { RehearsalResult } from '../../../rehearsal/world/result';
import { scenarioSchema } from '../../../rehearsal/world/scenario-schema';
import { perform } from '../releases/play';

export { deploy, wrong } from '../releases/play';

const USE_CASE = path.join(__dirname, '../releases/use-case');
const FILES = path.join(__dirname, 'files');

/** What stands in every scenario, unless it says otherwise. */
const COMMON = {
  title: 'test',
  duration: '2h',
  traffic: { perMinute: 8, source: 'traffic.mjs' },
  given: { stable: 'promoted' },
  arms: {
    stable: { model: 'models/stable.mjs' },
    good: { model: 'models/good.mjs' },
    bad: { model: 'models/bad.mjs' },
    failing: { model: 'models/failing.mjs' },
  },
  outcomes: 'outcomes.mjs',
  people: [{ role: 'quality', after: '5m', decision: 'approve', comment: 'looks fine' }],
};

export interface Story {
  /** Laid over the charter at every deploy of the scenario. */
  charter?: Record<string, unknown>;
  seed?: number;
  [part: string]: unknown;
}

/** The small use case of the releases' tests, served as the charter's line says. */
export class ModeOfServing {
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'sluice-modes-'));
  private readonly assemblies: Assemblies;

  constructor(serving: string, more: [RegExp, string][] = []) {
    cpSync(USE_CASE, this.folder, { recursive: true });
    cpSync(FILES, this.folder, { recursive: true });
    const file = path.join(this.folder, 'usecase.yaml');
    const changes: [RegExp, string][] = [[/^serving:.*$/m, `serving: ${serving}`], ...more];
    const text = changes.reduce(
      (charter, [from, to]) => {
        if (!from.test(charter)) throw new Error(`${String(from)} is not in the charter`);
        return charter.replace(from, to);
      },
      readFileSync(file, 'utf8'),
    );
    writeFileSync(file, text);
    this.assemblies = new Assemblies(this.folder, undefined, mkdtempSync(path.join(tmpdir(), 'sluice-modes-')), synthesize);
  }

  async play(story: Story): Promise<RehearsalResult> {
    return perform(await this.prepare(story));
  }

  async prepare({ charter: change, seed = 1, ...parts }: Story): Promise<RehearsalJob> {
    const given: Record<string, unknown> = { ...COMMON, ...parts };
    const actions = ((given['actions'] ?? []) as Record<string, unknown>[]).map((action) =>
      action['do'] === 'deploy' && change !== undefined ? { change, ...action } : action,
    );
    const named = { name: 'test', file: 'test.yaml', scenario: scenarioSchema.parse({ ...given, actions }) };
    checkActions(named);
    checkFaults(named);
    const { result } = readCharter(this.folder);
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    return jobOf(this.folder, result.charter, named, seed, await this.assemblies.of(named));
  }
}
