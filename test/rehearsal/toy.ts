import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Assemblies } from '../../bin/rehearsal/assemblies';
import { jobOf } from '../../bin/rehearsal/job';
import { simulate } from '../../bin/rehearsal/simulation';
import { synthesize } from '../../bin/synthesize';
import { readCharter } from '../../bin/use-case';
import { loadScenarios, type NamedScenario } from '../../rehearsal';
import type { Template } from '../../rehearsal/assembly/load';
import type { RehearsalJob } from '../../rehearsal/world/job';
import type { RehearsalResult } from '../../rehearsal/world/result';

/** The simulation thread as it is built: users' modules are real ES modules there. */
const WORKER = path.resolve(__dirname, '../../dist/bin/rehearsal-worker.js');

export const TOY = path.join(__dirname, 'use-case');

export const toyScenario = (name: string): NamedScenario => loadScenarios(TOY, name)[0]!;

/** The job for a scenario of the toy use case, synthesized into a directory of its own. */
export async function toyJob(named: NamedScenario, seed = 1, directory = TOY): Promise<RehearsalJob> {
  const { result } = readCharter(directory);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const assemblies = await new Assemblies(directory, undefined, mkdtempSync(path.join(tmpdir(), 'sluice-toy-')), synthesize).of(named);
  return jobOf(directory, result.charter, named, seed, assemblies);
}

export async function run(job: RehearsalJob): Promise<RehearsalResult> {
  const { result } = await simulate(job, () => undefined, WORKER);
  return { ...result, wallSeconds: 0 };
}

/** The same job with every assembly's template changed, as if somebody had synthesized something else. */
export function withEditedTemplates(job: RehearsalJob, edit: (template: Template) => void): RehearsalJob {
  const assemblies = Object.fromEntries(
    Object.entries(job.assemblies).map(([label, directory]) => {
      const copy = mkdtempSync(path.join(tmpdir(), 'sluice-edited-'));
      cpSync(directory, copy, { recursive: true });
      for (const file of readdirSync(copy).filter((name) => name.endsWith('.template.json'))) {
        const template = JSON.parse(readFileSync(path.join(copy, file), 'utf8')) as Template;
        edit(template);
        writeFileSync(path.join(copy, file), JSON.stringify(template));
      }
      return [label, copy];
    }),
  );
  return { ...job, assemblies };
}
