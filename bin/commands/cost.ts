import { didYouMean } from '../../core/charter/suggest';
import { BadInputError } from '../../core/errors';
import type { CommandSpec } from '../arguments';
import { helpText, parseArguments, requiredText } from '../arguments';
import { readCosts } from '../cost/report';
import { costText } from '../cost/text';
import type { Io } from '../io';
import { EXIT, print } from '../io';
import { type OpenLedger, openLedger } from '../open-ledger';
import type { Transport } from '../signed-request';
import { realTransport } from '../signed-request';
import { outputOf } from './kpi/rejected-events';
import { askAsOwner, OWNER_EXIT_CODES, PLACE, reportAnswer } from './owner-request';

const SUBCOMMANDS: Record<string, string> = {
  show: 'says what the month has cost, and what is ordered',
  waive: 'takes the cost on: until the month is over nothing but telling is done',
};

const SHOW: CommandSpec = {
  name: 'cost show',
  summary: 'Says what the use case costs: this month, its forecast, by arm, per decision; orders of the guard; what has no price.',
  positionals: [],
  options: {
    json: { type: 'boolean', help: 'prints JSON' },
    table: { type: 'string', value: 'NAME', help: "the ledger; default: the stack's output LedgerTableName" },
    outputs: PLACE['outputs']!,
    stack: PLACE['stack']!,
    region: { type: 'string', value: 'REGION', help: 'AWS region; default: as configured' },
  },
  notes: [
    'Reads the ledger with your AWS credentials: dynamodb:GetItem.',
    'exit codes: 0 no order stands, 1 one does (or AWS cannot be reached), 2 bad input',
  ],
};

const WAIVE: CommandSpec = {
  name: 'cost waive',
  summary:
    'Lifts what the cost guard ordered: until the month is over (UTC) it tells, and does nothing. Who did is whoever signs the request.',
  positionals: [],
  options: { reason: { type: 'string', value: 'TEXT', help: 'why, in a sentence; kept as evidence' }, ...PLACE },
  notes: [OWNER_EXIT_CODES],
};

/** `sluice cost [show]|waive`. */
export async function run(
  args: string[],
  io: Io,
  transport: () => Transport = realTransport,
  open: OpenLedger = openLedger,
  now: () => number = Date.now,
): Promise<number> {
  const [first, ...rest] = args;
  if (first === 'waive') return waive(rest, io, transport);
  if (first === 'show') return show(rest, io, open, now);
  if (first === undefined || first.startsWith('--')) return first === '--help' ? showHelp(io) : show(args, io, open, now);
  if (first === '-h') return showHelp(io);
  const names = Object.keys(SUBCOMMANDS);
  const hint = didYouMean(first, names);
  throw new BadInputError(
    [`sluice cost: unknown subcommand ${first}`, `  allowed: ${names.join(', ')}`, ...(hint === undefined ? [] : [`  ${hint}`])].join('\n'),
  );
}

function showHelp(io: Io): number {
  const lines = Object.entries(SUBCOMMANDS).map(([name, summary]) => `  ${name.padEnd(8)} ${summary}`);
  print(io, ['usage: sluice cost [SUBCOMMAND] [options]', '', ...lines, '', 'sluice cost SUBCOMMAND --help says more.'].join('\n'));
  return EXIT.ok;
}

async function show(args: string[], io: Io, open: OpenLedger, now: () => number): Promise<number> {
  const parsed = parseArguments(args, SHOW);
  if (parsed.help) {
    print(io, helpText(SHOW));
    return EXIT.ok;
  }
  const { region } = parsed.texts;
  const ledger = await open({ table: outputOf('LedgerTableName', parsed, 'table'), ...(region === undefined ? {} : { region }) });
  const nowMillis = now();
  const report = await readCosts(ledger, nowMillis);
  const asJson = parsed.flags['json'] === true;
  if (report === undefined) {
    print(io, asJson ? 'null' : 'nothing was metered yet: the meter looks every five minutes once the stack is deployed');
    return EXIT.ok;
  }
  print(io, asJson ? JSON.stringify(report, null, 2) : costText(report, nowMillis));
  return report.orders.length === 0 ? EXIT.ok : EXIT.failed;
}

async function waive(args: string[], io: Io, transport: () => Transport): Promise<number> {
  const parsed = parseArguments(args, WAIVE);
  if (parsed.help) {
    print(io, helpText(WAIVE));
    return EXIT.ok;
  }
  const body = { reason: requiredText(parsed, WAIVE, 'reason') };
  return reportAnswer('cost waive', await askAsOwner(parsed, { output: 'ControlUrl', path: 'waive', body }, transport()), io);
}
