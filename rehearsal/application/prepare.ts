import { readFileSync } from 'node:fs';
import path from 'node:path';
import { didYouMean } from '../../core/charter/suggest';
import { BadInputError } from '../../core/errors';
import { constructsOf } from '../assembly/constructs';
import type { AssemblyStack } from '../assembly/load';
import { settingOf } from '../assembly/parameters';
import type { Lambda } from '../services/lambda';
import type { S3 } from '../services/s3';
import { faultPaths } from '../world/arm-faults';
import { checkPath } from '../world/construct-path';
import type { Laptop } from '../world/laptop';
import { loadFunction } from '../world/user-modules';
import { ConstructFinder } from './construct-kinds';
import type { ApplicationJob } from './job';
import { referencesOf } from './references';

/** Before anything runs: all that the scenario names is in the assembly, and all that the assembly asks for is in the scenario. */
export function checkAgainstAssembly(job: ApplicationJob, stacks: readonly AssemblyStack[]): ConstructFinder {
  const { scenario, file } = job;
  const finder = new ConstructFinder(constructsOf(stacks));
  for (const { where, path: named, kind } of referencesOf(scenario)) finder.find({ where: `${file}: ${where}`, path: named, kind });
  for (const { where, path: named, type } of faultPaths(scenario))
    checkPath(`${file}: ${where}`, named, type, [...new Set(finder.paths(type === undefined ? undefined : [type]))]);
  standInPaths(job, finder);
  checkParameters(job, stacks);
  return finder;
}

/** Construct paths of the functions that a module stands in for, or the name of one that no stack holds. */
function standInPaths({ scenario, file }: ApplicationJob, finder: ConstructFinder): { name: string; module: string }[] {
  const functions = finder.paths(['AWS::Lambda::Function']);
  return Object.entries(scenario.functions).map(([key, module]) => {
    const isPath = key.includes('/') || functions.some((known) => known.split('/').at(-1) === key);
    const where = `${file}: functions.${key}`;
    return { name: isPath ? finder.find({ where, path: key, kind: 'function' }).constructPath : key, module };
  });
}

function checkParameters({ scenario: { parameters }, file }: ApplicationJob, stacks: readonly AssemblyStack[]): void {
  const names = stacks.flatMap(({ name, template }) => Object.keys(template.Parameters ?? {}).map((parameter) => ({ name, parameter })));
  const known = [...new Set(names.flatMap(({ name, parameter }) => [parameter, `${name}/${parameter}`]))];
  for (const given of Object.keys(parameters)) {
    if (known.includes(given)) continue;
    const hint = didYouMean(given, known);
    const allowed = known.length === 0 ? 'none: no stack has a parameter' : known.join(', ');
    const lines = [`${file}: parameters.${given}: no stack has this parameter`, `  allowed: ${allowed}`];
    throw new BadInputError([...lines, ...(hint === undefined ? [] : [`  ${hint}`])].join('\n'));
  }
  const missing = stacks.flatMap((stack) =>
    Object.keys(stack.template.Parameters ?? {})
      .filter((parameter) => settingOf(stack, parameter, parameters) === undefined)
      .map((parameter) => `${stack.name}/${parameter}`),
  );
  if (missing.length > 0)
    throw new BadInputError(
      [
        `${file}: the application has parameters without a default: ${missing.join(', ')}`,
        `  allowed: a scenario with parameters: { ${missing.map((name) => `${name.split('/')[1]!}: …`).join(', ')} }`,
      ].join('\n'),
    );
}

/** Modules in the place of functions, and objects in buckets of others. */
export async function putStandIns(laptop: Laptop, job: ApplicationJob, finder: ConstructFinder): Promise<void> {
  const { cloud, clock } = laptop;
  for (const { name, module } of standInPaths(job, finder)) {
    const handler = await loadFunction(job.directory, module, name);
    cloud.double<Lambda>('lambda').putStandIn(name, async (event) => {
      const release = clock.hold(`the stand-in for ${name}`);
      try {
        return await handler(event);
      } finally {
        release();
      }
    });
  }
  for (const [url, file] of Object.entries(job.scenario.objects)) {
    const [bucket = '', ...key] = url.slice('s3://'.length).split('/');
    cloud.double<S3>('s3').publish(bucket, key.join('/'), readFileSync(path.resolve(job.directory, file)));
  }
}
