import pc from 'picocolors';
import type { CommandSpec } from '../arguments';
import { helpText, parseArguments } from '../arguments';
import type { Io } from '../io';
import { EXIT, print } from '../io';
import { type OpenLedger, openLedger } from '../open-ledger';
import { outputOf } from './kpi/rejected-events';
import { readSnapshot } from '../status/snapshot';
import { statusOf } from '../status/status';
import { statusText } from '../status/text';

const SPEC: CommandSpec = {
  name: 'status',
  summary: 'Says at a glance who answers, what is in progress, and what needs somebody.',
  positionals: [],
  options: {
    json: { type: 'boolean', help: 'prints JSON' },
    table: { type: 'string', value: 'NAME', help: "the ledger; default: the stack's output LedgerTableName" },
    outputs: { type: 'string', value: 'FILE', help: 'what cdk deploy --outputs-file wrote; default cdk-outputs.json' },
    stack: { type: 'string', value: 'NAME', help: 'which stack in that file' },
    region: { type: 'string', value: 'REGION', help: 'AWS region; default: as configured' },
  },
  notes: [
    'Reads the ledger with your AWS credentials: dynamodb:GetItem and dynamodb:Query.',
    'exit codes: 0 nothing needs anybody, 1 something does (or AWS cannot be reached), 2 bad input',
  ],
};

const coloured = (io: Io): boolean => (io.stdout as { isTTY?: boolean }).isTTY === true && !process.env.NO_COLOR;

export async function run(args: string[], io: Io, open: OpenLedger = openLedger, now: () => number = Date.now): Promise<number> {
  const parsed = parseArguments(args, SPEC);
  if (parsed.help) {
    print(io, helpText(SPEC));
    return EXIT.ok;
  }
  const { region } = parsed.texts;
  const ledger = await open({ table: outputOf('LedgerTableName', parsed, 'table'), ...(region === undefined ? {} : { region }) });
  const nowMillis = now();
  const status = statusOf(await readSnapshot(ledger, nowMillis), nowMillis);
  print(io, parsed.flags['json'] === true ? JSON.stringify(status, null, 2) : statusText(status, pc.createColors(coloured(io))));
  return status.attention.length === 0 ? EXIT.ok : EXIT.failed;
}
