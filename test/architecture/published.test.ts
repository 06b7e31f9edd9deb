import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');

interface Manifest {
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
}

/** Imports that remain at run time; those of types alone go with the types. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const statements = text.matchAll(/^(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm);
  return [...statements]
    .filter(([statement]) => !/^(?:import|export)\s*\{(\s*type\s[^,}]+,?)+\s*\}/.test(statement))
    .map(([, from]) => from ?? '');
}

/** Packages that a file needs once it runs, through everything of ours that it imports. */
function packagesOf(start: string): Map<string, string> {
  const found = new Map<string, string>();
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const specifier of importsOf(file)) {
      if (!specifier.startsWith('.')) {
        if (!specifier.startsWith('node:')) found.set(specifier, path.relative(ROOT, file));
        continue;
      }
      const base = path.resolve(path.dirname(file), specifier);
      const target = [`${base}.ts`, path.join(base, 'index.ts')].find((candidate) => existsSync(candidate));
      if (target === undefined) throw new Error(`${file} imports ${specifier}, which is not there`);
      visit(target);
    }
  };
  visit(start);
  return found;
}

test('the published library needs no package but its own dependencies', () => {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as Manifest;
  const allowed = [...Object.keys(dependencies), ...Object.keys(peerDependencies)];
  const packages = packagesOf(path.join(ROOT, 'lib/index.ts'));
  expect(packages.size).toBeGreaterThan(3);
  expect([...packages].filter(([name]) => !allowed.some((one) => name === one || name.startsWith(`${one}/`)))).toEqual([]);
});

test('scorers of gates would need packages that are only bundled', () => {
  expect([...packagesOf(path.join(ROOT, 'core/gates/scorers.ts')).keys()]).toEqual(expect.arrayContaining(['ajv', 'jmespath']));
});
