import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { scenarioSchema, type Scenario } from './scenario-schema';
import { BadInputError } from '../../core/errors';

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

const nameOf = (file: string): string => path.basename(file).replace(/\.ya?ml$/, '');

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
  const document = parseDocument(readFileSync(file, 'utf8'), { uniqueKeys: true });
  const [syntaxError] = document.errors;
  if (syntaxError !== undefined) throw new BadInputError(`${file}: ${syntaxError.message.split('\n')[0]}`);
  const parsed = scenarioSchema.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (!parsed.success)
    throw new BadInputError(parsed.error.issues.map((issue) => `${file}: ${describe(issue, document.toJS())}`).join('\n'));
  checkArms(file, parsed.data);
  return { name: nameOf(file), file, scenario: parsed.data };
}

function describe(issue: z.core.$ZodIssue, root: unknown): string {
  const where = issue.path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
  const given = issue.path.reduce<unknown>((value, part) => (value as Record<PropertyKey, unknown> | undefined)?.[part], root);
  const nested =
    issue.code === 'invalid_union' ? issue.errors.map((errors) => errors.map((inner) => inner.message).join(', ')).join('; or: ') : '';
  return `${where === '' ? 'scenario' : where}: ${issue.message}${nested === '' ? '' : ` (${nested})`}; given: ${JSON.stringify(given) ?? 'nothing'}`;
}

/** Arms that are named must be described. */
function checkArms(file: string, scenario: Scenario): void {
  const arms = Object.keys(scenario.arms);
  const named = scenario.actions.flatMap((action, index) =>
    action.release === undefined ? [] : [{ where: `actions[${index}].release`, arm: action.release }],
  );
  if (scenario.given.stable === 'promoted') named.push({ where: 'given.stable', arm: 'stable' });
  for (const { where, arm } of named) {
    if (!arms.includes(arm)) throw new BadInputError(`${file}: ${where}: there is no arm ${arm} under 'arms'; known: ${arms.join(', ')}`);
  }
}
