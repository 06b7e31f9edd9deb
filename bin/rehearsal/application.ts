import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BadInputError } from '../../core/errors';
import {
  applicationSucceeded,
  deploymentAlone,
  loadApplicationScenario,
  type ApplicationJob,
  type ApplicationProgress,
  type ApplicationRehearsal,
} from '../../rehearsal';
import { applicationProgressLine, applicationSummary, applicationText } from '../../rehearsal/application/terminal';
import { renderApplicationReport } from '../../rehearsal/report/application/html';
import { complain, print, type Io } from '../io';
import { ProgressDisplay } from './progress-display';
import { runAll } from './run-all';
import { simulate } from './simulation';

export interface ApplicationOptions {
  /** Directory of the cloud assembly. */
  assembly: string;
  /** Files; none: the application is deployed and left alone. */
  scenarios: readonly string[];
  seed: number;
  json: boolean;
  report: string | undefined;
}

/** Rehearses a CDK application through its scenarios; false: something did not hold. */
export async function rehearseApplications(options: ApplicationOptions, io: Io): Promise<boolean> {
  const assembly = assemblyDirectory(options.assembly);
  const scenarios = options.scenarios.length === 0 ? [deploymentAlone(assembly)] : options.scenarios.map(loadApplicationScenario);
  refuseSameNames(scenarios);
  const jobs = scenarios.map(({ name, file, directory, scenario }): ApplicationJob => ({
    assembly,
    scenarioName: name,
    scenario,
    file,
    directory,
    seed: options.seed,
  }));
  const rehearsals = await simulateAll(jobs, options, io);
  report(rehearsals, options, io);
  return rehearsals.every(({ result }) => applicationSucceeded(result));
}

function assemblyDirectory(given: string): string {
  const directory = path.resolve(given);
  if (existsSync(path.join(directory, 'manifest.json'))) return directory;
  throw new BadInputError(
    [
      `sluice rehearse: --assembly is no cloud assembly: it has no manifest.json`,
      `  given:   ${given}`,
      `  allowed: the folder that cdk synth wrote, mostly cdk.out`,
      ...(existsSync(path.join(directory, 'cdk.out', 'manifest.json')) ? [`  Did you mean ${path.join(given, 'cdk.out')}?`] : []),
    ].join('\n'),
  );
}

/** Names tell scenarios apart in what is printed. */
function refuseSameNames(scenarios: readonly { name: string; file: string }[]): void {
  for (const { name, file } of scenarios) {
    const other = scenarios.find((one) => one.name === name && one.file !== file) ?? scenarios.filter((one) => one.file === file)[1];
    if (other !== undefined)
      throw new BadInputError(
        `sluice rehearse: two scenarios have the name ${name}\n  given:   ${file}, ${other.file}\n  allowed: files with different names`,
      );
  }
}

async function simulateAll(jobs: readonly ApplicationJob[], { json }: ApplicationOptions, io: Io): Promise<ApplicationRehearsal[]> {
  const display = new ProgressDisplay<ApplicationProgress>(io, json, jobs.length, applicationProgressLine);
  try {
    return await runAll(jobs, async (job) => {
      const rehearsal = await simulate(job, (progress) => display.show(progress));
      display.finished(job.scenarioName, applicationSummary(rehearsal));
      return rehearsal;
    });
  } finally {
    display.close();
  }
}

function report(rehearsals: ApplicationRehearsal[], { json, report: file }: ApplicationOptions, io: Io): void {
  const [only] = rehearsals;
  if (json) rehearsals.forEach(({ result }) => print(io, JSON.stringify(result)));
  else if (rehearsals.length === 1) print(io, applicationText(only!));
  if (file !== undefined) {
    writeFileSync(file, renderApplicationReport(rehearsals));
    complain(io, `report: ${path.resolve(file)}`);
  }
  const succeeded = rehearsals.filter(({ result }) => applicationSucceeded(result)).length;
  if (!json) print(io, `${succeeded} of ${rehearsals.length} scenarios as expected`);
}
