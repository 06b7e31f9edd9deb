import { version } from '../package.json';
import { didYouMean } from '../core/charter/suggest';
import { COMMANDS } from './commands';
import type { Io } from './io';
import { complain, EXIT, print } from './io';

/** Runs one command line; gives the exit code and never throws. */
export async function main(args: string[], io: Io, debug = false): Promise<number> {
  try {
    return await dispatch(args, io);
  } catch (error) {
    complain(io, debug && error instanceof Error ? (error.stack ?? error.message) : explain(error));
    return exitCodeOf(error);
  }
}

async function dispatch(args: string[], io: Io): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    print(io, overview());
    return name === undefined ? EXIT.badInput : EXIT.ok;
  }
  if (name === '--version' || name === '-v') {
    print(io, version);
    return EXIT.ok;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command !== undefined) return (await command.load()).run(rest, io);
  const names = COMMANDS.map((candidate) => candidate.name);
  complain(io, `sluice: unknown command ${JSON.stringify(name.slice(0, 80))}\n  allowed: ${names.join(', ')}`);
  const hint = didYouMean(name, names);
  if (hint !== undefined) complain(io, `  ${hint}`);
  return EXIT.badInput;
}

function overview(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  const lines = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return ['usage: sluice COMMAND [arguments]', '', ...lines, '', 'sluice COMMAND --help says more. sluice --version'].join('\n');
}

function exitCodeOf(error: unknown): number {
  if (!(error instanceof Error)) return EXIT.failed;
  // By name: errors also come from the simulation's thread, where classes are others.
  if (error.name === 'BadInputError') return EXIT.badInput;
  return error.name === 'UnsupportedError' ? EXIT.unsupported : EXIT.failed;
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return `sluice: ${String(error)}`;
  const code = exitCodeOf(error);
  if (code === EXIT.badInput) return error.message;
  if (code === EXIT.unsupported) return `sluice: the laptop cloud does not support this: ${error.message}`;
  const name = error.name === 'Error' ? '' : `${error.name}: `;
  return `sluice: ${name}${error.message}\n  (SLUICE_DEBUG=1 shows where)`;
}
