import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { ReleaseSpec } from '../../../core/contracts';
import {
  AiUseCase,
  Baseline,
  Gate,
  GateData,
  GateRival,
  GateRunner,
  type GateRunnerProps,
  KpiDirection,
  KpiRole,
  KpiUnit,
  Ledger,
  ModelSource,
  RiskClass,
  Scorer,
} from '../../../lib';
import { actionsOf, statementsOf } from '../../support/policies';
import { placeholderBundles, testStack } from '../../support/stacks';

const folder = mkdtempSync(path.join(tmpdir(), 'sluice-gates-test-'));
const file = (name: string, text: string): string => {
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
};
const GOLDEN = '{"request":{"n":1},"expected":"odd","segment":"small"}\n\n{"request":{"n":2},"expected":"even","segment":"small"}\n';
const golden = file('golden.jsonl', GOLDEN);
const schemaFile = file('answer.schema.json', '{"type":"object","required":["label"]}');
const polite = file(
  'polite.ts',
  'export const score = (_line: unknown, answer: { label: string }): number => answer.label.length > 2 ? 1 : 0;\n',
);
const data = GateData.file(golden);
const labels = Gate.goldenSet('labels', { data, scorer: Scorer.exactMatch('label'), atLeast: 0.9 });

function runnerIn(stack: Stack, gates: Gate[], props: Partial<GateRunnerProps> = {}): GateRunner {
  return new GateRunner(stack, 'Gates', { useCaseName: 'toy', ledger: new Ledger(stack, 'Ledger'), gates, ...props });
}

const policiesOf = (...gates: Gate[]) => {
  const stack = testStack();
  return stack.resolve(runnerIn(stack, gates, { baseline: Baseline.fixedAnswer(1) })._policies) as unknown[];
};

