import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as library from '../../lib';

const ROOT = path.resolve(__dirname, '..', '..');
const assemblyFile = path.join(ROOT, '.jsii');

interface Assembly {
  types: Record<string, { name: string; docs?: { summary?: string }; kind: string; properties?: Member[]; methods?: Member[] }>;
}
interface Member {
  name: string;
  docs?: { summary?: string; default?: string };
  optional?: boolean;
  overrides?: string;
}

const sources = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? sources(path.join(folder, entry.name)) : [path.join(folder, entry.name)],
  );

describe('the jsii assembly', () => {
  if (!existsSync(assemblyFile)) throw new Error('There is no .jsii: run `npm run build:lib` first.');
  const assembly = JSON.parse(readFileSync(assemblyFile, 'utf8')) as Assembly;
  const types = Object.values(assembly.types);

  test('holds every export: functions and constants would vanish in silence', () => {
    const inAssembly = types.map(({ name }) => name);
    for (const name of Object.keys(library)) expect(inAssembly).toContain(name);
    const index = readFileSync(path.join(ROOT, 'lib', 'index.ts'), 'utf8');
    const named = [...index.matchAll(/export \{([^}]+)\}/g)].flatMap(([, list]) => (list ?? '').split(',').map((name) => name.trim()));
    expect(named.length).toBeGreaterThan(20);
    for (const name of named.filter((text) => text !== '')) expect(inAssembly).toContain(name);
  });

  test('documents every type and every member', () => {
    const undocumented = types.flatMap((type) => [
      ...(type.docs?.summary === undefined ? [type.name] : []),
      ...[...(type.properties ?? []), ...(type.methods ?? [])]
        .filter((member) => member.docs?.summary === undefined && member.overrides === undefined)
        .map((member) => `${type.name}.${member.name}`),
    ]);
    expect(undocumented).toEqual([]);
  });

  test('says the default of every optional property', () => {
    const silent = types
      .filter(({ kind }) => kind === 'interface')
      .flatMap((type) =>
        (type.properties ?? [])
          .filter(({ optional, docs }) => optional === true && docs?.default === undefined)
          .map(({ name }) => `${type.name}.${name}`),
      );
    expect(silent).toEqual([]);
  });

  test('lib/index.ts only exports', () => {
    const lines = readFileSync(path.join(ROOT, 'lib', 'index.ts'), 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '');
    expect(lines.every((line) => line.startsWith('export ') || line.startsWith('  ') || line.startsWith('}'))).toBe(true);
  });

  test('no file of the library is long', () => {
    const long = sources(path.join(ROOT, 'lib')).filter((file) => readFileSync(file, 'utf8').split('\n').length > 400);
    expect(long).toEqual([]);
  });
});
