import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { formatProblem } from '../../core/charter';
import { BadInputError } from '../../core/errors';
import { checkFaults, loadScenarios, succeeded, type Progress, type Rehearsal, type RehearsalJob } from '../../rehearsal';
import { renderReport } from '../../rehearsal/report/html';
import { progressLine, timelineText } from '../../rehearsal/report/terminal';
import type { CommandSpec, ParsedArguments } from '../arguments';
import { helpText, parseArguments } from '../arguments';
import type { Io } from '../io';
import { complain, EXIT, print } from '../io';
import { Assemblies } from '../rehearsal/assemblies';
import { checkCulprit } from '../rehearsal/check-culprit';
import { refuseEvidenceFolder, writeEvidence } from '../rehearsal/evidence-folder';
import { jobOf } from '../rehearsal/job';
import { rehearseApplications } from '../rehearsal/application';
import { ProgressDisplay, summaryLine } from '../rehearsal/progress-display';
import { runAll } from '../rehearsal/run-all';
import { simulate } from '../rehearsal/simulation';
import { withSynthesis } from '../rehearsal/synthesis';
import { readCharter } from '../use-case';

const SPEC: CommandSpec = {
  name: 'rehearse',
  summary:
    'Runs a use case, or any CDK application, here, on virtual time: the synthesized templates and the bundled handlers, with its scenarios.',
  positionals: ['[dir]'],
  options: {
    assembly: { type: 'string', value: 'DIR', help: 'instead of a use case: the cloud assembly of any CDK application, such as cdk.out' },
    scenario: {
      type: 'string',
      value: 'NAME|FILE',
      repeatable: true,
      help: 'use case: only this scenario; default: all of [dir]/scenarios. Application: a scenario, or several; default: it is deployed and left alone',
    },
    seed: { type: 'string', value: 'N', help: 'whole number; the same seed gives the same run (default 1)' },
    profile: { type: 'string', value: 'NAME', help: 'lays this profile of the charter over its serving section' },
    report: { type: 'string', value: 'FILE.html', help: 'writes one self-contained page with charts and the timeline' },
    evidence: { type: 'string', value: 'DIR', help: 'writes the evidence bucket into a new folder, for sluice audit --folder' },
    json: { type: 'boolean', help: 'prints one JSON object per scenario, a line each, and nothing else' },
  },
  notes: [
    'either [dir], a folder with usecase.yaml, or --assembly',
    'exit codes: 0 all expectations, invariants and checks held, 1 one did not, 2 bad input, 3 something the laptop cloud does not support',
  ],
};

export async function run(args: string[], io: Io): Promise<number> {
  const parsed = parseArguments(args, SPEC);
  if (parsed.help) {
    print(io, helpText(SPEC));
    return EXIT.ok;
  }
  // Local dates in handlers and models are Lambda's: UTC.
  process.env['TZ'] = 'UTC';
  refuseReport(parsed.texts['report']);
  const assembly = parsed.texts['assembly'];
  return assembly === undefined ? runUseCase(useCaseDirectory(parsed), parsed, io) : runApplication(assembly, parsed, io);
}

function useCaseDirectory({ positionals: [directory] }: ParsedArguments): string {
  if (directory !== undefined) return path.resolve(directory);
  throw new BadInputError('sluice rehearse: say what to rehearse\n  allowed: <dir>, the folder of a use case; or --assembly cdk.out');
}

async function runUseCase(directory: string, parsed: ParsedArguments, io: Io): Promise<number> {
  const profile = parsed.texts['profile'];
  const only = onlyScenario(parsed);
  const { result } = readCharter(directory, profile);
  if (!result.ok) throw new BadInputError(result.problems.map(formatProblem).join('\n\n'));
  const scenarios = loadScenarios(directory, only);
  scenarios.forEach((scenario) => checkFaults(scenario));
  scenarios.forEach((scenario) => checkCulprit(scenario, result.charter));
  const seed = seedOf(parsed);
  refuseEvidenceFolder(parsed.texts['evidence']);
  const outputDirectory = mkdtempSync(path.join(tmpdir(), 'sluice-rehearsal-'));
  try {
    const jobs = await withSynthesis(async (synthesize) => {
      const assemblies = new Assemblies(directory, profile, outputDirectory, synthesize);
      const made: RehearsalJob[] = [];
      const keepsEvidence = parsed.texts['evidence'] !== undefined;
      for (const scenario of scenarios)
        made.push({ ...jobOf(directory, result.charter, scenario, seed, await assemblies.of(scenario)), keepsEvidence });
      return made;
    });
    return await report(await simulateAll(jobs, parsed, io), parsed, io);
  } finally {
    rmSync(outputDirectory, { recursive: true, force: true });
  }
}

