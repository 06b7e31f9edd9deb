import { BadInputError } from '../../core/errors';
import type { CommandSpec, ParsedArguments } from '../arguments';
import { helpText, parseArguments, requiredText } from '../arguments';
import type { Command, Io } from '../io';
import { EXIT, print } from '../io';
import type { SignedAnswer, Transport } from '../signed-request';
import { realTransport } from '../signed-request';
import { askAsOwner, OWNER_EXIT_CODES, PLACE, reportAnswer } from './owner-request';

const SPEC: CommandSpec = {
  name: 'release',
  summary: 'Asks for a release, through all its gates and approvals. Who asked is whoever signs the request.',
  positionals: [],
  options: {
    reason: { type: 'string', value: 'TEXT', help: 'why, in a sentence; kept as evidence' },
    package: { type: 'string', value: 'ARN', help: 'an approved version in the model registry, in place of the model' },
    behaviour: { type: 'string', value: 'JSON', help: 'members of the behaviour that change, such as {"threshold":0.7}' },
    again: { type: 'string', value: 'ID', help: 'an earlier release once more, with the policy of now; see sluice status' },
    supersede: { type: 'boolean', help: 'takes the place of a release in progress, instead of waiting for its end' },
    ...PLACE,
  },
  notes: ['Without --package, --behaviour and --again, what is wanted is released once more.', OWNER_EXIT_CODES],
};

export function releaseCommand(transport: () => Transport = realTransport): Command {
  return { run: (args, io) => release(args, io, transport) };
}

async function release(args: string[], io: Io, transport: () => Transport): Promise<number> {
  const parsed = parseArguments(args, SPEC);
  if (parsed.help) {
    print(io, helpText(SPEC));
    return EXIT.ok;
  }
  const answer = await askAsOwner(parsed, { output: 'ReleaseUrl', path: 'release', body: bodyOf(parsed) }, transport());
  return report(answer, io);
}

function bodyOf(parsed: ParsedArguments): Record<string, unknown> {
  const { package: modelPackageArn, behaviour, again } = parsed.texts;
  if (again !== undefined && (modelPackageArn ?? behaviour) !== undefined) {
    throw new BadInputError('sluice release: --again asks for a whole release\n  allowed: --again alone, or --package and --behaviour');
  }
  return {
    reason: requiredText(parsed, SPEC, 'reason'),
    ...(modelPackageArn === undefined ? {} : { modelPackageArn }),
    ...(behaviour === undefined ? {} : { behaviour: objectOf(behaviour) }),
    ...(again === undefined ? {} : { releaseId: again }),
    ...(parsed.flags['supersede'] === true ? { supersede: true } : {}),
  };
}

function objectOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below: whatever is wrong with the text, what is allowed is the same.
  }
  throw new BadInputError(
    `sluice release: --behaviour is no JSON object\n  given:   ${text.slice(0, 80)}\n  allowed: such as {"threshold":0.7}`,
  );
}

function report(answer: SignedAnswer, io: Io): number {
  const done = answer.status >= 200 && answer.status < 300 ? readAnswer(answer.body) : undefined;
  if (done === undefined) return reportAnswer('release', answer, io);
  print(io, `release: ${done.reason}${done.waitsFor === undefined ? '' : `; it waits for ${done.waitsFor}`}`);
  return EXIT.ok;
}

function readAnswer(body: string): { reason: string; waitsFor?: string } | undefined {
  try {
    const { reason, waitsFor } = JSON.parse(body) as { reason?: unknown; waitsFor?: unknown };
    return typeof reason === 'string' ? { reason, ...(typeof waitsFor === 'string' ? { waitsFor } : {}) } : undefined;
  } catch {
    return undefined;
  }
}
