import type { CommandSpec } from '../arguments';
import { helpText, parseArguments, requiredText } from '../arguments';
import type { Io } from '../io';
import { EXIT, print } from '../io';
import type { Transport } from '../signed-request';
import { realTransport } from '../signed-request';
import { askAsOwner, OWNER_EXIT_CODES, PLACE, reportAnswer } from './owner-request';

const SPEC: CommandSpec = {
  name: 'retrain',
  summary: 'Starts a retraining run: data whose truth is known, training, evaluation against stable, approval, registration.',
  positionals: [],
  options: { reason: { type: 'string', value: 'TEXT', help: 'why, in a sentence; kept as evidence' }, ...PLACE },
  notes: [
    'The cool-down does not hold for people; the runs and the budget of the month do.',
    'What comes of it is released as every version is: canary, gates and approvals of the charter.',
    OWNER_EXIT_CODES,
  ],
};

/** `sluice retrain --reason`. */
export async function run(args: string[], io: Io, transport: () => Transport = realTransport): Promise<number> {
  const parsed = parseArguments(args, SPEC);
  if (parsed.help) {
    print(io, helpText(SPEC));
    return EXIT.ok;
  }
  const body = { do: 'retrain', reason: requiredText(parsed, SPEC, 'reason') };
  return reportAnswer('retrain', await askAsOwner(parsed, { output: 'RetrainingUrl', path: '', body }, transport()), io);
}
