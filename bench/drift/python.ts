import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** Evidently 0.7.23 does not load with pandas 3. */
const PACKAGES = ['evidently==0.7.23', 'pandas<3'];
const INSTALL_MINUTES = 15;

/** A Python with Evidently in an environment of its own below `folder`; undefined, and a line that says why, where there is none. */
export function makePython(folder: string, command = 'python3'): string | undefined {
  const environment = path.join(folder, 'python');
  const run = (program: string, ...args: string[]): string | undefined => {
    const { status, error, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: INSTALL_MINUTES * 60_000 });
    return status === 0 ? undefined : (error?.message ?? stderr.trim().split('\n').at(-1) ?? `ended with ${status}`);
  };
  const python = path.join(environment, 'bin', 'python');
  console.error(`installing ${PACKAGES.join(' and ')} into a temporary environment`);
  const problem =
    run(command, '-m', 'venv', environment) ?? run(python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES);
  if (problem === undefined) return python;
  console.error(`Evidently is left out, Python or PyPI cannot be reached: ${problem}`);
  return undefined;
}

/** Asks a Python process, one JSON line for another. */
export class Peer {
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  private readonly lines: AsyncIterator<string>;
  private readonly reader: Interface;

  constructor(python: string) {
    this.child = spawn(python, [path.join('bench', 'drift', 'peer.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.reader = createInterface(this.child.stdout);
    this.lines = this.reader[Symbol.asyncIterator]();
  }

  async ask<Answer>(request: object): Promise<Answer> {
    this.child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.lines.next();
    if (done === true) throw new Error('the Python process ended: what it printed stands above');
    return JSON.parse(value as string) as Answer;
  }

  close(): void {
    this.child.stdin.end();
    this.reader.close();
  }
}
