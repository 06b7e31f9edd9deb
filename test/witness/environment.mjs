import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

const REQUIREMENTS = path.join(import.meta.dirname, 'requirements.txt');
const CACHE = path.resolve(import.meta.dirname, '../../node_modules/.cache/sluice-witness');
const INSTALL = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '1', '--timeout', '20', '-r', REQUIREMENTS];

/** MiniStack cannot be had: no Python, or nobody who gives the packages. */
export class Unavailable extends Error {}

/** The Python of a virtual environment that holds exactly what requirements.txt pins: made once, thrown away with node_modules. */
export function pythonWithMiniStack() {
  const version = pythonVersion();
  const key = createHash('sha256')
    .update(`${version}\n${readFileSync(REQUIREMENTS, 'utf8')}`)
    .digest('hex')
    .slice(0, 12);
  const folder = path.join(CACHE, `venv-${key}`);
  if (!existsSync(folder)) makeEnvironment(folder);
  return path.join(folder, 'bin', 'python');
}

function pythonVersion() {
  const asked = spawnSync('python3', ['-c', 'import sys; print(sys.version_info >= (3, 10), sys.executable, *sys.version_info[:3])'], {
    encoding: 'utf8',
  });
  if (asked.status !== 0) throw new Unavailable('there is no python3');
  const answer = asked.stdout.trim();
  if (!answer.startsWith('True')) throw new Unavailable(`python3 is ${answer.split(' ').slice(2).join('.')}, MiniStack needs 3.10`);
  return answer;
}

/** Made aside and moved into place, so that two runs at once never see half of one. */
function makeEnvironment(folder) {
  const aside = `${folder}.${process.pid}`;
  mkdirSync(CACHE, { recursive: true });
  try {
    execFileSync('python3', ['-m', 'venv', aside], { stdio: ['ignore', 'ignore', 'inherit'] });
    const installed = spawnSync(path.join(aside, 'bin', 'python'), INSTALL, { encoding: 'utf8' });
    if (installed.status !== 0) throw new Unavailable(`PyPI gives no MiniStack (${lastLine(installed.stderr)})`);
    if (!existsSync(folder)) renameSync(aside, folder);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

const lastLine = (text) => text.trim().split('\n').at(-1) ?? '';
