import pc from 'picocolors';
import { timesText } from '../report/figures';
import { clockText, countText, durationText, sentence } from '../report/words';
import type { ApplicationProgress } from './job';
import { brokenIn, isTurn, numbered, tookText } from './words';
import { applicationSucceeded, type ApplicationRehearsal, type ApplicationResult, type ExecutionResult } from './result';

type Colours = ReturnType<typeof pc.createColors>;

const MOST_TURNS = 30;
const MOST_EXECUTIONS = 12;
const MOST_LISTED = 8;

const coloursFor = (stream: { isTTY?: boolean }): Colours => pc.createColors(stream.isTTY === true && !process.env['NO_COLOR']);

/** Where a running scenario stands, in one line. */
export function applicationProgressLine(progress: ApplicationProgress, colours: Colours = coloursFor(process.stderr)): string {
  const { scenarioName, t, ofSeconds, inputs, invocations, executionsRunning } = progress;
  const parts = [
    `${colours.bold(scenarioName)} ${durationText(t)} of ${durationText(ofSeconds)}`,
    numbered(inputs, 'input'),
    numbered(invocations, 'invocation'),
    `${numbered(executionsRunning, 'execution')} running`,
  ];
  return parts.join('  ');
}

/** One scenario in a line, and what did not hold. */
export function applicationSummary({ result, wallSeconds }: ApplicationRehearsal, colours: Colours = coloursFor(process.stdout)): string {
  const facts = `${numbered(result.inputs.length + (result.inputsLeftOut ?? 0), 'input')}, ${numbered(result.executions.length, 'execution')}, ${wallSeconds.toFixed(1)} s`;
  const broken = brokenIn(result).map((text) => colours.red(`    did not hold: ${text}`));
  return [`${mark(applicationSucceeded(result), colours)} ${result.scenario.padEnd(22)} ${facts}`, ...broken].join('\n');
}

const mark = (ok: boolean, colours: Colours): string => (ok ? colours.green('✓') : colours.red('✗'));

/** A rehearsal for the terminal: what ran, what happened when, how executions ended, and what held. */
export function applicationText(rehearsal: ApplicationRehearsal, options: { colours?: boolean } = {}): string {
  const colours = options.colours === undefined ? coloursFor(process.stdout) : pc.createColors(options.colours);
  const { result } = rehearsal;
  const sections = [
    heading(rehearsal, colours),
    turns(result, colours),
    executionLines(result, colours),
    functionLines(result),
    verdicts(result, colours),
    iamLines(result, colours),
    endLines(result, colours),
  ].filter((lines) => lines.length > 0);
  return sections.map((lines) => lines.join('\n')).join('\n\n');
}

function heading({ result, wallSeconds }: ApplicationRehearsal, colours: Colours): string[] {
  const { application, scenario, title, stacks, inputs, inputsLeftOut = 0, virtualSeconds, drainedAtSeconds, seed } = result;
  const resources = stacks.reduce((sum, stack) => sum + stack.resources, 0);
  const drained = drainedAtSeconds - virtualSeconds;
  const time = `${durationText(virtualSeconds)}${drained > 0 ? ` and ${durationText(drained)} to run dry` : ''}`;
  return [
    `${mark(applicationSucceeded(result), colours)} ${colours.bold(`${application} · ${scenario}`)}  ${title}`,
    `  ${numbered(resources, 'resource')}, ${numbered(inputs.length + inputsLeftOut, 'input')}, ${time}, seed ${seed}, ${wallSeconds.toFixed(1)} s of yours`,
  ];
}

/** The same sentence again and again is told once, with how often. */
function turns(result: ApplicationResult, colours: Colours): string[] {
  const told = new Map<string, { t: number; count: number }>();
  for (const entry of result.timeline.filter(isTurn)) {
    const words = sentence(entry);
    const known = told.get(words);
    if (known === undefined) told.set(words, { t: entry.t, count: 1 });
    else known.count += 1;
  }
  const listed = [...told].slice(0, MOST_TURNS);
  const width = Math.max(4, ...listed.map(([, { t }]) => clockText(t).length));
  const lines = listed.map(
    ([words, { t, count }]) =>
      `  ${colours.dim(clockText(t).padStart(width))}  ${oneLine(words)}${count === 1 ? '' : ` (${timesText(count)})`}`,
  );
  return told.size > listed.length ? [...lines, colours.dim(`  … ${countText(told.size - listed.length)} more: --json`)] : lines;
}

