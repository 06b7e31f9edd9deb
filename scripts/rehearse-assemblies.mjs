// Rehearses every cloud assembly of a folder, each in a process of its own under a clock on the wall, and says of each: ran, or why not.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const USAGE = `node scripts/rehearse-assemblies.mjs FOLDER [--scenarios FOLDER] [--timeout SECONDS] [--json]

Each sub-folder of FOLDER that is a cloud assembly, or holds one in cdk.out, is rehearsed: with its scenario.yaml, or else with
<name>.yaml of --scenarios, or else it is deployed, left alone for an hour and deleted.

  --scenarios FOLDER  scenarios by the name of the sub-folder
  --timeout SECONDS   wall time after which a rehearsal counts as hung and is killed (default 300)
  --sluice FILE       the command to run (default: dist/bin/sluice.js of this checkout)
  --json              prints one JSON object a line

exit code: 0 each ran as expected or was refused by name, 1 at least one did neither, 2 bad input`;

/** What a rehearsal can come to; these two are as they should be. */
const SOUND = new Set(['ran', 'refused']);

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      scenarios: { type: 'string' },
      timeout: { type: 'string', default: '300' },
      sluice: { type: 'string', default: path.join(root, 'dist', 'bin', 'sluice.js') },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return { help: true };
  if (positionals.length !== 1) throw new Error(`one FOLDER; given: ${positionals.length === 0 ? 'none' : positionals.join(' ')}`);
  const timeoutSeconds = Number(values.timeout);
  if (!(timeoutSeconds > 0)) throw new Error(`--timeout is a number of seconds above 0; given: ${values.timeout}`);
  const folder = path.resolve(positionals[0]);
  for (const [what, given] of [
    ['FOLDER', folder],
    ['--scenarios', values.scenarios],
  ])
    if (given !== undefined && statSync(given, { throwIfNoEntry: false })?.isDirectory() !== true)
      throw new Error(`${what} is no folder: ${given}`);
  return { folder, scenarios: values.scenarios, timeoutSeconds, sluice: path.resolve(values.sluice), json: values.json };
}

/** The sub-folders in order of their names, each with its assembly and its scenario where there are any. */
function findAssemblies({ folder, scenarios }) {
  const places = (name) => [path.join(folder, name), path.join(folder, name, 'cdk.out')];
  const scenarioPlaces = (name) => [
    path.join(folder, name, 'scenario.yaml'),
    ...(scenarios === undefined ? [] : [path.join(scenarios, `${name}.yaml`)]),
  ];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({
      name,
      assembly: places(name).find((place) => existsSync(path.join(place, 'manifest.json'))),
      scenario: scenarioPlaces(name).find((file) => existsSync(file)),
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Runs the command to its end, or to the end of its time: then its whole process group goes. */
function runCommand(command, timeoutSeconds) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const said = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text) => (said.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (said.stderr += text));
    let hung = false;
    const killGroup = () => {
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended just now.
      }
    };
    const watchdog = setTimeout(() => {
      hung = true;
      killGroup();
    }, timeoutSeconds * 1000);
    const interrupted = () => {
      killGroup();
      process.exit(130);
    };
    process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(watchdog);
      process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
      resolve({ code, signal, hung, ...said });
    });
  });
}

/** The end of what was said, without the places in the code. */
const lastLines = (text, count) =>
  text
    .trim()
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s+at /.test(line))
    .slice(-count)
    .join('\n');

function resultsOf(stdout) {
  try {
    return stdout
      .trim()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  } catch {
    return [];
  }
}

/** What did not hold, in words; of a check its first violations. */
function brokenOf({ expectations = [], checks = [] }) {
  const broken = ({ held }) => !held;
  return [
    ...expectations.filter(broken).map(({ where, text, seen }) => `${where}: ${text}${seen === undefined ? '' : `; seen: ${seen}`}`),
    ...checks.filter(broken).map(({ name, violations = [] }) => `${name}: ${violations.join('; ')}`),
  ];
}

/** One verdict of what the command said. An end without a result, or a refusal without a word, is a defect. */
function judge({ code, signal, hung, stdout, stderr }, timeoutSeconds) {
  if (hung) return { verdict: 'hung', detail: `killed after ${timeoutSeconds} s` };
  const [result] = resultsOf(stdout);
  const said = stderr.trim();
  if (code === 0 && result !== undefined) return { verdict: 'ran', detail: summaryOf(result) };
  if (code === 1 && result !== undefined) return { verdict: 'not as expected', detail: brokenOf(result).join('\n') };
  if (code === 2 && said !== '') return { verdict: 'bad input', detail: said };
  if (code === 3 && said !== '') return { verdict: 'refused', ...refusalOf(said) };
  const end = signal === null ? `exit code ${code}` : `signal ${signal}`;
  return { verdict: 'crashed', detail: `${end}${said === '' ? ', without a word' : `: ${lastLines(said, 5)}`}` };
}

/** The list of all that is missing where the command gives one, else its one reason. */
function refusalOf(said) {
  const missing = said
    .split('\n')
    .filter((line) => line.startsWith('  '))
    .map((line) => line.trim());
  return { detail: said, missing: missing.length > 0 ? missing : [lastLines(said, 1)] };
}

function summaryOf({ stacks = [], inputs = [], executions = [], functions = [], expectations = [] }) {
  const count = (number, word) => (number === 0 ? [] : [`${number} ${word}${number === 1 ? '' : 's'}`]);
  return [
    ...count(stacks.length, 'stack'),
    ...count(inputs.length, 'input'),
    ...count(executions.length, 'execution'),
    ...count(
      functions.reduce((sum, { invocations }) => sum + invocations, 0),
      'invocation',
    ),
    ...count(expectations.length, 'expectation'),
  ].join(', ');
}

async function rehearse({ name, assembly, scenario }, { sluice, timeoutSeconds }) {
  if (assembly === undefined) return { name, verdict: 'no assembly', detail: 'neither it nor its cdk.out has a manifest.json', seconds: 0 };
  const began = performance.now();
  const command = [sluice, 'rehearse', '--assembly', assembly, ...(scenario === undefined ? [] : ['--scenario', scenario]), '--json'];
  const verdict = judge(await runCommand(command, timeoutSeconds), timeoutSeconds);
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  return { name, ...verdict, ...(scenario === undefined ? {} : { scenario: path.basename(scenario) }), seconds };
}

function printRow({ name, verdict, detail, missing, seconds }, width) {
  const [first = '', ...others] = missing ?? detail.split('\n');
  const indent = ' '.repeat(width + 26);
  console.log(`${name.padEnd(width)}  ${verdict.padEnd(16)}${String(seconds).padStart(5)} s ${first}`);
  others.forEach((line) => console.log(`${indent}${line}`));
}

function printSummary(rows) {
  const verdicts = [...new Set(rows.map(({ verdict }) => verdict))];
  const counts = verdicts.map((verdict) => `${rows.filter((row) => row.verdict === verdict).length} ${verdict}`);
  console.log(`\n${rows.length} assemblies: ${counts.join(', ')}`);
}

async function main() {
  const options = readArguments();
  if (options.help) return console.log(USAGE);
  const assemblies = findAssemblies(options);
  if (assemblies.length === 0) throw new Error(`${options.folder} has no sub-folder`);
  const width = Math.max(...assemblies.map(({ name }) => name.length));
  const rows = [];
  for (const assembly of assemblies) {
    const row = await rehearse(assembly, options);
    rows.push(row);
    if (options.json) console.log(JSON.stringify(row));
    else printRow(row, width);
  }
  if (!options.json) printSummary(rows);
  process.exitCode = rows.every(({ verdict }) => SOUND.has(verdict)) ? 0 : 1;
}

main().catch((error) => {
  console.error(`rehearse-assemblies: ${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
});
