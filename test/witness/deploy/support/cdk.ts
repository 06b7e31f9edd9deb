import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const ROOT = path.resolve(__dirname, '../../../..');
export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';
export const ENDPOINT = process.env['SLUICE_WITNESS'] ?? '';
const CLI = path.join(ROOT, 'node_modules/aws-cdk/bin/cdk');
const MINUTE = 60_000;

export interface CdkRun {
  code: number | null;
  output: string;
}

export interface StackOutputs {
  [output: string]: string;
}

/** A cloud assembly is made once, and deployed as it is. */
export interface Assembly {
  folder: string;
  stackName: string;
  template: Template;
}

export interface Template {
  Resources: Record<string, { Type: string; Properties: Record<string, unknown>; DeletionPolicy?: string }>;
}

export const temporaryFolder = (): string => mkdtempSync(path.join(tmpdir(), 'witness-'));

/** The real command line, against MiniStack alone: nothing of the caller's own AWS settings is left. */
export function cdk(...given: string[]): Promise<CdkRun> {
  const home = temporaryFolder();
  const own = Object.entries(process.env).filter(([name]) => !/^(AWS_|CDK_)/.test(name));
  const child = spawn(process.execPath, [CLI, ...given, '--ci', '--no-notices'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 3 * MINUTE,
    killSignal: 'SIGKILL',
    env: {
      ...Object.fromEntries(own),
      PATH: [path.dirname(process.execPath), process.env['PATH'] ?? ''].join(path.delimiter),
      HOME: home,
      AWS_ENDPOINT_URL: ENDPOINT,
      AWS_ACCESS_KEY_ID: ACCOUNT,
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: REGION,
      CDK_DISABLE_CLI_TELEMETRY: '1',
      CDK_VALIDATION: 'false',
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

/** Throws with all that the command said, unless it succeeds. */
export async function cdkSucceeds(...given: string[]): Promise<string> {
  const { code, output } = await cdk(...given);
  if (code !== 0) throw new Error(`cdk ${given.join(' ')} ended with ${String(code)}:\n${output}`);
  return output;
}

export const bootstrap = (): Promise<string> => cdkSucceeds('bootstrap', `aws://${ACCOUNT}/${REGION}`, '--app', 'true');

export async function synth(useCase: string, ...further: string[]): Promise<Assembly> {
  const folder = temporaryFolder();
  await cdkSucceeds('synth', '--quiet', '-o', folder, ...context(useCase, ...further));
  return readAssembly(folder);
}

export function readAssembly(folder: string): Assembly {
  const manifest = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as {
    artifacts: Record<string, { type: string; properties?: { templateFile: string } }>;
  };
  const [stackName, stack] = Object.entries(manifest.artifacts).find(([, { type }]) => type === 'aws:cloudformation:stack') ?? [];
  const file = stack?.properties?.templateFile;
  if (stackName === undefined || file === undefined) throw new Error(`no stack in ${folder}`);
  return { folder, stackName, template: JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Template };
}

export const context = (useCase: string, ...further: string[]): string[] => ['-c', `useCase=${useCase}`, ...further];

/** Deploys an assembly; gives what the command printed and the stack's outputs. */
export async function deploy(assembly: Assembly, ...further: string[]): Promise<{ output: string; outputs: StackOutputs }> {
  const file = path.join(temporaryFolder(), 'outputs.json');
  const given = ['--app', assembly.folder, '--require-approval', 'never', '--outputs-file', file, ...further];
  const output = await cdkSucceeds('deploy', assembly.stackName, ...given);
  const written = JSON.parse(readFileSync(file, 'utf8')) as Record<string, StackOutputs>;
  return { output, outputs: written[assembly.stackName] ?? {} };
}

export const destroy = (assembly: Assembly): Promise<string> =>
  cdkSucceeds('destroy', assembly.stackName, '--force', '--app', assembly.folder);
