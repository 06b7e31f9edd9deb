import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import type { ApplicationResult } from '../../rehearsal/application/result';

/** The command as it was built last; SLUICE_COMMAND names another. */
const SLUICE = process.env['SLUICE_COMMAND'] ?? path.resolve(__dirname, '../../dist/bin/sluice.js');

/** The cloud assembly of an application, as `cdk synth` of a new project writes it. */
export function synthesize(build: (app: App) => void): string {
  const outdir = mkdtempSync(path.join(tmpdir(), 'application-'));
  const app = new App({ outdir, context: recommendedFlags, analyticsReporting: false });
  build(app);
  app.synth();
  return outdir;
}

export interface Played {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** The command as it is built, in a process of its own. */
export function rehearse(assembly: string, ...scenarios: string[]): Promise<Played> {
  const files = scenarios.flatMap((scenario) => ['--scenario', scenario]);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [SLUICE, 'rehearse', '--assembly', assembly, ...files, '--json'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
    child.on('error', reject).on('close', (status) => resolve({ status, ...said }));
  });
}

export const resultOf = ({ stdout, stderr }: Played): ApplicationResult => {
  if (stdout.trim() === '') throw new Error(`no result: ${stderr}`);
  return JSON.parse(stdout) as ApplicationResult;
};

/** What the command printed of each scenario, by its name. */
export function linesOf({ stdout, stderr }: Played): Map<string, string> {
  if (stdout.trim() === '') throw new Error(`no results: ${stderr}`);
  const lines = stdout.trim().split('\n');
  return new Map(lines.map((line) => [(JSON.parse(line) as ApplicationResult).scenario, line]));
}

/** All that did not hold, a line each. */
export function brokenOf(result: ApplicationResult): string {
  const expectations = result.expectations
    .filter(({ held }) => !held)
    .map(({ where, text, seen }) => `${where}: ${text}; seen: ${seen ?? 'nothing'}`);
  const checks = result.checks.filter(({ held }) => !held).map(({ name, violations = [] }) => `${name}: ${violations.join('; ')}`);
  return [...expectations, ...checks].join('\n');
}

export const scenariosOf = (folder: string): string[] =>
  readdirSync(path.join(folder, 'scenarios'))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();

/** A copy of the assembly with one of its files changed; a change that changes nothing is a mistake. */
export function changed(assembly: string, file: (name: string, text: string) => boolean, edit: (text: string) => string): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'broken-'));
  cpSync(assembly, directory, { recursive: true });
  const targets = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((name) => file(path.relative(directory, name), readFileSync(name, 'utf8')));
  if (targets.length !== 1) throw new Error(`one file to change; found: ${targets.join(', ')}`);
  const [target] = targets as [string];
  const before = readFileSync(target, 'utf8');
  const after = edit(before);
  if (after === before) throw new Error(`the edit changed nothing in ${target}`);
  writeFileSync(target, after);
  return directory;
}

type Template = { Resources: Record<string, { Type: string; Properties: Record<string, unknown> }> };

/** A copy of the assembly in which this resource of the template has other properties. */
export function changedResource(
  assembly: string,
  template: string,
  { type, id }: { type: string; id: RegExp },
  edit: (properties: Record<string, unknown>) => void,
): string {
  return changed(
    assembly,
    (name) => name === `${template}.template.json`,
    (text) => {
      const parsed = JSON.parse(text) as Template;
      const found = Object.entries(parsed.Resources).filter(([logicalId, resource]) => resource.Type === type && id.test(logicalId));
      if (found.length !== 1) throw new Error(`one ${type} whose id is like ${id}; found: ${found.map(([one]) => one).join(', ')}`);
      edit(found[0]![1].Properties);
      return JSON.stringify(parsed);
    },
  );
}

/** A copy of the assembly in which a role may no longer do this. */
export function withoutGrant(assembly: string, template: string, policy: RegExp, action: string): string {
  return changedResource(assembly, template, { type: 'AWS::IAM::Policy', id: policy }, (properties) => {
    const document = properties['PolicyDocument'] as { Statement: { Action: string | string[] }[] };
    document.Statement = document.Statement.map((statement) => ({
      ...statement,
      Action: [statement.Action].flat().filter((one) => one !== action),
    })).filter(({ Action }) => Action.length > 0);
  });
}
