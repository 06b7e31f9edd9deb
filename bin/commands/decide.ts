import type { CommandSpec, OptionSpec, ParsedArguments } from '../arguments';
import { BadInputError } from '../../core/errors';
import { helpText, parseArguments, requiredText } from '../arguments';
import type { Command, Io } from '../io';
import { EXIT, print } from '../io';
import type { Transport } from '../signed-request';
import { realTransport } from '../signed-request';
import { askAsOwner, OWNER_EXIT_CODES, PLACE, reportAnswer } from './owner-request';

export type DecisionName = 'approve' | 'reject';

const APPROVAL: Record<string, OptionSpec> = {
  release: {
    type: 'string',
    value: 'ID',
    help: 'the release, such as r7-3f2a9c1b, or the retraining run, such as t3; the notification names it',
  },
  kind: {
    type: 'string',
    value: 'KIND',
    help: 'release (before any traffic), inconclusive (after a canary without a verdict) or retraining',
  },
  role: { type: 'string', value: 'ROLE', help: 'the role you decide for, where several are yours' },
  comment: { type: 'string', value: 'TEXT', help: 'kept with the decision; a rejection needs one' },
  ...PLACE,
};

const SUMMARIES: Record<DecisionName, string> = {
  approve: 'Approves a release that waits for your role. Who decided is whoever signs the request.',
  reject: 'Rejects a release that waits for your role.',
};

const specOf = (name: DecisionName): CommandSpec => ({
  name,
  summary: SUMMARIES[name],
  positionals: [],
  options: APPROVAL,
  notes: [OWNER_EXIT_CODES],
});

/** One of the commands with which people decide about a release. */
export function decisionCommand(name: DecisionName, transport: () => Transport = realTransport): Command {
  return { run: (args, io) => decide(name, args, io, transport) };
}

async function decide(name: DecisionName, args: string[], io: Io, transport: () => Transport): Promise<number> {
  const spec = specOf(name);
  const parsed = parseArguments(args, spec);
  if (parsed.help) {
    print(io, helpText(spec));
    return EXIT.ok;
  }
  const request = { output: 'ApprovalUrl', path: name, body: approvalBody(name, parsed, spec) };
  return reportAnswer(name, await askAsOwner(parsed, request, transport()), io);
}

function approvalBody(name: DecisionName, parsed: ParsedArguments, spec: CommandSpec): Record<string, string> {
  const { kind, role, comment } = parsed.texts;
  if (name === 'reject' && comment === undefined) {
    throw new BadInputError('sluice reject: --comment TEXT is missing: a rejection says why, and is kept with it');
  }
  return {
    releaseId: requiredText(parsed, spec, 'release'),
    ...(kind === undefined ? {} : { kind }),
    ...(role === undefined ? {} : { role }),
    ...(comment === undefined ? {} : { comment }),
  };
}
