import { durationMinutes } from '../../core/charter/fields';
import { BadInputError } from '../../core/errors';
import type { CommandSpec, OptionSpec } from '../arguments';
import { helpText, parseArguments, requiredText } from '../arguments';
import type { Command, Io } from '../io';
import { EXIT, print } from '../io';
import type { Transport } from '../signed-request';
import { realTransport } from '../signed-request';
import { askAsOwner, OWNER_EXIT_CODES, PLACE, reportAnswer } from './owner-request';

export type OperationName = 'rollback' | 'kill' | 'revive' | 'park' | 'wake';

const REASON: OptionSpec = { type: 'string', value: 'TEXT', help: 'why, in a sentence; kept as evidence' };

const TO: OptionSpec = {
  type: 'string',
  value: 'RELEASE',
  help: 'after the rollback window: the kept release to release anew, such as r6-1d2e3f4a',
};

const FOR: OptionSpec = {
  type: 'string',
  value: 'DURATION',
  help: 'so long nothing switches it off again, such as 4h; default 8h, at most 31d',
};

const SUMMARIES: Record<OperationName, string> = {
  rollback: 'Takes the candidate off traffic, or the release just promoted, within two seconds.',
  kill: 'Turns the kill switch on: the baseline answers everything, and endpoints are removed.',
  revive: 'Turns the kill switch off: what the stack wants is released anew.',
  park: 'Switches the endpoint off: the baseline answers, and nothing is billed until it is woken.',
  wake: 'Switches the endpoint on again; one that is on stays on.',
};

const NOTES: Record<OperationName, string[]> = {
  rollback: [
    'while a release is in progress: its candidate loses its traffic',
    'within the rollback window: the release before answers again, by one write',
    'after it, --to says which kept release is released anew, without canary and approvals',
  ],
  kill: ['given again after a teardown that failed, it starts the teardown anew'],
  revive: ['refused while the teardown runs'],
  park: ['refused while a release is in progress', 'a release that is asked for wakes it'],
  wake: ['it takes as long as an endpoint takes to start; the baseline answers meanwhile'],
};

const specOf = (name: OperationName): CommandSpec => ({
  name,
  summary: SUMMARIES[name],
  positionals: [],
  options: { reason: REASON, ...(name === 'rollback' ? { to: TO } : {}), ...(name === 'wake' ? { for: FOR } : {}), ...PLACE },
  notes: [...NOTES[name], OWNER_EXIT_CODES],
});

/** Traffic by hand: rollback, kill, revive, park, wake. */
export function operationCommand(name: OperationName, transport: () => Transport = realTransport): Command {
  return { run: (args, io) => operate(name, args, io, transport) };
}

async function operate(name: OperationName, args: string[], io: Io, transport: () => Transport): Promise<number> {
  const spec = specOf(name);
  const parsed = parseArguments(args, spec);
  if (parsed.help) {
    print(io, helpText(spec));
    return EXIT.ok;
  }
  const { to } = parsed.texts;
  const minutes = minutesOf(parsed.texts['for']);
  const body = {
    reason: requiredText(parsed, spec, 'reason'),
    ...(to === undefined ? {} : { to }),
    ...(minutes === undefined ? {} : { minutes }),
  };
  return reportAnswer(name, await askAsOwner(parsed, { output: 'ControlUrl', path: name, body }, transport()), io);
}

function minutesOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const minutes = durationMinutes.safeParse(text);
  if (!minutes.success) throw new BadInputError(`sluice wake: --for is a duration such as 90m, 4h or 2d; given: ${text}`);
  return minutes.data;
}
