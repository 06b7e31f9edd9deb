import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { BadInputError } from '../../core/errors';
import { checkActions } from './action-keys';
import { readScenario } from './read-scenario';
import { scenarioSchema, type Scenario } from './scenario-schema';
import { TRAINED_ARM } from './trained-models';

const RELEASE_ID = /^r\d+-/;

export interface NamedScenario {
  name: string;
  file: string;
  scenario: Scenario;
}

const scenarioFiles = (directory: string): string[] => {
  const folder = path.join(directory, 'scenarios');
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith('.yaml'))
        .sort()
    : [];
};

export const nameOf = (file: string): string => path.basename(file).replace(/\.ya?ml$/, '');

/** All scenarios of a use case's folder, or the one that is named (by name or by file). */
export function loadScenarios(directory: string, wanted: string | undefined): NamedScenario[] {
  const files = scenarioFiles(directory).map((file) => path.join(directory, 'scenarios', file));
  if (wanted === undefined) {
    if (files.length === 0)
      throw new BadInputError(`${directory}/scenarios holds no scenario (*.yaml). Write one, or start from: sluice init`);
    return files.map(loadScenario);
  }
  const byName = files.find((file) => nameOf(file) === wanted);
  if (byName !== undefined) return [loadScenario(byName)];
  if (existsSync(wanted) && /\.ya?ml$/.test(wanted)) return [loadScenario(wanted)];
  const known = files.map(nameOf).join(', ');
  throw new BadInputError(
    `--scenario ${wanted}: there is no such scenario in ${directory}/scenarios and no such file. Known: ${known === '' ? 'none' : known}`,
  );
}

function loadScenario(file: string): NamedScenario {
  const { scenario } = readScenario(file, scenarioSchema);
  checkArms(file, scenario);
  checkActions({ file, scenario });
  return { name: nameOf(file), file, scenario };
}

/** Arms that are named must be described. */
function checkArms(file: string, scenario: Scenario): void {
  checkTrained(file, scenario);
  const arms = Object.keys(scenario.arms);
  const named = scenario.actions.flatMap((action, index) =>
    action.release === undefined || action.release.match(RELEASE_ID) ? [] : [{ where: `actions[${index}].release`, arm: action.release }],
  );
  if (scenario.given.stable === 'promoted') named.push({ where: 'given.stable', arm: 'stable' });
  for (const { where, arm } of named) {
    if (!arms.includes(arm)) throw new BadInputError(`${file}: ${where}: there is no arm ${arm} under 'arms'; known: ${arms.join(', ')}`);
  }
}

/** Only what training makes may lack a model, and it has none of its own. */
function checkTrained(file: string, { arms, actions, training }: Scenario): void {
  for (const [name, { model }] of Object.entries(arms)) {
    const made = name === TRAINED_ARM && training !== undefined;
    if (made && model !== undefined)
      throw new BadInputError(`${file}: arms.${name}.model: the models of this arm come out of 'training'; leave it out`);
    if (!made && model === undefined)
      throw new BadInputError(
        `${file}: arms.${name}.model: is missing\n  allowed: a module, or { url: http://127.0.0.1:… }; the arm ${TRAINED_ARM} has none where the scenario has 'training'`,
      );
  }
  actions.forEach(({ do: what, release, package: standing }, index) => {
    const brings = what === 'deploy' || what === 'approve-package' || standing !== undefined;
    if (brings && release !== undefined && arms[release] !== undefined && arms[release].model === undefined)
      throw new BadInputError(`${file}: actions[${index}].release: the arm ${release} comes out of a training job alone: do: retrain`);
  });
}
