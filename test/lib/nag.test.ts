import { readFileSync } from 'node:fs';
import path from 'node:path';
import { AwsSolutionsChecks } from 'cdk-nag';
import { App, Stack, type IPolicyValidationPlugin } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { parse } from 'yaml';
import { AiUseCase } from '../../lib';
import { CHARTER_FOLDER, placeholderBundles } from '../support/stacks';

function findings(build: (stack: Stack) => void): string[] {
  placeholderBundles();
  const app = new App();
  const stack = new Stack(app, 'support-triage');
  build(stack);
  const pack: IPolicyValidationPlugin & {
    validateScope(scope: App): { violations: { ruleName: string; violatingResources: { constructPath?: string }[] }[] };
  } = new AwsSolutionsChecks(app) as never;
  return pack
    .validateScope(app)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    );
}

describe('AwsSolutions pack of cdk-nag', () => {
  test('finds nothing that is not acknowledged with a reason', () => {
    expect(findings((stack) => AiUseCase.fromCharter(stack, 'SupportTriage', CHARTER_FOLDER))).toEqual([]);
  });

  test.each(['[shadow, canary]', 'blue-green'])('finds nothing under %s either', (strategy) => {
    const text = readFileSync(path.join(CHARTER_FOLDER, 'usecase.yaml'), 'utf8');
    const document = { ...(parse(text) as object), rollout: parse(`{ strategy: ${strategy} }`) as object };
    expect(findings((stack) => AiUseCase._fromDocument(stack, 'SupportTriage', CHARTER_FOLDER, document, {}))).toEqual([]);
  });

  test('finds nothing with a budget, an adopted endpoint either', () => {
    const document = {
      ...(parse(readFileSync(path.join(CHARTER_FOLDER, 'usecase.yaml'), 'utf8')) as object),
      budget: { monthly: 1500, currency: 'USD', onExceeded: 'kill' },
      platform: { existingEndpoint: 'triage-legacy' },
    };
    expect(findings((stack) => AiUseCase._fromDocument(stack, 'SupportTriage', CHARTER_FOLDER, document, {}))).toEqual([]);
  });

  test('finds nothing where somebody looks after capacity', () => {
    const text = readFileSync(path.join(CHARTER_FOLDER, 'usecase.yaml'), 'utf8');
    const charter = parse(text) as { serving: object };
    const document = { ...charter, serving: { ...charter.serving, scaling: { target: 20 }, idle: { after: '1h', then: 'off' } } };
    expect(findings((stack) => AiUseCase._fromDocument(stack, 'SupportTriage', CHARTER_FOLDER, document, {}))).toEqual([]);
  });

  test.each([
    '{ mode: serverless }',
    '{ mode: async, instance: ml.g5.xlarge, instances: { min: 0, max: 2 }, scaling: { target: 5 } }',
    '{ mode: inference-components, instance: ml.g5.xlarge, component: { memoryMb: 4096, copies: { min: 0, max: 2 } }, scaling: { target: 4 } }',
    '{ instance: ml.m5.large, capture: {}, batch: { schedule: rate(1 day), input: "s3://mail-archive/in/", output: "s3://mail-archive/out" } }',
  ])('finds nothing where the charter serves with %s', (serving) => {
    const text = readFileSync(path.join(CHARTER_FOLDER, 'usecase.yaml'), 'utf8');
    const charter = parse(text) as { release: { model: object } };
    const model = { ...charter.release.model, secrets: { HUB_TOKEN: 'models/hub-token' } };
    const document = { ...charter, gates: [], release: { ...charter.release, model }, serving: parse(serving) as object };
    expect(findings((stack) => AiUseCase._fromDocument(stack, 'SupportTriage', CHARTER_FOLDER, document, {}))).toEqual([]);
  });

  test('finds nothing where drift is watched and models are retrained', () => {
    const watched = path.resolve(__dirname, '../../examples/flight-delay/watched');
    expect(findings((stack) => AiUseCase.fromCharter(stack, 'FlightDelay', watched))).toEqual([]);
  });

  test('would find a bucket that is neither logged nor TLS-only', () => {
    expect(findings((stack) => new Bucket(stack, 'Bucket')).join()).toMatch(/AwsSolutions-S1 at .*AwsSolutions-S10 at /);
  });
});
