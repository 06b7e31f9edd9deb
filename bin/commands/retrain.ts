import type { RetrainingRecord } from '../../core/contracts';
import type { CommandSpec } from '../arguments';
import { helpText, parseArguments, requiredText } from '../arguments';
import type { Io } from '../io';
import { EXIT, print } from '../io';
import type { Transport } from '../signed-request';
import { realTransport } from '../signed-request';
import { askAsOwner, OWNER_EXIT_CODES, PLACE, readAsOwner, reportAnswer } from './owner-request';

const OUTPUT = 'RetrainingUrl';

const SPEC: CommandSpec = {
  name: 'retrain',
  summary: 'Starts a retraining run: data whose truth is known, training, evaluation against stable, approval, registration.',
  positionals: [],
  options: { reason: { type: 'string', value: 'TEXT', help: 'why, in a sentence; kept as evidence' }, ...PLACE },
  notes: [
    'What comes of it is released as every version is: canary, gates and approvals of the charter.',
    'sluice retrain status --help: the runs so far',
    OWNER_EXIT_CODES,
  ],
};

const STATUS: CommandSpec = {
  name: 'retrain status',
  summary: 'Says which retraining runs there were, how they ended, and what is left of the month.',
  positionals: [],
  options: { json: { type: 'boolean', help: 'prints the answer as JSON' }, ...PLACE },
  notes: [OWNER_EXIT_CODES],
};

/** `sluice retrain --reason`, `sluice retrain status`. */
export async function run(args: string[], io: Io, transport: () => Transport = realTransport): Promise<number> {
  if (args[0] === 'status') return showRuns(args.slice(1), io, transport);
  const parsed = parseArguments(args, SPEC);
  if (parsed.help) {
    print(io, helpText(SPEC));
    return EXIT.ok;
  }
  const body = { do: 'retrain', reason: requiredText(parsed, SPEC, 'reason') };
  return reportAnswer('retrain', await askAsOwner(parsed, { output: OUTPUT, path: '', body }, transport()), io);
}

/** As RetrainingUrl answers a GET. */
interface Runs {
  running?: string;
  month: string;
  runsThisMonth: number;
  mostRunsPerMonth: number;
  spentThisMonth?: number;
  monthlyBudget?: number;
  /** The newest first. */
  runs: RetrainingRecord[];
}

async function showRuns(args: string[], io: Io, transport: () => Transport): Promise<number> {
  const parsed = parseArguments(args, STATUS);
  if (parsed.help) {
    print(io, helpText(STATUS));
    return EXIT.ok;
  }
  const answer = await readAsOwner(parsed, OUTPUT, transport());
  if (answer.status !== 200) return reportAnswer(STATUS.name, answer, io);
  print(io, parsed.flags['json'] === true ? answer.body : runsText(JSON.parse(answer.body) as Runs));
  return EXIT.ok;
}

function runsText({ running, month, runsThisMonth, mostRunsPerMonth, spentThisMonth, monthlyBudget, runs }: Runs): string {
  const spent = monthlyBudget === undefined ? '' : `, ${(spentThisMonth ?? 0).toFixed(2)} of ${monthlyBudget} spent`;
  return [
    `${month}: ${runsThisMonth} of ${mostRunsPerMonth} runs${spent}; ${running === undefined ? 'none is under way' : `${running} is under way`}`,
    ...runs.map(({ id, requestedAt, trigger, status, outcome, reason }) => {
      const end = outcome === undefined ? '' : `: ${outcome}`;
      return `${id.padEnd(5)} ${requestedAt.slice(0, 16)}  ${status}${end} (${trigger}: ${reason})`;
    }),
  ].join('\n');
}