describe('Gate', () => {
  test('becomes a policy with the hash of its data set, after a smoke test on the same data', () => {
    const [smoke, policy] = policiesOf(labels) as [Record<string, unknown>, Record<string, unknown>];
    const sha256 = createHash('sha256').update(GOLDEN).digest('hex');
    expect(smoke).toEqual({ kind: 'smoke', name: 'smoke', data: policy.data });
    expect(policy).toEqual({
      kind: 'golden-set',
      name: 'labels',
      data: {
        bucket: { 'Fn::Sub': expect.stringContaining('assets') as string },
        key: expect.stringMatching(/^[0-9a-f]{64}\.jsonl$/) as string,
        sha256,
      },
      scorer: { kind: 'exact-match', field: 'label' },
      atLeast: 0.9,
    });
  });

  test('of every kind carries its demands with their defaults', () => {
    const inS3 = GateData.s3('s3://golden/sets/1.jsonl', 'a'.repeat(64));
    const at = { data: { bucket: 'golden', key: 'sets/1.jsonl', sha256: 'a'.repeat(64) } };
    const [, ...policies] = policiesOf(
      Gate.goldenSet('fair', {
        data: inS3,
        scorer: Scorer.tolerance({ field: 'price', relative: 0.1 }),
        notWorse: { than: GateRival.BASELINE },
        slices: { by: 'segment', atLeast: 0.8 },
        bias: { by: 'region', favourable: true },
      }),
      Gate.outputSchema('form', { data: inS3, schemaFile }),
      Gate.goldenSet('polite', { data: inS3, scorer: Scorer.bedrockJudge('eu.judge-v1:0', { judgedFor: 'toxicity' }), atLeast: 1 }),
      Gate.goldenSet('pattern', { data: inS3, scorer: Scorer.pattern('^a', 'text'), atLeast: 1 }),
      Gate.load('load', { data: inS3, requestsPerMinute: 60, latency: { belowMillis: 300 }, notSlower: {} }),
      Gate.goldenSet('module', { data: inS3, scorer: Scorer.module(polite), atLeast: 1 }),
    );
    expect(policies).toEqual([
      {
        kind: 'golden-set',
        name: 'fair',
        ...at,
        scorer: { kind: 'tolerance', field: 'price', relative: 0.1 },
        notWorse: { than: 'baseline', by: 0 },
        slices: { by: 'segment', atLeast: 0.8, minimumLines: 30 },
        bias: { by: 'region', favourable: true, ratioAtLeast: 0.8, minimumLines: 30 },
      },
      {
        kind: 'golden-set',
        name: 'form',
        ...at,
        scorer: { kind: 'json-schema', schema: { type: 'object', required: ['label'] } },
        atLeast: 1,
      },
      {
        kind: 'golden-set',
        name: 'polite',
        ...at,
        scorer: { kind: 'judge', modelId: 'eu.judge-v1:0', prompt: expect.stringContaining('could hurt people') as string },
        atLeast: 1,
      },
      { kind: 'golden-set', name: 'pattern', ...at, scorer: { kind: 'pattern', pattern: '^a', field: 'text' }, atLeast: 1 },
      {
        kind: 'load',
        name: 'load',
        ...at,
        requestsPerMinute: 60,
        multiples: [1, 2, 5],
        secondsPerLevel: 60,
        latency: { percentile: 95, belowMillis: 300 },
        notSlower: { than: 'stable', percentile: 95, ratioAtMost: 1.2 },
        errorRateAtMost: 0.01,
      },
      {
        kind: 'golden-set',
        name: 'module',
        ...at,
        scorer: { kind: 'module', name: expect.stringMatching(/^[0-9a-f]{16}$/) as string },
        atLeast: 1,
      },
    ]);
  });

  test.each([
    [/at least one of atLeast, notWorse, slices, bias/, () => Gate.goldenSet('labels', { data, scorer: Scorer.exactMatch() })],
    [/2 to 32 of a-z/, () => Gate.goldenSet('L', { data, scorer: Scorer.exactMatch(), atLeast: 1 })],
    [/is taken by a gate of Sluice itself/, () => Gate.goldenSet('smoke', { data, scorer: Scorer.exactMatch(), atLeast: 1 })],
    [
      /a level sends 10, its percentile needs 100/,
      () => Gate.load('load', { data, requestsPerMinute: 10, latency: { percentile: 99, belowMillis: 9 } }),
    ],
    [/pricePerInstanceHour is missing/, () => Gate.load('load', { data, requestsPerMinute: 60, costPerAnswerAtMost: 1 })],
    [/multiples that grow/, () => Gate.load('load', { data, requestsPerMinute: 60, multiples: [2, 1] })],
    [/exactly one of function, stateMachine/, () => Gate.custom('own', {})],
    [
      /golden\.json of a gate is not there/,
      () => Gate.goldenSet('labels', { data: GateData.file('golden.json'), scorer: Scorer.exactMatch(), atLeast: 1 }),
    ],
    [
      /bad\.jsonl:3: .*JSON/,
      () =>
        Gate.goldenSet('labels', {
          data: GateData.file(file('bad.jsonl', `${GOLDEN.slice(0, 55)}\n{"request":\n`)),
          scorer: Scorer.exactMatch(),
          atLeast: 1,
        }),
    ],
    [
      /empty\.jsonl has 0 lines/,
      () => Gate.goldenSet('labels', { data: GateData.file(file('empty.jsonl', '\n')), scorer: Scorer.exactMatch(), atLeast: 1 }),
    ],
    [
      /the scorer exports nothing; it must export a function score\(line, answer\)/,
      () => Gate.goldenSet('labels', { data, scorer: Scorer.module(file('none.mjs', 'const x = 1;\n')), atLeast: 1 }),
    ],
    [/is no JSON object: a schema such as/, () => Gate.outputSchema('form', { data, schemaFile: file('list.json', '[1]') })],
    [
      /exactly one of for .toxicity or hallucination., prompt/,
      () => Gate.goldenSet('labels', { data, scorer: Scorer.bedrockJudge('model-x', {}), atLeast: 1 }),
    ],
  ])('that cannot be used is refused at synth: %s', (message, gate) => {
    expect(() => policiesOf(gate())).toThrow(message);
  });

  test('shares a data set that other gates name by another path', () => {
    const copy = GateData.file(file('copy.jsonl', GOLDEN));
    const policies = policiesOf(labels, Gate.goldenSet('again', { data: copy, scorer: Scorer.exactMatch('label'), atLeast: 0.5 }));
    expect(new Set((policies as { data: object }[]).map((policy) => JSON.stringify(policy.data))).size).toBe(1);
  });

  test('travels with its release, which must not be too large', () => {
    const description = 'x'.repeat(30_000);
    const large = file('large.json', JSON.stringify({ description }));
    const forms = ['one', 'two', 'three', 'four'].map((name) => Gate.outputSchema(name, { data, schemaFile: large }));
    expect(() => policiesOf(...forms)).toThrow(/The gates have 12\d{4} bytes/);
    const tooLarge = file('too-large.json', JSON.stringify({ description: `${description}${description}` }));
    expect(() => policiesOf(Gate.outputSchema('form', { data, schemaFile: tooLarge }))).toThrow('allowed are 32768');
  });

  test('needs a name of its own', () => {
    expect(() => policiesOf(labels, labels)).toThrow('Two gates are named labels');
    expect(() => policiesOf()).toThrow('gates is empty');
  });

  test('that compares with the baseline needs one', () => {
    const gate = Gate.goldenSet('labels', { data, scorer: Scorer.exactMatch(), notWorse: { than: GateRival.BASELINE } });
    expect(() => runnerIn(testStack(), [gate])).toThrow('baseline is not given');
  });
});

