import { existsSync } from 'node:fs';
import path from 'node:path';
import { formatPath, formatProblem, type PathPart } from '../../core/charter/problem';
import { BadInputError } from '../../core/errors';
import { checkFaults } from '../world/check-faults';
import { nameOf } from '../world/load-scenario';
import { readScenario } from '../world/read-scenario';
import { applicationScenarioSchema, type ApplicationScenario } from './scenario-schema';

export interface NamedApplicationScenario {
  name: string;
  file: string;
  /** Files that the scenario names lie beside it. */
  directory: string;
  scenario: ApplicationScenario;
}

/** Reads a scenario and checks what can be checked without the assembly. */
export function loadApplicationScenario(file: string): NamedApplicationScenario {
  if (!existsSync(file) || !/\.ya?ml$/.test(file))
    throw new BadInputError(
      `--scenario: there is no such file\n  given:   ${file}\n  allowed: a file (*.yaml) in the format of rehearsing-applications.md`,
    );
  const { scenario, lineOf } = readScenario(file, applicationScenarioSchema);
  const directory = path.dirname(path.resolve(file));
  for (const { where, parts, name } of filesOf(scenario)) {
    if (existsSync(path.resolve(directory, name))) continue;
    const line = lineOf(parts);
    throw new BadInputError(
      formatProblem({
        file,
        path: where,
        ...(line === undefined ? {} : { line }),
        message: 'there is no such file',
        given: name,
        allowed: `a file, by its path from ${directory}`,
      }),
    );
  }
  checkTimes(file, scenario, lineOf);
  checkFaults({ file, scenario });
  return { name: nameOf(file), file, directory, scenario };
}

/** What falls behind the end never happens: nothing that is written may pass silently. */
function checkTimes(
  file: string,
  { inputs, faults, duration }: ApplicationScenario,
  lineOf: (path: PathPart[]) => number | undefined,
): void {
  const late = (parts: PathPart[], lastMillis: number, what: string): void => {
    if (lastMillis <= duration) return;
    const line = lineOf(parts);
    throw new BadInputError(
      formatProblem({
        file,
        path: formatPath(parts),
        ...(line === undefined ? {} : { line }),
        message: `${what} after the end of the scenario`,
        given: `${secondsText(lastMillis)} after the start`,
        allowed: `at most duration, ${secondsText(duration)}`,
      }),
    );
  };
  inputs.forEach(({ at, every = 0, times = 1 }, index) =>
    late(['inputs', index], at + (times - 1) * every, times === 1 ? 'comes' : 'comes last'),
  );
  faults.forEach(({ at }, index) => late(['faults', index], at, 'begins'));
}

const secondsText = (millis: number): string => `${millis / 1000} s`;

interface NamedFile {
  where: string;
  parts: (string | number)[];
  name: string;
}

/** A numbered file is looked for when its number is known. */
function filesOf({ functions, objects, inputs }: ApplicationScenario): NamedFile[] {
  return [
    ...Object.entries(functions).map(([key, name]) => ({ where: `functions.${key}`, parts: ['functions', key], name })),
    ...Object.entries(objects).map(([key, name]) => ({ where: `objects.${key}`, parts: ['objects', key], name })),
    ...inputs.flatMap(({ object }, index) =>
      object?.file === undefined || object.file.includes('{{')
        ? []
        : [{ where: `inputs[${index}].object.file`, parts: ['inputs', index, 'object', 'file'], name: object.file }],
    ),
  ];
}

/** Without a scenario the application is deployed, left alone for an hour, and deleted. */
export function deploymentAlone(assembly: string): NamedApplicationScenario {
  const scenario = applicationScenarioSchema.parse({ title: 'The application is deployed and left alone', duration: '1h' });
  return { name: 'deployment', file: assembly, directory: assembly, scenario };
}
