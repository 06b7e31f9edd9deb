import type { CommandSpec, OptionSpec, ParsedArguments } from '../arguments';
import { helpText, parseArguments, requiredText } from '../arguments';
import type { Command, Io } from '../io';
import { complain, EXIT, print } from '../io';
import type { SignedAnswer, Transport } from '../signed-request';
import { postSigned, realTransport } from '../signed-request';
import { stackOutput } from '../stack-outputs';

export type DecisionName = 'approve' | 'reject' | 'rollback' | 'kill' | 'revive';

const PLACE: Record<string, OptionSpec> = {
  url: { type: 'string', value: 'URL', help: "the function URL; default: the stack's output" },
  outputs: { type: 'string', value: 'FILE', help: 'what cdk deploy --outputs-file wrote; default cdk-outputs.json' },
  stack: { type: 'string', value: 'NAME', help: 'which stack in that file' },
  region: { type: 'string', value: 'REGION', help: "the function URL's region; default: as its host says" },
};

const APPROVAL: Record<string, OptionSpec> = {
  release: { type: 'string', value: 'ID', help: 'the release, such as r7-3f2a9c1b; the notification names it' },
  kind: { type: 'string', value: 'KIND', help: 'release (before any traffic) or inconclusive (after a canary without a verdict)' },
  role: { type: 'string', value: 'ROLE', help: 'the role you decide for, where several are yours' },
  comment: { type: 'string', value: 'TEXT', help: 'kept with the decision' },
  ...PLACE,
};

const CONTROL: Record<string, OptionSpec> = {
  reason: { type: 'string', value: 'TEXT', help: 'why, in a sentence; kept as evidence' },
  ...PLACE,
};

const SUMMARIES: Record<DecisionName, string> = {
  approve: 'Approves a release that waits for your role. Who decided is whoever signs the request.',
  reject: 'Rejects a release that waits for your role.',
  rollback: 'Takes the candidate off traffic within two seconds.',
  kill: 'Turns the kill switch on: the baseline answers everything, and endpoints are removed.',
  revive: 'Turns the kill switch off: what the stack wants is released anew.',
};

const isApproval = (name: DecisionName): boolean => name === 'approve' || name === 'reject';

const specOf = (name: DecisionName): CommandSpec => ({
  name,
  summary: SUMMARIES[name],
  positionals: [],
  options: isApproval(name) ? APPROVAL : CONTROL,
  notes: ['exit codes: 0 done, 1 refused or not reachable, 2 bad input'],
});

/** One of the five commands with which people decide. */
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
  const body = isApproval(name) ? approvalBody(parsed, spec) : { reason: requiredText(parsed, spec, 'reason') };
  const base = parsed.texts['url'] ?? outputUrl(name, parsed);
  const region = parsed.texts['region'];
  const url = `${base.replace(/\/+$/, '')}/${name}`;
  return report(name, await postSigned(url, body, region === undefined ? {} : { region }, transport()), io);
}

function approvalBody(parsed: ParsedArguments, spec: CommandSpec): Record<string, string> {
  const { kind, role, comment } = parsed.texts;
  return {
    releaseId: requiredText(parsed, spec, 'release'),
    ...(kind === undefined ? {} : { kind }),
    ...(role === undefined ? {} : { role }),
    ...(comment === undefined ? {} : { comment }),
  };
}

function outputUrl(name: DecisionName, parsed: ParsedArguments): string {
  const { outputs, stack } = parsed.texts;
  return stackOutput(isApproval(name) ? 'ApprovalUrl' : 'ControlUrl', {
    instead: '--url',
    ...(outputs === undefined ? {} : { file: outputs }),
    ...(stack === undefined ? {} : { stack }),
  });
}

function report(name: DecisionName, answer: SignedAnswer, io: Io): number {
  const text = answer.body.trim() === '' ? `status ${answer.status}` : answer.body.trim();
  if (answer.status >= 200 && answer.status < 300) {
    print(io, `${name}: ${text}`);
    return EXIT.ok;
  }
  complain(io, `${name}: refused with status ${answer.status}: ${text}`);
  if (answer.status === 403)
    complain(
      io,
      '  your AWS identity must be a principal of an owner in the charter, with lambda:InvokeFunctionUrl and lambda:InvokeFunction',
    );
  return EXIT.failed;
}
