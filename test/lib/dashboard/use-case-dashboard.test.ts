import { sharedUseCase } from '../../support/use-case-template';

const { stack, template, useCase } = sharedUseCase();
const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
const text = JSON.stringify(stack.resolve(dashboard?.['Properties']));

describe('UseCaseDashboard', () => {
  test.each([
    ['every KPI against its target', 'target by 2027-03-31'],
    ['the KPI without target too', 'wrongly-blocked'],
    ['the share of the candidate', 'CandidateShare'],
    ['evidence against its threshold', 'Log10Threshold'],
    ['evidence for promotion', 'Log10PromotionEvidence'],
    ['model errors per variant', 'InvocationModelErrors'],
    ['the hypothesis', 'Spam that reaches an agent'],
    ['alarms', 'CandidateFailures'],
  ])('shows %s', (_what, expected) => {
    expect(text).toContain(expected);
  });

  test('shows the latency of both variants in milliseconds: SageMaker says microseconds', () => {
    expect(text).toContain('micros_a / 1000');
    expect(text).toContain('micros_b / 1000');
    expect(text).toContain(`${useCase.release.resourcePrefix}-endpoint`);
  });
});
