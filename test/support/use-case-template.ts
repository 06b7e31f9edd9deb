import { type Stack, type StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AiUseCase, type FromCharterOptions } from '../../lib';
import { CHARTER_FOLDER, testStack } from './stacks';

export interface SynthesizedUseCase {
  stack: Stack;
  useCase: AiUseCase;
  template: Template;
}

export function synthesizeUseCase(options: FromCharterOptions = {}, stackProps?: StackProps): SynthesizedUseCase {
  const stack = testStack(stackProps);
  const useCase = AiUseCase.fromCharter(stack, 'SupportTriage', CHARTER_FOLDER, options);
  return { stack, useCase, template: Template.fromStack(stack) };
}

let shared: SynthesizedUseCase | undefined;

/** The use case of `test/support/charter`, synthesized once per test file. Not to be changed. */
export function sharedUseCase(): SynthesizedUseCase {
  shared ??= synthesizeUseCase();
  return shared;
}
