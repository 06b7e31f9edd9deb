import { EventEmitter } from 'node:events';
import type { SandboxHost } from './host';
import type { SandboxTimers } from './timers';

const realProcess = process;

/** stdout or stderr: cuts what is written into lines. */
export class LineStream extends EventEmitter {
  readonly writable = true;
  readonly isTTY = false;
  private rest = '';

  constructor(
    readonly fd: number,
    private readonly print: (line: string) => void,
  ) {
    super();
  }

  write(chunk: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean {
    const text = this.rest + (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
    const lines = text.split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.print(line);
    const written = typeof encoding === 'function' ? encoding : callback;
    // Console takes anything but null for a failure.
    if (typeof written === 'function') realProcess.nextTick(written as (error: null) => void, null);
    return true;
  }

  end(): void {
    this.flush();
  }

  /** Prints a last line that has no line break. */
  flush(): void {
    if (this.rest !== '') this.print(this.rest);
    this.rest = '';
  }
}

/** A `process` of the sandbox's own: its environment, virtual time, and nothing of this machine's. */
export function createProcess(
  host: SandboxHost,
  timers: SandboxTimers,
  streams: { stdout: LineStream; stderr: LineStream },
): NodeJS.Process {
  const startMillis = host.clock.now();
  const sinceStart = () => host.clock.now() - startMillis;
  const refuse = (what: string) => () => {
    throw host.unsupported(`process.${what}`);
  };
  const hrtime = Object.assign(
    (before?: [number, number]): [number, number] => {
      const nanos = Math.round(sinceStart() * 1e6);
      const now: [number, number] = [Math.floor(nanos / 1e9), nanos % 1e9];
      if (before === undefined) return now;
      const seconds = now[0] - before[0];
      const rest = now[1] - before[1];
      return rest < 0 ? [seconds - 1, rest + 1e9] : [seconds, rest];
    },
    { bigint: () => BigInt(Math.round(sinceStart() * 1e6)) },
  );
  // Lambda's figures, always the same, so that no output depends on this machine.
  const memory = { rss: 120e6, heapTotal: 60e6, heapUsed: 40e6, external: 2e6, arrayBuffers: 1e5 };
  const refused = ['exit', 'abort', 'kill', 'chdir', 'dlopen', 'binding', 'setuid', 'setgid', 'umask', 'loadEnvFile', 'reallyExit'];
  const given = Object.assign(new EventEmitter(), {
    ...Object.fromEntries(refused.map((name) => [name, refuse(name)])),
    env: { ...host.env },
    argv: ['/var/lang/bin/node', '/var/runtime/index.mjs'],
    argv0: 'node',
    execArgv: [],
    execPath: '/var/lang/bin/node',
    title: 'node',
    pid: 8,
    ppid: 1,
    platform: 'linux',
    arch: 'arm64',
    version: realProcess.version,
    versions: { ...realProcess.versions },
    release: { name: 'node' },
    features: realProcess.features,
    config: realProcess.config,
    exitCode: undefined,
    stdout: streams.stdout,
    stderr: streams.stderr,
    cwd: () => '/var/task',
    uptime: () => sinceStart() / 1000,
    hrtime,
    memoryUsage: Object.assign(() => ({ ...memory }), { rss: () => memory.rss }),
    cpuUsage: () => ({ user: 0, system: 0 }),
    nextTick: (callback: (...parameters: unknown[]) => void, ...parameters: unknown[]) => {
      realProcess.nextTick(() => timers.guard(callback, parameters));
    },
    emitWarning: (warning: unknown) => streams.stderr.write(`${String(warning)}\n`),
    getuid: () => 993,
    geteuid: () => 993,
    getgid: () => 990,
    getegid: () => 990,
  });
  return given as unknown as NodeJS.Process;
}
