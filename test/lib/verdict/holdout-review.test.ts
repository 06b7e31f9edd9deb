import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import { HoldoutReview, type KillCriterion, Ledger, OwnerNotifications } from '../../../lib';
import { actionsOf, actionsOnEverything, statementsOf } from '../../support/policies';
import { placeholderBundles } from '../../support/stacks';

function reviewWith(criteria?: KillCriterion[]) {
  placeholderBundles();
  const stack = new Stack(new App(), 'holdout');
  const ledger = new Ledger(stack, 'Ledger');
  const eventBus = events.EventBus.fromEventBusName(stack, 'Bus', 'default');
  const notifications = new OwnerNotifications(stack, 'Notifications', { useCaseName: 'support-triage', eventBus });
  const review = new HoldoutReview(stack, 'Holdout', { useCaseName: 'support-triage', ledger, notifications, criteria });
  return { review, template: Template.fromStack(stack) };
}

const MISSED_SPAM: KillCriterion = { kpi: 'missed-spam', noBetterThanBaselineAfterDays: 30 };

describe('HoldoutReview', () => {
  const { review, template } = reviewWith([MISSED_SPAM, { costPerDecisionAbove: 0.02, forDays: 0.5 }]);

  test('runs once a day, and tries again when it fails', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(10 2 * * ? *)',
      Target: Match.objectLike({ RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 21_600 } }),
    });
    expect(statementsOf(template, /HoldoutScheduleRole/)).toMatchObject([{ Action: 'lambda:InvokeFunction' }]);
  });

  test('hands the criteria over in minutes', () => {
    const [handler] = Object.values(template.findResources('AWS::Lambda::Function'));
    const { Variables } = (handler?.['Properties'] as { Environment: { Variables: Record<string, string> } }).Environment;
    expect(JSON.parse(Variables['KILL_CRITERIA'] ?? '')).toEqual([
      { kpi: 'missed-spam', noBetterThanBaselineAfterMinutes: 43_200 },
      { costPerDecisionAbove: 0.02, forMinutes: 720 },
    ]);
  });

  test('may do what it does, and nothing on everything', () => {
    expect(actionsOf(template, /HoldoutHandlerRole/)).toEqual([
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'events:PutEvents',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'sns:Publish',
    ]);
    expect(actionsOnEverything(template, /HoldoutHandlerRole/)).toEqual([]);
  });

  test.each([[undefined], [[{ costPerDecisionAbove: 0.02, forDays: 7 }]]])('with nobody to tell it may tell nobody: %j', (criteria) => {
    expect(actionsOf(reviewWith(criteria).template, /HoldoutHandlerRole/)).toEqual([
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]);
  });

  test.each<KillCriterion>([{}, { kpi: 'missed-spam' }, { forDays: 1 }, { ...MISSED_SPAM, costPerDecisionAbove: 1, forDays: 1 }])(
    'refuses a criterion that is neither the one nor the other: %j',
    (criterion) => {
      expect(() => reviewWith([criterion])).toThrow(/neither kpi with noBetterThanBaselineAfterDays nor costPerDecisionAbove with forDays/);
    },
  );

  test('offers lift, money and criteria as metrics of a day', () => {
    expect(review.metricKpiLift('missed-spam')).toMatchObject({
      metricName: 'KpiLift',
      dimensions: { UseCase: 'support-triage', Kpi: 'missed-spam' },
    });
    expect(review.metricKpiLiftLower('missed-spam').metricName).toBe('KpiLiftLower');
    expect(review.metricKpiLiftUpper('missed-spam').metricName).toBe('KpiLiftUpper');
    expect(review.metricMoneyPerMonth('missed-spam').period.toDays()).toBe(1);
    expect(review.metricKpiDaily('missed-spam', 'baseline').dimensions).toMatchObject({ Arm: 'baseline' });
    expect(review.metricKillCriterionMet('missed-spam').statistic).toBe('Maximum');
    expect(review.metricErrors().metricName).toBe('Errors');
  });
});
