import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Io } from '../../bin/io';
import { main } from '../../bin/main';

export interface Captured extends Io {
  out(): string;
  err(): string;
}

export function captured(): Captured {
  const texts = { out: '', err: '' };
  return {
    stdout: { write: (text) => (texts.out += text) },
    stderr: { write: (text) => (texts.err += text) },
    out: () => texts.out,
    err: () => texts.err,
  };
}

/** Runs a command line as the shell would. */
export async function sluice(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = captured();
  const code = await main(args, io);
  return { code, out: io.out(), err: io.err() };
}

const folders: string[] = [];

export function newFolder(name = 'sluice-'): string {
  const folder = mkdtempSync(path.join(tmpdir(), name));
  folders.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}