function onlyScenario({ lists }: ParsedArguments): string | undefined {
  const given = lists?.['scenario'] ?? [];
  if (given.length > 1)
    throw new BadInputError(
      `sluice rehearse: --scenario is given ${given.length} times\n  given:   ${given.join(', ')}\n  allowed: once for a use case; without it all scenarios run`,
    );
  return given[0];
}

async function runApplication(assembly: string, parsed: ParsedArguments, io: Io): Promise<number> {
  refuseBeside(parsed);
  const options = {
    assembly,
    scenarios: parsed.lists?.['scenario'] ?? [],
    seed: seedOf(parsed),
    json: parsed.flags['json'] === true,
    report: parsed.texts['report'],
  };
  return (await rehearseApplications(options, io)) ? EXIT.ok : EXIT.failed;
}

/** What only a use case has. */
function refuseBeside({ positionals: [directory], texts }: ParsedArguments): void {
  const beside = [
    ...(directory === undefined ? [] : [directory]),
    ...['profile', 'evidence'].filter((name) => texts[name] !== undefined).map((name) => `--${name}`),
  ];
  if (beside.length > 0)
    throw new BadInputError(
      `sluice rehearse: --assembly and ${beside.join(', ')} exclude each other\n  allowed: <dir> for a use case, --assembly for any other CDK application`,
    );
}

function seedOf(parsed: ParsedArguments): number {
  const text = parsed.texts['seed'] ?? '1';
  const seed = Number(text);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new BadInputError(`sluice rehearse: --seed is a whole number from 0; given: ${text}`);
  return seed;
}

/** Before anything runs: a rehearsal takes minutes. */
function refuseReport(file: string | undefined): void {
  if (file === undefined) return;
  const folder = path.dirname(path.resolve(file));
  const refused = (why: string): BadInputError =>
    new BadInputError(
      `sluice rehearse: --report ${why}\n  given:   ${file}\n  allowed: a file, such as report.html, in a folder that exists`,
    );
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw refused(`goes to a folder that does not exist: ${folder}`);
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true) throw refused('is a folder');
}

async function simulateAll(jobs: RehearsalJob[], parsed: ParsedArguments, io: Io): Promise<Rehearsal[]> {
  const display = new ProgressDisplay<Progress>(io, parsed.flags['json'] === true, jobs.length, progressLine);
  try {
    return await runAll(jobs, async (job) => {
      const rehearsal = await simulate(job, (progress) => display.show(progress));
      display.finished(job.scenarioName, summaryLine(rehearsal.result));
      return rehearsal;
    });
  } finally {
    display.close();
  }
}

async function report(rehearsals: Rehearsal[], parsed: ParsedArguments, io: Io): Promise<number> {
  const results = rehearsals.map(({ result }) => result);
  if (parsed.flags['json'] === true) results.forEach((result) => print(io, JSON.stringify(result)));
  else if (results.length === 1) print(io, timelineText(results[0]!, { series: rehearsals[0]!.series }));
  const file = parsed.texts['report'];
  if (file !== undefined) {
    writeFileSync(file, renderReport(rehearsals.map(({ result, series }) => ({ ...result, series }))));
    complain(io, `report: ${path.resolve(file)}`);
  }
  const folder = parsed.texts['evidence'];
  if (folder !== undefined) writeEvidence(path.resolve(folder), rehearsals).forEach((one) => complain(io, `evidence: ${one}`));
  const failed = results.filter((result) => !succeeded(result));
  if (parsed.flags['json'] !== true) print(io, `${results.length - failed.length} of ${results.length} scenarios as expected`);
  return failed.length === 0 ? EXIT.ok : EXIT.failed;
}
