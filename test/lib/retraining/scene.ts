import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import type { Stack, StackProps } from 'aws-cdk-lib';
import { parse } from 'yaml';
import { AiUseCase, type FromCharterOptions } from '../../../lib';
import { CHARTER_FOLDER, testStack } from '../../support/stacks';

export const IMAGE = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/triage-train:1.0.0';
export const GROUP = 'Triage';

const DRIFT = {
  baseline: { firstDays: '7d' },
  features: [
    { name: 'subject', input: 'subject', type: 'text' },
    { name: 'label', output: 'label', type: 'categorical' },
  ],
  truth: { prediction: 'label', kind: 'classification', positive: 'spam', window: '6h' },
};

/** The charter of the tests, watched and retrained. */
export function document(retraining: object = {}, more: object = {}): object {
  const charter = parse(readFileSync(path.join(CHARTER_FOLDER, 'usecase.yaml'), 'utf8')) as { serving: object; release: object };
  return {
    ...charter,
    release: { ...charter.release, registry: { group: GROUP } },
    serving: { ...charter.serving, capture: {} },
    drift: DRIFT,
    retraining: { training: { image: IMAGE, instance: 'ml.m5.xlarge', hyperParameters: { rounds: 50 } }, ...retraining },
    ...more,
  };
}

export interface Scene {
  stack: Stack;
  useCase: AiUseCase;
  template: Template;
}

export function scene(retraining: object = {}, more: object = {}, options: FromCharterOptions = {}, props?: StackProps): Scene {
  const stack = testStack(props);
  const useCase = AiUseCase._fromDocument(stack, 'SupportTriage', CHARTER_FOLDER, document(retraining, more), options);
  let template: Template | undefined;
  return {
    stack,
    useCase,
    // Synthesized when it is first looked at: until then there is room for more.
    get template() {
      return (template ??= Template.fromStack(stack));
    },
  };
}
