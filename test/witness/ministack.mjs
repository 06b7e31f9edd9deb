import { execFileSync, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const LAUNCHER = path.join(import.meta.dirname, 'launcher', 'launch.py');
const HEALTHY_WITHIN_SECONDS = 60;
const MOST_ERRORS = 30;

/** MiniStack on loopback, in a process group of its own. It ends with `stop`, and by itself when this process is gone: its launcher watches its input. */
export async function startMiniStack(python, folder, environment = {}) {
  const port = await freePort();
  const child = spawn(python, [LAUNCHER], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    cwd: folder,
    env: { ...ownEnvironment(folder, port), ...environment },
  });
  const log = createWriteStream(path.join(folder, 'ministack.log'));
  child.stdout.pipe(log);
  child.stderr.pipe(log, { end: false });
  const stop = () => killGroup(child.pid);
  const url = `http://127.0.0.1:${port}`;
  try {
    await healthy(url, child, log.path);
    loopbackOnly(child.pid);
  } catch (error) {
    stop();
    throw error;
  }
  return { url, stop, assertLoopbackOnly: () => loopbackOnly(child.pid), errors: () => errorsIn(log.path) };
}

/** Nothing of the caller's AWS settings: whatever runs in there talks to MiniStack alone. */
function ownEnvironment(folder, port) {
  const temporary = path.join(folder, 'tmp');
  mkdirSync(temporary, { recursive: true });
  return {
    // Functions run on the Node that runs this.
    PATH: [path.dirname(process.execPath), process.env.PATH ?? ''].join(path.delimiter),
    HOME: folder,
    TMPDIR: temporary,
    BIND_HOST: '127.0.0.1',
    MINISTACK_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    STATE_DIR: path.join(folder, 'state'),
    S3_DATA_DIR: path.join(folder, 's3'),
    DOCKER_HOST: `unix://${path.join(folder, 'no-docker.sock')}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    PYTHONUNBUFFERED: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    LOG_LEVEL: 'INFO',
  };
}

/** What went wrong in there, for whoever reads why a test failed. */
const errorsIn = (logFile) =>
  readFileSync(logFile, 'utf8')
    .split('\n')
    .filter((line) => / (ERROR|CRITICAL) /.test(line))
    .slice(-MOST_ERRORS);

async function healthy(url, child, logFile) {
  for (let waitedSeconds = 0; waitedSeconds < HEALTHY_WITHIN_SECONDS; waitedSeconds += 0.2) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`MiniStack ended while it started: see ${logFile}`);
    const answer = await fetch(`${url}/_ministack/health`).catch(() => undefined);
    if (answer?.ok === true) return;
    await pause(200);
  }
  throw new Error(`MiniStack is not healthy after ${HEALTHY_WITHIN_SECONDS} s: see ${logFile}`);
}

/** It does not end on SIGTERM. Nothing is left of the group, function workers included. */
function killGroup(groupId) {
  try {
    process.kill(-groupId, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Every TCP and UDP socket that the group listens on is on 127.0.0.1. */
function loopbackOnly(groupId) {
  const members = new Set(
    execFileSync('ps', ['-e', '-o', 'pid=,pgid='], { encoding: 'utf8' })
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, group]) => group === String(groupId))
      .map(([pid]) => pid),
  );
  const listening = listeners().filter(({ pid }) => members.has(pid));
  if (listening.length === 0) throw new Error(`no listening socket of MiniStack's process group ${groupId} was found`);
  const elsewhere = listening.filter(({ address }) => !address.startsWith('127.0.0.1:'));
  if (elsewhere.length > 0)
    throw new Error(`MiniStack listens on ${elsewhere.map(({ address }) => address).join(', ')}; only 127.0.0.1 is allowed`);
}

/** As `ss` says, else as `lsof` does. */
function listeners() {
  try {
    return execFileSync('ss', ['-Hltunp'], { encoding: 'utf8' })
      .split('\n')
      .flatMap((line) => {
        const [, , , , address] = line.split(/\s+/);
        return [...line.matchAll(/pid=(\d+)/g)].map(([, pid]) => ({ pid, address }));
      });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  let pid = '';
  return execFileSync('lsof', ['-nP', '-iTCP', '-sTCP:LISTEN', '-Fpn'], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      if (line.startsWith('p')) pid = line.slice(1);
      return line.startsWith('n') ? [{ pid, address: line.slice(1) }] : [];
    });
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