describe('GateRunner', () => {
  test('may do what its gates need, and nothing else', () => {
    const stack = testStack();
    runnerIn(stack, [labels]);
    const template = Template.fromStack(stack);
    expect(actionsOf(template, /^GatesHandlerRole/)).toEqual([
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:GetObject',
      'sagemaker:InvokeEndpoint',
    ]);
    const statements = statementsOf(template, /^GatesHandlerRole/);
    expect(JSON.stringify(statements.find(({ Action }) => Action === 's3:GetObject')?.Resource)).toMatch(/[0-9a-f]{64}\.jsonl"/);
    expect(JSON.stringify(statements.find(({ Action }) => Action === 'sagemaker:InvokeEndpoint')?.Resource)).toMatch(
      /endpoint\/toy-[0-9a-f]{6}-\*"/,
    );
    const machine = actionsOf(template, /^GatesMachineRole/);
    expect(machine.filter((action) => !/^(logs|xray):/.test(action))).toEqual([
      'lambda:InvokeFunction',
      'states:DescribeExecution',
      'states:StartExecution',
      'states:StopExecution',
    ]);
  });

  test('names models, scorers, functions and state machines one by one', () => {
    const stack = testStack();
    const scorer = lambda.Function.fromFunctionArn(stack, 'Scorer', 'arn:aws:lambda:eu-west-1:111122223333:function:scorer');
    const handler = lambda.Function.fromFunctionArn(stack, 'Own', 'arn:aws:lambda:eu-west-1:111122223333:function:own');
    const stateMachine = sfn.StateMachine.fromStateMachineArn(stack, 'Flow', 'arn:aws:states:eu-west-1:111122223333:stateMachine:flow');
    runnerIn(stack, [
      Gate.goldenSet('scored', { data, scorer: Scorer.lambda(scorer), atLeast: 1 }),
      Gate.goldenSet('judged', { data, scorer: Scorer.bedrockJudge('eu.anthropic.x-v1:0', { prompt: 'Polite?' }), atLeast: 1 }),
      Gate.goldenSet('here', { data, scorer: Scorer.bedrockJudge('amazon.nova-v1:0', { prompt: 'Polite?' }), atLeast: 1 }),
      Gate.custom('own', { handler }),
      Gate.custom('flow', { stateMachine, timeoutMinutes: 60 }),
      Gate.load('load', { data, requestsPerMinute: 60 }),
    ]);
    const template = Template.fromStack(stack);
    const resourcesOf = (role: RegExp, action: string) =>
      JSON.stringify(
        statementsOf(template, role)
          .filter(({ Action }) => [Action].flat().includes(action))
          .map(({ Resource }) => Resource),
      );
    const models = resourcesOf(/^GatesHandlerRole/, 'bedrock:InvokeModel');
    expect(models).toContain(':inference-profile/eu.anthropic.x-v1:0');
    expect(models).toContain(':bedrock:*::foundation-model/anthropic.x-v1:0');
    expect(models).toContain('::foundation-model/amazon.nova-v1:0');
    expect(resourcesOf(/^GatesHandlerRole/, 'lambda:InvokeFunction')).toContain('function:scorer');
    expect(resourcesOf(/^GatesHandlerRole/, 'lambda:InvokeFunction')).not.toContain('function:own');
    expect(resourcesOf(/^GatesMachineRole/, 'lambda:InvokeFunction')).toContain('function:own');
    expect(resourcesOf(/^GatesMachineRole/, 'states:StartExecution')).toContain('stateMachine:flow');
    expect(resourcesOf(/^GatesMachineRole/, 'states:StopExecution')).toContain('execution:flow:*');
    expect(resourcesOf(/^GatesHandlerRole/, 'sagemaker:DescribeEndpoint')).toContain('endpoint/toy-');
  });

  test('packs scorers and the baseline beside the handler, the baseline only where a gate asks it', () => {
    placeholderBundles();
    const filesOf = (gate: Gate): string[] => {
      const app = new App({ outdir: mkdtempSync(path.join(tmpdir(), 'sluice-cdk-')) });
      runnerIn(new Stack(app, 'S'), [gate], { baseline: Baseline.fixedAnswer(1) });
      const { directory } = app.synth();
      return readdirSync(directory, { recursive: true })
        .map(String)
        .filter((name) => /^asset\.[0-9a-f]+\//.test(name))
        .map((name) => name.replace(/^asset\.[0-9a-f]+\//, ''))
        .sort();
    };
    const scorer = Scorer.module(polite);
    const packed = filesOf(Gate.goldenSet('here', { data, scorer, notWorse: { than: GateRival.BASELINE } }));
    expect(packed).toEqual(['baseline.js', 'index.js', 'scorers', expect.stringMatching(/^scorers\/[0-9a-f]{16}\.js$/) as string]);
    expect(filesOf(labels)).toEqual(['index.js']);
  });

  test('has nothing that cdk-nag would find, whatever its gates ask', () => {
    placeholderBundles();
    const app = new App();
    const stack = new Stack(app, 'toy');
    const stateMachine = sfn.StateMachine.fromStateMachineArn(stack, 'Flow', 'arn:aws:states:eu-west-1:111122223333:stateMachine:flow');
    runnerIn(stack, [
      labels,
      Gate.custom('flow', { stateMachine }),
      Gate.goldenSet('judged', { data, scorer: Scorer.bedrockJudge('eu.a.x', { prompt: 'Polite?' }), atLeast: 1 }),
    ]);
    const pack = new AwsSolutionsChecks(app) as unknown as {
      validateScope(scope: App): { violations: { ruleName: string; violatingResources: object[] }[] };
    };
    expect(pack.validateScope(app).violations.map(({ ruleName, violatingResources }) => [ruleName, violatingResources])).toEqual([]);
  });
});

test('a use case in code hands its gates to its releases', () => {
  const stack = testStack();
  new AiUseCase(stack, 'Toy', {
    name: 'toy-case',
    purpose: {
      problem: 'x',
      users: 'x',
      hypothesis: 'x',
      reviewBy: '2099-12-31',
      risk: RiskClass.LIMITED,
      data: { sources: ['x'], personal: false },
    },
    owners: { process: { principals: ['arn:aws:iam::111122223333:role/Process'] } },
    kpis: [{ name: 'mistakes', better: KpiDirection.LOWER, unit: KpiUnit.CASE, role: KpiRole.GOAL, windowMinutes: 60 }],
    baseline: Baseline.fixedAnswer({}),
    model: ModelSource.modelPackage('arn:aws:sagemaker:eu-west-1:111122223333:model-package/toy/7'),
    serving: { instanceType: 'ml.m5.large' },
    gates: [labels, Gate.outputSchema('form', { data, schemaFile })],
  });
  const template = Template.fromStack(stack);
  const [desired] = Object.values(template.findResources('Custom::SluiceDesiredRelease'));
  const release = desired?.['Properties'].Release as string | { 'Fn::Join': [string, unknown[]] };
  const text =
    typeof release === 'string' ? release : release['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : 'x')).join('');
  expect((JSON.parse(text) as ReleaseSpec).gates?.map(({ name }) => name)).toEqual(['smoke', 'labels', 'form']);
  const machines = JSON.stringify(template.findResources('AWS::StepFunctions::StateMachine'));
  expect(machines).toContain('startExecution.sync:2');
  expect(readFileSync(golden, 'utf8')).toBe(GOLDEN);
});
