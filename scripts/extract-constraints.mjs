// Writes the extract of AWS's service models against which the laptop cloud checks requests: enums, lengths, patterns and ranges of
// every operation that it simulates. Usage: node scripts/extract-constraints.mjs <folder `data` of botocore> [its version]
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { javaScriptPattern } from './java-pattern.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const target = path.join(root, 'rehearsal', 'kernel', 'constraints');

/** Folders of the models whose names differ from the SDK's. */
const FOLDERS = {
  'application-auto-scaling': 'application-autoscaling',
  'cloudwatch-logs': 'logs',
  eventbridge: 'events',
  'secrets-manager': 'secretsmanager',
  sfn: 'stepfunctions',
};

/** Shapes left out on purpose; the README says why. */
const LEFT_OUT = {
  dynamodb: ['AttributeName', 'AttributeValue'],
  sagemaker: ['CustomerMetadataKey', 'CustomerMetadataValue'],
  sqs: ['QueueAttributeName', 'MessageSystemAttributeName'],
};

const [models, version = 'unknown version'] = process.argv.slice(2);
if (models === undefined || !existsSync(models)) {
  console.error(
    `Give the folder of the models: botocore's "data" with <service>/<version>/service-2.json[.gz]. Given: ${models ?? 'none'}`,
  );
  process.exit(2);
}

/** The operations of every double, from the code itself. */
async function simulatedOperations() {
  const outfile = path.join(root, 'node_modules', '.cache', 'extract-constraints', 'operations.cjs');
  mkdirSync(path.dirname(outfile), { recursive: true });
  await build({
    stdin: {
      contents: `
        import { createCloud } from './rehearsal/kernel/cloud';
        import { VirtualClock } from './rehearsal/kernel/clock';
        import { createRandom } from './rehearsal/kernel/random';
        import { createDoubles } from './rehearsal/services';
        let doubles = [];
        const remember = (cloud) => (doubles = createDoubles(cloud));
        createCloud({ clock: new VirtualClock({ startMillis: 0 }), random: createRandom(1), doubles: remember });
        export const operations = doubles.map(({ service, operations }) => [service, Object.keys(operations).sort()]);`,
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    logLevel: 'warning',
    outfile,
  });
  const { operations } = createRequire(import.meta.url)(outfile);
  rmSync(path.dirname(outfile), { recursive: true });
  return operations.sort();
}

function readModel(service) {
  const folder = path.join(models, FOLDERS[service] ?? service);
  const latest = readdirSync(folder).sort().at(-1);
  const file = path.join(folder, latest, 'service-2.json');
  return JSON.parse(existsSync(file) ? readFileSync(file, 'utf8') : gunzipSync(readFileSync(`${file}.gz`)).toString('utf8'));
}

const unread = [];

/** What the model asks of this shape itself. */
function own(shape, service, name) {
  const constraints = {};
  if (shape.enum !== undefined) return { enum: shape.enum };
  if (shape.min !== undefined || shape.max !== undefined) {
    const kind = ['integer', 'long', 'float', 'double', 'short'].includes(shape.type) ? 'range' : 'length';
    // A length of at least 0 asks nothing.
    const min = kind === 'length' && shape.min === 0 ? null : (shape.min ?? null);
    if (min !== null || shape.max !== undefined) constraints[kind] = [min, shape.max ?? null];
  }
  if (shape.pattern !== undefined) {
    const translated = javaScriptPattern(shape.pattern);
    if (translated === undefined) unread.push(`${service} ${name}: ${shape.pattern}`);
    else if (translated.all !== true)
      Object.assign(constraints, { pattern: shape.pattern }, translated.source === undefined ? {} : { js: translated });
  }
  if (shape.sensitive === true && Object.keys(constraints).length > 0) constraints.sensitive = true;
  return constraints;
}

/** Shapes that ask something, or hold one that does: found from the leaves up, since shapes may hold themselves. */
function constrainedShapes(model, names, service) {
  const kept = new Map();
  for (let changed = true; changed;) {
    changed = false;
    for (const name of names) {
      if (kept.has(name)) continue;
      const shape = model.shapes[name];
      if (Object.keys(own(shape, service, name)).length > 0 || children(shape).some((child) => kept.has(child))) {
        kept.set(name, shape);
        changed = true;
      }
    }
  }
  return kept;
}

function children(shape) {
  if (shape.type === 'structure') return Object.values(shape.members).map((member) => member.shape);
  if (shape.type === 'list') return [shape.member.shape];
  return shape.type === 'map' ? [shape.key.shape, shape.value.shape] : [];
}

function reachable(model, start, leftOut) {
  const found = new Set();
  const visit = (name) => {
    if (found.has(name) || leftOut.includes(name)) return;
    found.add(name);
    children(model.shapes[name]).forEach(visit);
  };
  start.forEach(visit);
  return [...found].sort();
}

function written(shape, kept, service, name) {
  const known = (child) => (kept.has(child) ? child : '');
  const constraints = own(shape, service, name);
  if (shape.type === 'structure') {
    const members = Object.entries(shape.members).filter(([, member]) => kept.has(member.shape));
    return { ...constraints, members: Object.fromEntries(members.map(([member, { shape: child }]) => [member, child])) };
  }
  if (shape.type === 'list') return { ...constraints, list: known(shape.member.shape) };
  if (shape.type === 'map') return { ...constraints, map: [known(shape.key.shape), known(shape.value.shape)] };
  return constraints;
}

const line = ([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`;

function extract(service, operations) {
  const model = readModel(service);
  const inputs = operations.map((operation) => {
    const found = model.operations[operation];
    if (found === undefined) throw new Error(`The model of ${service} has no operation ${operation}.`);
    return [operation, found.input?.shape ?? ''];
  });
  const names = reachable(
    model,
    inputs.map(([, input]) => input).filter((input) => input !== ''),
    LEFT_OUT[service] ?? [],
  );
  const kept = constrainedShapes(model, names, service);
  const shapes = [...kept].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, shape]) => [name, written(shape, kept, service, name)]);
  const starts = inputs.map(([operation, input]) => [operation, kept.has(input) ? input : '']);
  const text = `{\n  "operations": {\n${starts.map(line).join(',\n')}\n  },\n  "shapes": {\n${shapes.map(line).join(',\n')}\n  }\n}\n`;
  writeFileSync(path.join(target, `${service}.json`), text);
  return text.length;
}

let total = 0;
const simulated = await simulatedOperations();
// Some doubles are resources alone.
for (const [service, operations] of simulated.filter(([, names]) => names.length > 0)) {
  const size = extract(service, operations);
  total += size;
  console.log(`${service}: ${operations.length} operations, ${(size / 1024).toFixed(1)} KiB`);
}
console.log(`${(total / 1024).toFixed(1)} KiB in all, from ${version}`);
for (const pattern of [...new Set(unread)]) console.log(`Not expressible in JavaScript, name it in the README: ${pattern}`);
