import { BadInputError } from '../../core/errors';
import { durationMinutes } from '../../core/charter/fields';
import type { CommandSpec, ParsedArguments } from '../arguments';
import { helpText, parseArguments, requiredText } from '../arguments';
import type { Command, Io } from '../io';
import { EXIT, print } from '../io';
import type { Transport } from '../signed-request';
import { realTransport } from '../signed-request';
import { askAsOwner, OWNER_EXIT_CODES, PLACE, reportAnswer } from './owner-request';

const SPEC: CommandSpec = {
  name: 'delegate',
  summary: 'Lends your role to somebody whom the charter names for it, for a time. Who lent it is whoever signs the request.',
  positionals: [],
  options: {
    role: { type: 'string', value: 'ROLE', help: 'the role, which is yours' },
    to: { type: 'string', value: 'ARN', help: 'the principal, one of owners.<role>.delegates in the charter' },
    for: { type: 'string', value: 'DURATION', help: 'such as 8h or 7d, at most 30d' },
    end: { type: 'boolean', help: 'ends it now' },
    reason: { type: 'string', value: 'TEXT', help: 'why, in a sentence; kept as evidence' },
    ...PLACE,
  },
  notes: [OWNER_EXIT_CODES],
};

export function delegateCommand(transport: () => Transport = realTransport): Command {
  return { run: (args, io) => delegate(args, io, transport) };
}

async function delegate(args: string[], io: Io, transport: () => Transport): Promise<number> {
  const parsed = parseArguments(args, SPEC);
  if (parsed.help) {
    print(io, helpText(SPEC));
    return EXIT.ok;
  }
  const body = {
    role: requiredText(parsed, SPEC, 'role'),
    to: requiredText(parsed, SPEC, 'to'),
    minutes: minutesOf(parsed),
    reason: requiredText(parsed, SPEC, 'reason'),
  };
  return reportAnswer('delegate', await askAsOwner(parsed, { output: 'ApprovalUrl', path: 'delegate', body }, transport()), io);
}

function minutesOf(parsed: ParsedArguments): number {
  const text = parsed.texts['for'];
  const ends = parsed.flags['end'] === true;
  if (ends !== (text === undefined))
    throw new BadInputError('sluice delegate: say for how long\n  allowed: either --for DURATION, or --end');
  if (ends) return 0;
  const minutes = durationMinutes.safeParse(text);
  if (!minutes.success) throw new BadInputError(`sluice delegate: --for is a duration such as 30m, 6h or 14d; given: ${text}`);
  return minutes.data;
}
