/** Where a command writes. Streams fit; so do test doubles. */
export interface Io {
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
}

/** What every command's module exports. */
export interface Command {
  run(args: string[], io: Io): Promise<number>;
}

export const EXIT = { ok: 0, failed: 1, badInput: 2, unsupported: 3 } as const;

export const print = (io: Io, line: string): void => void io.stdout.write(`${line}\n`);
export const complain = (io: Io, line: string): void => void io.stderr.write(`${line}\n`);
