import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { formatProblem } from '../../core/charter';
import { BadInputError } from '../../core/errors';
import { checkFaults, loadScenarios, succeeded, type Rehearsal, type RehearsalJob } from '../../rehearsal';
import { renderReport } from '../../rehearsal/report/html';
import { timelineText } from '../../rehearsal/report/terminal';
import type { CommandSpec, ParsedArguments } from '../arguments';
import { helpText, parseArguments } from '../arguments';
import type { Io } from '../io';
import { complain, EXIT, print } from '../io';
import { Assemblies } from '../rehearsal/assemblies';
import { checkCulprit } from '../rehearsal/check-culprit';
import { refuseEvidenceFolder, writeEvidence } from '../rehearsal/evidence-folder';
import { jobOf } from '../rehearsal/job';
import { ProgressDisplay } from '../rehearsal/progress-display';
import { simulate } from '../rehearsal/simulation';
import { withSynthesis } from '../rehearsal/synthesis';
import { readCharter } from '../use-case';

const SPEC: CommandSpec = {
  name: 'rehearse',
  summary: 'Runs a use case here, on virtual time: the synthesized template and the bundled handlers, with the scenarios of its folder.',
  positionals: ['<dir>'],
  options: {
    scenario: { type: 'string', value: 'NAME|FILE', help: 'only this scenario; default: all of <dir>/scenarios' },
    seed: { type: 'string', value: 'N', help: 'whole number; the same seed gives the same run (default 1)' },
    profile: { type: 'string', value: 'NAME', help: 'lays this profile of the charter over its serving section' },
    report: { type: 'string', value: 'FILE.html', help: 'writes one self-contained page with charts and the timeline' },
    evidence: { type: 'string', value: 'DIR', help: 'writes the evidence bucket into a new folder, for sluice audit --folder' },
    json: { type: 'boolean', help: 'prints one JSON object per scenario, a line each, and nothing else' },
  },
  notes: ['exit codes: 0 all expectations and invariants held, 1 one did not, 2 bad input, 3 something the laptop cloud does not support'],
};

/** Scenarios that run side by side, each in its own simulation thread. */
const THREADS = 2;

export async function run(args: string[], io: Io): Promise<number> {
  const parsed = parseArguments(args, SPEC);
  if (parsed.help) {
    print(io, helpText(SPEC));
    return EXIT.ok;
  }
  // Local dates in handlers and models are Lambda's: UTC.
  process.env['TZ'] = 'UTC';
  const directory = path.resolve(parsed.positionals[0]!);
  const profile = parsed.texts['profile'];
  const { result } = readCharter(directory, profile);
  if (!result.ok) throw new BadInputError(result.problems.map(formatProblem).join('\n\n'));
  const scenarios = loadScenarios(directory, parsed.texts['scenario']);
  scenarios.forEach((scenario) => checkFaults(scenario));
  scenarios.forEach((scenario) => checkCulprit(scenario, result.charter));
  const seed = seedOf(parsed);
  refuseReport(parsed.texts['report']);
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
    return await report(await runAll(jobs, parsed, io), parsed, io);
  } finally {
    rmSync(outputDirectory, { recursive: true, force: true });
  }
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

/** Runs all jobs, a few at a time; results keep the order of the jobs. */
async function runAll(jobs: RehearsalJob[], parsed: ParsedArguments, io: Io): Promise<Rehearsal[]> {
  const display = new ProgressDisplay(io, parsed.flags['json'] === true, jobs.length);
  const results: Rehearsal[] = new Array<Rehearsal>(jobs.length);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < jobs.length) {
      const index = next;
      next += 1;
      const job = jobs[index]!;
      const rehearsal = await simulate(job, (progress) => display.show(progress));
      results[index] = rehearsal;
      display.finished(rehearsal.result);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(THREADS, jobs.length) }, work));
  } finally {
    display.close();
  }
  return results;
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
