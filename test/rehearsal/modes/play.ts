import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { RehearsalJob } from '../../../rehearsal/world/job';
import type { RehearsalResult } from '../../../rehearsal/world/result';
import { Stage, type Story } from '../support/stage';
import { COMMON, WORKER } from '../releases/play';

export { deploy, wrong } from '../releases/play';

const USE_CASE = path.join(__dirname, '../releases/use-case');
const FILES = path.join(__dirname, 'files');

/** The small use case of the releases' tests, served as the charter's line says. */
export class ModeOfServing {
  private readonly stage: Stage<{ result: RehearsalResult }>;

  constructor(serving: string, more: [RegExp, string][] = []) {
    const folder = mkdtempSync(path.join(tmpdir(), 'sluice-modes-'));
    cpSync(USE_CASE, folder, { recursive: true });
    cpSync(FILES, folder, { recursive: true });
    const file = path.join(folder, 'usecase.yaml');
    const changes: [RegExp, string][] = [[/^serving:.*$/m, `serving: ${serving}`], ...more];
    const text = changes.reduce(
      (charter, [from, to]) => {
        if (!from.test(charter)) throw new Error(`${String(from)} is not in the charter`);
        return charter.replace(from, to);
      },
      readFileSync(file, 'utf8'),
    );
    writeFileSync(file, text);
    this.stage = new Stage(folder, { ...COMMON, duration: '2h' }, () => WORKER);
  }

  async play(story: Story): Promise<RehearsalResult> {
    return (await this.stage.play(story)).result;
  }

  prepare(story: Story): Promise<RehearsalJob> {
    return this.stage.prepare(story);
  }
}
