import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BadInputError } from '../../core/errors';
import type { CommandSpec } from '../arguments';
import { helpText, parseArguments } from '../arguments';
import type { Io } from '../io';
import { EXIT, print } from '../io';
import { appFiles, existingAppHint, useCaseFiles } from '../templates';

const SPEC: CommandSpec = {
  name: 'init',
  summary: 'Writes a first use case that validates, rehearses and synthesises. Files that are there stay as they are.',
  positionals: ['[dir]'],
  options: { name: { type: 'string', value: 'NAME', help: "the use case's name; default: as the folder" } },
  notes: ['In a folder with a cdk.json only the use case is written, in a folder of its own name: use-cases/NAME.'],
};

const NAME = /^[a-z][a-z0-9-]{2,31}$/;

export async function run(args: string[], io: Io): Promise<number> {
  const parsed = parseArguments(args, SPEC);
  if (parsed.help) {
    print(io, helpText(SPEC));
    return EXIT.ok;
  }
  const given = parsed.positionals[0] ?? '.';
  const directory = path.resolve(given);
  refuseFile(directory, given);
  const name = nameOf(directory, parsed.texts['name']);
  // A cdk.json that an earlier init wrote stands beside its usecase.yaml: that folder is completed, not nested.
  const inExistingApp = existsSync(path.join(directory, 'cdk.json')) && !existsSync(path.join(directory, 'usecase.yaml'));
  const home = inExistingApp ? path.join('use-cases', name) : '';
  const files = { ...useCaseFiles(name), ...(inExistingApp ? {} : appFiles(name)) };
  for (const [file, content] of Object.entries(files)) print(io, put(directory, path.join(home, file), content));
  for (const line of nextSteps(given, home, name, inExistingApp)) print(io, line);
  return EXIT.ok;
}

function refuseFile(directory: string, given: string): void {
  const stats = statSync(directory, { throwIfNoEntry: false });
  if (stats !== undefined && !stats.isDirectory())
    throw new BadInputError(`${given}: is no folder\n  allowed: a folder, or the path of a new one`);
}

function nameOf(directory: string, wanted: string | undefined): string {
  if (wanted !== undefined) {
    if (NAME.test(wanted)) return wanted;
    throw new BadInputError(`sluice init: --name is 3 to 32 of a-z, 0-9 and -, starting with a letter; given: ${wanted}`);
  }
  const derived = path
    .basename(directory)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 32)
    .replace(/-+$/, '');
  return NAME.test(derived) ? derived : 'first-use-case';
}

function put(directory: string, file: string, content: string): string {
  const target = path.join(directory, file);
  mkdirSync(path.dirname(target), { recursive: true });
  try {
    writeFileSync(target, content, { flag: 'wx' });
    return `wrote ${file}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return `kept  ${file}`;
    throw error;
  }
}

function nextSteps(given: string, home: string, name: string, inExistingApp: boolean): string[] {
  const place = path.join(given, home);
  const own = 'put your own IAM principals under owners in usecase.yaml';
  if (inExistingApp) {
    const steps = [own, `npx cdk-sluice validate ${place}`, `npx cdk-sluice rehearse ${place}`];
    return ['', existingAppHint(name, home.replaceAll('\\', '/')), '', 'next:', ...steps.map((step) => `  ${step}`)];
  }
  const enter = given === '.' ? [] : [`cd ${given}`];
  const check = ['npm install', 'npx cdk-sluice validate .', 'npx cdk-sluice rehearse .'];
  return ['', 'next:', ...[...enter, ...check, own, 'npx cdk bootstrap', 'npm run deploy'].map((step) => `  ${step}`)];
}
