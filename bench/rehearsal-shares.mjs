// Where a rehearsal's time goes: the example's bad-candidate under V8's profiler, by handler, service and part of the kernel.
// Usage: node bench/rehearsal-shares.mjs [scenario]; build first. The profiler itself costs time: shares count here, not seconds.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const [scenario = 'bad-candidate'] = process.argv.slice(2);
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const WORKER = 'rehearsal-worker.js';
const directory = mkdtempSync(path.join(tmpdir(), 'sluice-bench-'));

const SPECIAL = new Map([
  ['(garbage collector)', 'garbage collection'],
  ['(idle)', 'idle'],
  ['(program)', 'Node itself'],
]);

/** The file of the sources that each line of a bundle comes from, as esbuild's comments say. */
function sourcesOf(bundle) {
  let source = '';
  return readFileSync(bundle, 'utf8')
    .split('\n')
    .map((line) => (source = /^\s*\/\/ ((?:\.\.\/)*(?:node_modules|core|rehearsal)\/\S+)$/.exec(line)?.[1] ?? source));
}

/** What a reader knows a source by. */
function partOf(source) {
  const [, service] = /^rehearsal\/services\/([^/]+)/.exec(source) ?? [];
  if (service !== undefined) return `service ${service}`;
  const [, kernel] = /^rehearsal\/kernel\/([^/.]+)/.exec(source) ?? [];
  if (kernel !== undefined) return `kernel ${kernel}`;
  const [, part] = /^rehearsal\/([^/.]+)/.exec(source) ?? [];
  if (part !== undefined) return part;
  return /node_modules\/(@smithy|@aws-sdk)\//.test(source) ? 'kernel wire' : 'libraries';
}

/** Folder of an asset → construct path of the function it belongs to, from a synth of its own: assets are named by their content. */
function functionsOf(useCase) {
  const out = path.join(directory, 'cdk.out');
  const cdk = path.join(root, 'node_modules/aws-cdk/bin/cdk');
  execFileSync(process.execPath, [cdk, 'synth', '-q', '-o', out, '-c', `useCase=${useCase}`], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [template] = readdirSync(out).filter((name) => name.endsWith('.template.json'));
  const { Resources } = JSON.parse(readFileSync(path.join(out, template), 'utf8'));
  const functions = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  return new Map(
    functions.map(({ Metadata }) => [
      path.basename(Metadata['aws:asset:path']),
      Metadata['aws:cdk:path'].split('/').slice(2, -1).join('/'),
    ]),
  );
}

function handlerOf(url, functions) {
  const found = functions.get(path.basename(path.dirname(url)));
  return found === undefined ? undefined : `function ${found}`;
}

function attribute(profile, sources, functions) {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map(profile.nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id])));
  const labels = new Map();
  const label = (id) => {
    if (id === undefined) return 'Node itself';
    if (!labels.has(id)) {
      const { url, lineNumber, functionName } = nodes.get(id).callFrame;
      const special = SPECIAL.get(functionName);
      const own = url.endsWith(WORKER) ? partOf(sources[lineNumber] ?? '') : handlerOf(url, functions);
      const user = url.startsWith('file:') ? 'user modules' : undefined;
      // What Node or a builtin does is done for the nearest caller that is ours.
      labels.set(id, special ?? own ?? user ?? label(parents.get(id)));
    }
    return labels.get(id);
  };
  const micros = new Map();
  profile.samples.forEach((id, index) => {
    const name = label(id);
    micros.set(name, (micros.get(name) ?? 0) + profile.timeDeltas[index]);
  });
  return micros;
}

try {
  const command = [path.join(root, 'dist/bin/sluice.js'), 'rehearse', path.join(root, 'examples/support-triage'), '--scenario', scenario];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--cpu-prof', `--cpu-prof-dir=${directory}`, '--cpu-prof-interval', '500', ...command, '--json'],
    { cwd: root, encoding: 'utf8', maxBuffer: 1e9 },
  );
  if (status !== 0) throw new Error(`the rehearsal ended with exit code ${status}:\n${stderr}`);
  const { requests } = JSON.parse(stdout);
  const profiles = readdirSync(directory)
    .filter((name) => name.endsWith('.cpuprofile'))
    .map((name) => JSON.parse(readFileSync(path.join(directory, name), 'utf8')));
  const profile = profiles.find(({ nodes }) => nodes.some(({ callFrame }) => callFrame.url.endsWith(WORKER)));
  const functions = functionsOf('examples/support-triage');
  const micros = attribute(profile, sourcesOf(path.join(root, 'dist/bin', WORKER)), functions);
  const busy = [...micros].filter(([name]) => name !== 'idle');
  const total = busy.reduce((sum, [, time]) => sum + time, 0);
  console.log(`${scenario}: ${requests.total} requests, ${(total / 1e6).toFixed(1)} s busy in the simulation thread under the profiler`);
  for (const [name, time] of busy.toSorted(([, a], [, b]) => b - a)) {
    if (time / total < 0.001) continue;
    console.log(
      `${name.padEnd(28)} ${((100 * time) / total).toFixed(1).padStart(5)} %  ${(time / requests.total).toFixed(0).padStart(5)} µs per request`,
    );
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
