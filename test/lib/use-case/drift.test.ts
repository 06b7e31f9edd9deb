import { readFileSync } from 'node:fs';
import path from 'node:path';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Template } from 'aws-cdk-lib/assertions';
import { parse } from 'yaml';
import { parseCharter } from '../../../core/charter';
import {
  AiUseCase,
  type AiUseCaseProps,
  Baseline,
  DriftBaseline,
  DriftFeature,
  DriftRhythm,
  DriftTruth,
  KpiDirection,
  KpiRole,
  KpiUnit,
  ModelSource,
  RetrainingTrigger,
  RiskClass,
  Training,
} from '../../../lib';
import { useCaseFromProps } from '../../../lib/use-case/from-props';
import { actionsOf } from '../../support/policies';
import { testStack } from '../../support/stacks';

const WATCHED = path.resolve(__dirname, '../../../examples/flight-delay/watched');
const text = readFileSync(path.join(WATCHED, 'usecase.yaml'), 'utf8');
const OUTPUTS = ['DriftUrl', 'DriftBucketName', 'RetrainingUrl'];

const outputsOf = (template: Template): string[] => Object.keys(template.findOutputs('*')).filter((name) => OUTPUTS.includes(name));

describe('a charter that watches drift and retrains', () => {
  const stack = testStack();
  const useCase = AiUseCase.fromCharter(stack, 'Watched', WATCHED);
  useCase.grantDecide(new Role(stack, 'Owner', { assumedBy: new AccountRootPrincipal() }));
  const template = Template.fromStack(stack);

  test('has both, and says where they are', () => {
    expect(useCase.drift?.owner).toBe('quality');
    expect(useCase.retraining).toBeDefined();
    expect(outputsOf(template)).toEqual(OUTPUTS);
  });

  test('lets its owners call both', () => {
    expect(actionsOf(template, /^Owner/).filter((action) => action === 'lambda:InvokeFunctionUrl')).toHaveLength(5);
  });
});

test('without the sections, or where nothing is captured, neither is there', () => {
  const { drift, retraining, ...plain } = parse(text) as Record<string, object>;
  expect([drift, retraining]).not.toContain(undefined);
  const serverless = { ...plain, drift, retraining, serving: { mode: 'serverless' } };
  for (const document of [plain, serverless]) {
    const stack = testStack();
    const useCase = AiUseCase._fromDocument(stack, 'Plain', WATCHED, document, {});
    expect(useCase.drift).toBeUndefined();
    expect(useCase.retraining).toBeUndefined();
    expect(outputsOf(Template.fromStack(stack))).toEqual([]);
  }
});

describe('in code', () => {
  const IMAGE = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/flight-delay-training:1.0.0';
  const props: AiUseCaseProps = {
    name: 'flight-delay',
    purpose: {
      problem: 'p',
      users: 'u',
      hypothesis: 'h',
      reviewBy: '2027-06-30',
      risk: RiskClass.LIMITED,
      data: { sources: ['s'], personal: false },
    },
    owners: {
      quality: { principals: ['arn:aws:iam::111122223333:role/MlLead'] },
      process: { principals: ['arn:aws:iam::111122223333:role/Lead'] },
    },
    kpis: [{ name: 'wrong', better: KpiDirection.LOWER, unit: KpiUnit.CASE, role: KpiRole.GOAL, windowMinutes: 180 }],
    baseline: Baseline.fixedAnswer({ delayMinutes: 10 }),
    model: ModelSource.container({ image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/delay:1.0.0' }),
    serving: { instanceType: 'ml.m5.large', capture: {} },
    registry: { group: 'flight-delay' },
    drift: {
      baseline: DriftBaseline.trainingData(path.join(WATCHED, 'data/flights.csv'), { timeColumn: 'at' }),
      rhythm: DriftRhythm.DAILY,
      windowsHours: [6, 24],
      features: [
        DriftFeature.numeric('scheduledHour', { input: 'scheduledHour', atLeast: 0, atMost: 23 }),
        DriftFeature.numeric('delayMinutes', { output: 'delayMinutes' }),
      ],
      truth: DriftTruth.regression({ prediction: 'delayMinutes', windowMinutes: 180, maeAtMost: 20 }),
    },
    retraining: {
      triggers: [RetrainingTrigger.onDrift(), RetrainingTrigger.onSchedule('rate(30 days)')],
      training: Training.job({ image: IMAGE, hyperParameters: { quantile: '0.5' } }),
      coolDownMinutes: 1440,
    },
  };

  test('it says what a charter would say', () => {
    const { charter } = useCaseFromProps(props, 'Watched');
    const written = `
      drift:
        baseline: { trainingData: examples/flight-delay/watched/data/flights.csv, timeColumn: at }
        rhythm: daily
        windows: [6h, 24h]
        features:
          - { name: scheduledHour, input: scheduledHour, type: numeric, range: [0, 23] }
          - { name: delayMinutes, output: delayMinutes, type: numeric }
        truth: { prediction: delayMinutes, kind: regression, window: 3h, maeAtMost: 20 }
      retraining:
        on: { drift: true, schedule: rate(30 days) }
        coolDown: 1d
        training: { image: '${IMAGE}', hyperParameters: { quantile: 0.5 } }
`.replaceAll(/^ {6}/gm, '');
    const expected = parseCharter(text.replace(/^drift:[^]*?(?=^tags:)/m, written), 'usecase.yaml');
    if (!expected.ok) throw new Error(JSON.stringify(expected.problems));
    expect(charter.drift).toEqual(expected.charter.drift);
    expect(charter.retraining).toMatchObject(expected.charter.retraining!);
  });

  test('it is the same use case', () => {
    const stack = testStack();
    const useCase = new AiUseCase(stack, 'Watched', props);
    expect(useCase.drift?.owner).toBe('quality');
    expect(outputsOf(Template.fromStack(stack))).toEqual(OUTPUTS);
  });

  test('it is checked by the same rules', () => {
    expect(() => useCaseFromProps({ ...props, serving: { instanceType: 'ml.m5.large' } }, 'Watched')).toThrow(
      /serving\.capture: is missing/,
    );
    expect(() => useCaseFromProps({ ...props, registry: undefined }, 'Watched')).toThrow(/release\.registry: is missing/);
  });
});
