import { didYouMean } from '../../core/charter/suggest';
import { BadInputError } from '../../core/errors';
import type { Io } from '../io';
import { EXIT, print } from '../io';
import { put, type SendEvent, sendToEventBridge } from './kpi/put';
import { listRejected } from './kpi/list-rejected';
import { replay } from './kpi/replay';
import { connect, type Connect } from './kpi/store';

const SUBCOMMANDS: Record<string, string> = {
  put: 'sends one KPI observation',
  rejected: 'says which KPI events were kept but not counted, and why',
  replay: 'sends rejected events again, after what was wrong is put right',
};

export async function run(args: string[], io: Io, send: SendEvent = sendToEventBridge, to: Connect = connect): Promise<number> {
  const [subcommand, ...rest] = args;
  if (subcommand === '--help' || subcommand === '-h') return showHelp(io);
  if (subcommand === 'put') return put(rest, io, send);
  if (subcommand === 'rejected') return listRejected(rest, io, to);
  if (subcommand === 'replay') return replay(rest, io, to);
  const names = Object.keys(SUBCOMMANDS);
  const hint = subcommand === undefined ? undefined : didYouMean(subcommand, names);
  throw new BadInputError(
    [
      `sluice kpi: ${subcommand === undefined ? 'a subcommand is missing' : `unknown subcommand ${subcommand}`}`,
      `  allowed: ${names.join(', ')}`,
      ...(hint === undefined ? [] : [`  ${hint}`]),
    ].join('\n'),
  );
}

function showHelp(io: Io): number {
  const lines = Object.entries(SUBCOMMANDS).map(([name, summary]) => `  ${name.padEnd(9)} ${summary}`);
  print(io, ['usage: sluice kpi SUBCOMMAND [options]', '', ...lines, '', 'sluice kpi SUBCOMMAND --help says more.'].join('\n'));
  return EXIT.ok;
}
