import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadScenarios } from '../../rehearsal/world/load-scenario';
import { newFolder, removeFolders, sluice } from './capture';

afterAll(removeFolders);

const read = (...parts: string[]): string => readFileSync(path.join(...parts), 'utf8');

test('an empty folder becomes a use case that holds, and a CDK app', async () => {
  const folder = path.join(newFolder(), 'my-case');
  const { code, out } = await sluice('init', folder);
  expect(code).toBe(0);
  expect(out).toMatch(/wrote usecase\.yaml[\s\S]*wrote cdk\.json[\s\S]*next:[\s\S]*owners[\s\S]*npx cdk bootstrap\n {2}npm run deploy\n/);
  expect(await sluice('validate', folder)).toMatchObject({ code: 0, err: '' });
  expect(read(folder, 'usecase.yaml')).toMatch(/^name: my-case /m);
  const app = (JSON.parse(read(folder, 'cdk.json')) as { app: string }).app;
  expect(existsSync(path.join(folder, app.replace('node ', '')))).toBe(true);
  expect(JSON.parse(read(folder, 'package.json'))).toMatchObject({ dependencies: { 'aws-cdk-lib': expect.any(String) as string } });
});

test('its scenarios name files that are there', async () => {
  const folder = newFolder();
  await sluice('init', folder);
  const scenarios = loadScenarios(folder, undefined);
  expect(scenarios.map(({ name }) => name)).toEqual(['bad-candidate', 'good-candidate']);
  for (const { scenario } of scenarios) {
    const files = [scenario.outcomes, scenario.traffic.source, ...Object.values(scenario.arms).map(({ model }) => model)];
    for (const file of files) expect(existsSync(path.join(folder, String(file)))).toBe(true);
  }
});

test('nothing is overwritten', async () => {
  const folder = newFolder();
  writeFileSync(path.join(folder, 'baseline.mjs'), 'mine');
  const { out } = await sluice('init', folder);
  expect(out).toMatch(/kept {2}baseline\.mjs/);
  expect(read(folder, 'baseline.mjs')).toBe('mine');
  const again = await sluice('init', folder);
  expect(again.code).toBe(0);
  expect(again.out).not.toMatch(/^wrote/m);
});

test('an existing CDK app gets the use case in a folder of its own', async () => {
  const folder = newFolder();
  writeFileSync(path.join(folder, 'cdk.json'), '{ "app": "npx tsx app.ts" }');
  const { out } = await sluice('init', folder, '--name', 'triage');
  expect(readdirSync(folder).sort()).toEqual(['cdk.json', 'use-cases']);
  expect(read(folder, 'cdk.json')).toBe('{ "app": "npx tsx app.ts" }');
  expect(out).toMatch(/AiUseCase\.fromCharter\(stack, 'Triage', "use-cases\/triage"\)/);
  expect((await sluice('validate', path.join(folder, 'use-cases', 'triage'))).code).toBe(0);
});

test('a name comes from the folder, or a neutral one where that gives none', async () => {
  const folder = path.join(newFolder(), '42');
  await sluice('init', folder);
  expect(read(folder, 'usecase.yaml')).toMatch(/^name: first-use-case /m);
  const spaced = path.join(newFolder(), 'My Great Case!');
  await sluice('init', spaced);
  expect(read(spaced, 'usecase.yaml')).toMatch(/^name: my-great-case /m);
});

test('bad input', async () => {
  expect(await sluice('init', newFolder(), '--name', 'A B')).toMatchObject({ code: 2, err: expect.stringMatching(/given: A B/) as string });
  expect(await sluice('init', __filename)).toMatchObject({ code: 2, err: expect.stringMatching(/is no folder/) as string });
});
