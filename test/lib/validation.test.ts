import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { FEATURE_FLAGS } from '../../bin/context';
import { AiUseCase } from '../../lib';
import { CHARTER_FOLDER, placeholderBundles } from '../support/stacks';

/** Synthesizes with CloudFormation's own rules on, as a warning already fails. */
function synthesizeStrictly(build: (stack: Stack) => void): void {
  placeholderBundles();
  const app = new App({
    context: FEATURE_FLAGS,
    builtinCloudFormationValidation: true,
    outdir: mkdtempSync(path.join(tmpdir(), 'sluice-strict-')),
  });
  build(new Stack(app, 'support-triage'));
  app.synth();
}

describe('CloudFormation validation with default rules, strictly', () => {
  const before = process.env['CDK_VALIDATION'];
  beforeAll(() => delete process.env['CDK_VALIDATION']);
  afterAll(() => {
    process.env['CDK_VALIDATION'] = before;
    process.exitCode = 0;
  });

  test('accepts the template of a use case', () => {
    expect(() => synthesizeStrictly((stack) => AiUseCase.fromCharter(stack, 'SupportTriage', CHARTER_FOLDER))).not.toThrow();
    expect(process.exitCode ?? 0).toBe(0);
  }, 60_000);

  test('would refuse a template that is wrong', () => {
    let refused: boolean;
    try {
      synthesizeStrictly(
        (stack) => new CfnResource(stack, 'Queue', { type: 'AWS::SQS::Queue', properties: { VisibilityTimeout: 'soon' } }),
      );
      refused = process.exitCode === 1;
    } catch {
      refused = true;
    }
    expect(refused).toBe(true);
  }, 60_000);
});

test('reading a baseline in TypeScript prints no warning of Node', () => {
  const file = path.join(CHARTER_FOLDER, 'baseline.ts');
  const script = `require('./dist/lib/index.js').Baseline.rule(${JSON.stringify(file)})`;
  const output = execFileSync(process.execPath, ['-e', `${script}; console.log('loaded')`], {
    cwd: path.resolve(__dirname, '..', '..'),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  expect(output).toBe('loaded\n');
}, 30_000);