const LONGEST_LINE = 200;
const oneLine = (text: string): string => {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE)}…`;
};

function executionLines({ executions }: ApplicationResult, colours: Colours): string[] {
  if (executions.length === 0) return [];
  const own = executions.filter(({ mapRun }) => mapRun !== true);
  const lines = own.length <= MOST_EXECUTIONS ? own.map((one) => executionLine(one, colours)) : tallies(own);
  return [`  ${colours.bold('Executions')}`, ...lines, ...tallies(executions.filter(({ mapRun }) => mapRun === true))];
}

function executionLine(execution: ExecutionResult, colours: Colours): string {
  const { stateMachine, name, status, startedAtSeconds, endedAtSeconds, states } = execution;
  const took = endedAtSeconds === undefined ? 'still runs' : tookText(endedAtSeconds - startedAtSeconds);
  const path = states.map(({ state }) => state);
  const shown = path.length <= MOST_LISTED ? path : [...path.slice(0, 3), '…', ...path.slice(-3)];
  const how = status === 'SUCCEEDED' ? status : status === 'RUNNING' ? colours.yellow(status) : colours.red(status);
  return `  ${stateMachine} ${name}: ${how}, ${took}  ${colours.dim(shown.join(' → '))}`;
}

function tallies(executions: readonly ExecutionResult[]): string[] {
  const counts = new Map<string, number>();
  for (const { stateMachine, status } of executions) {
    const key = `${stateMachine}: ${status}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([what, count]) => `  ${what} ${timesText(count)}`);
}

function functionLines({ functions, queues }: ApplicationResult): string[] {
  const ran = functions.map(({ function: name, invocations, errors, standIn }) => {
    const failed = errors === 0 ? '' : `, ${countText(errors)} failed`;
    return `  ${name}: ran ${timesText(invocations)}${failed}${standIn === true ? ' (a stand-in)' : ''}`;
  });
  const held = queues
    .filter(({ messages }) => messages > 0)
    .map(
      ({ queue, messages, isDeadLetterQueue }) =>
        `  ${queue}: ${numbered(messages, 'message')} at the end${isDeadLetterQueue ? ', a dead-letter queue' : ''}`,
    );
  return [...ran, ...held];
}

function verdicts({ expectations, checks }: ApplicationResult, colours: Colours): string[] {
  const lines = expectations.map(
    ({ text, held, seen }) => `  ${mark(held, colours)} ${text}${held || seen === undefined ? '' : `, but: ${seen}`}`,
  );
  const failed = checks.filter(({ held }) => !held);
  const passed = checks.length - failed.length;
  if (passed > 0)
    lines.push(`  ${mark(true, colours)} ${failed.length === 0 ? `all ${passed}` : `${passed} of ${checks.length}`} checks held`);
  for (const { name, violations = [], count = 0 } of failed) {
    lines.push(...violations.slice(0, 3).map((violation) => `  ${mark(false, colours)} ${name}: ${violation}`));
    if (count > 3) lines.push(colours.dim(`    … ${countText(count - 3)} more of these`));
  }
  return lines;
}

function iamLines({ iam }: ApplicationResult, colours: Colours): string[] {
  if (iam.unused.length === 0) return [];
  const granted = numbered(iam.unused.length, 'permission');
  return [colours.dim(`  ${granted} granted and not needed in this scenario: --json names them`)];
}

/** What is left when it is over. */
function endLines({ stillUnderWay, stacks, alarms }: ApplicationResult, colours: Colours): string[] {
  const waiting = stillUnderWay.slice(0, MOST_LISTED).map((what) => `  ${colours.yellow('!')} still under way at the end: ${what}`);
  const more = stillUnderWay.length > MOST_LISTED ? [colours.dim(`    … ${countText(stillUnderWay.length - MOST_LISTED)} more`)] : [];
  const retained = stacks.flatMap((stack) => stack.retained);
  const paths = retained.slice(0, MOST_LISTED).map(({ constructPath }) => constructPath);
  const rest = retained.length > MOST_LISTED ? `, … (${retained.length})` : '';
  const kept = retained.length === 0 ? [] : [`  stays when the stacks are deleted, by its removal policy: ${paths.join(', ')}${rest}`];
  const blind = alarms.flatMap(({ alarm, withoutData = [] }) =>
    withoutData.map((metric) => `  ${colours.yellow('!')} alarm ${alarm}: no data of ${metric} came`),
  );
  return [...waiting, ...more, ...blind, ...kept];
}
