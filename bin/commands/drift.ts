import { helpText } from '../arguments';
import { COMPARE } from '../drift/options';
import { showStatus, tellMute, type OwnerDeed } from '../drift/owner';
import { compareFiles } from '../drift/run';
import type { Io } from '../io';
import { EXIT, print } from '../io';
import type { Transport } from '../signed-request';
import { realTransport } from '../signed-request';

const DEEDS: readonly string[] = ['snooze', 'acknowledge', 'unmute'];

/** `sluice drift <baseline> <window>…` on files; `sluice drift status|snooze|acknowledge|unmute` of a deployed use case. */
export async function run(args: string[], io: Io, transport: () => Transport = realTransport): Promise<number> {
  const [first, ...rest] = args;
  if (first === 'status') return showStatus(rest, io, transport);
  if (first !== undefined && DEEDS.includes(first)) return tellMute(first as OwnerDeed, rest, io, transport);
  if (first === '--help' || first === '-h') {
    print(io, helpText(COMPARE));
    return EXIT.ok;
  }
  return compareFiles(args, io);
}
