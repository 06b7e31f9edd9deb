import { type IncidentRecord, incidentStatusOf } from '../../core/contracts';
import { didYouMean } from '../../core/charter/suggest';
import { BadInputError } from '../../core/errors';
import { newestFirst, recoverSeconds } from '../../core/incident/incident';
import type { CommandSpec, OptionSpec } from '../arguments';
import { helpText, parseArguments, requiredText } from '../arguments';
import type { Io } from '../io';
import { EXIT, print } from '../io';
import type { Transport } from '../signed-request';
import { realTransport } from '../signed-request';
import { stackOutput } from '../stack-outputs';
import { connect, type Connect } from './kpi/store';
import { askAsOwner, OWNER_EXIT_CODES, PLACE, reportAnswer } from './owner-request';

const SUBCOMMANDS: Record<string, string> = {
  list: 'lists incidents, the newest first',
  acknowledge: 'says that you have seen an incident',
  resolve: 'says that an incident is over, and what was found',
};

type Act = 'acknowledge' | 'resolve';

const LIST: CommandSpec = {
  name: 'incident list',
  summary: 'Lists incidents, the newest first: those that are not resolved, or all.',
  positionals: [],
  options: {
    all: { type: 'boolean', help: 'those that are resolved too' },
    json: { type: 'boolean', help: 'as JSON' },
    table: { type: 'string', value: 'NAME', help: "the ledger's table; default: the stack's output" },
    outputs: PLACE['outputs']!,
    stack: PLACE['stack']!,
    region: { type: 'string', value: 'REGION', help: "default: your AWS configuration's" },
  },
  notes: ['reads the ledger with your AWS credentials', 'exit codes: 0 none is open, 1 there are open ones, 2 bad input'],
};

const COMMENT: Record<Act, OptionSpec> = {
  acknowledge: { type: 'string', value: 'TEXT', help: 'kept with the incident' },
  resolve: { type: 'string', value: 'TEXT', help: 'what was found; kept with the incident' },
};

const actSpec = (act: Act): CommandSpec => ({
  name: `incident ${act}`,
  summary: `${act === 'resolve' ? 'Resolves' : 'Acknowledges'} an incident. Who did is whoever signs the request.`,
  positionals: ['incident'],
  options: { comment: COMMENT[act], ...PLACE },
  notes: [OWNER_EXIT_CODES],
});

/** `sluice incident list|acknowledge|resolve`. */
export async function run(args: string[], io: Io, transport: () => Transport = realTransport, to: Connect = connect): Promise<number> {
  const [subcommand, ...rest] = args;
  if (subcommand === '--help' || subcommand === '-h') return showHelp(io);
  if (subcommand === 'list') return list(rest, io, to);
  if (subcommand === 'acknowledge' || subcommand === 'resolve') return act(subcommand, rest, io, transport);
  const names = Object.keys(SUBCOMMANDS);
  const hint = subcommand === undefined ? undefined : didYouMean(subcommand, names);
  throw new BadInputError(
    [
      `sluice incident: ${subcommand === undefined ? 'a subcommand is missing' : `unknown subcommand ${subcommand}`}`,
      `  allowed: ${names.join(', ')}`,
      ...(hint === undefined ? [] : [`  ${hint}`]),
    ].join('\n'),
  );
}

function showHelp(io: Io): number {
  const lines = Object.entries(SUBCOMMANDS).map(([name, summary]) => `  ${name.padEnd(12)} ${summary}`);
  print(io, ['usage: sluice incident SUBCOMMAND [options]', '', ...lines, '', 'sluice incident SUBCOMMAND --help says more.'].join('\n'));
  return EXIT.ok;
}

async function list(args: string[], io: Io, to: Connect): Promise<number> {
  const parsed = parseArguments(args, LIST);
  if (parsed.help) {
    print(io, helpText(LIST));
    return EXIT.ok;
  }
  const { outputs, stack, region } = parsed.texts;
  const place = { instead: '--table', ...(outputs === undefined ? {} : { file: outputs }), ...(stack === undefined ? {} : { stack }) };
  const table = parsed.texts['table'] ?? stackOutput('LedgerTableName', place);
  const store = await to({ table, ...(region === undefined ? {} : { region }) });
  const all = newestFirst((await store.query('incidents')).map(recordOf));
  const shown = parsed.flags['all'] === true ? all : all.filter(({ resolved }) => resolved === undefined);
  if (parsed.flags['json'] === true) {
    print(io, JSON.stringify(shown, undefined, 2));
  } else {
    print(io, shown.length === 0 ? 'no incident' : shown.map(words).join('\n'));
  }
  return all.some((incident) => incidentStatusOf(incident) === 'open') ? EXIT.failed : EXIT.ok;
}

function recordOf(item: Record<string, unknown>): IncidentRecord {
  return Object.fromEntries(Object.entries(item).filter(([name]) => name !== 'pk' && name !== 'sk')) as unknown as IncidentRecord;
}

function words(incident: IncidentRecord): string {
  const { id, openedAt, openedBy, reason, acknowledged, resolved } = incident;
  const seconds = recoverSeconds(incident);
  const lines = [
    `${id}  ${incidentStatusOf(incident)}`,
    `  ${reason}`,
    `  opened ${openedAt} by ${openedBy}; ${seconds === undefined ? 'traffic is not safe yet, as far as is known' : `safe after ${Math.round(seconds)} s`}`,
    ...(acknowledged === undefined ? [] : [`  acknowledged ${acknowledged.at} by ${acknowledged.by}`]),
    ...(resolved === undefined ? [] : [`  resolved ${resolved.at} by ${resolved.by}: ${resolved.comment ?? ''}`]),
  ];
  return lines.join('\n');
}

async function act(name: Act, args: string[], io: Io, transport: () => Transport): Promise<number> {
  const spec = actSpec(name);
  const parsed = parseArguments(args, spec);
  if (parsed.help) {
    print(io, helpText(spec));
    return EXIT.ok;
  }
  const comment = name === 'resolve' ? requiredText(parsed, spec, 'comment') : parsed.texts['comment'];
  const body = { incident: parsed.positionals[0], ...(comment === undefined ? {} : { comment }) };
  return reportAnswer(`incident ${name}`, await askAsOwner(parsed, { output: 'ControlUrl', path: name, body }, transport()), io);
}
