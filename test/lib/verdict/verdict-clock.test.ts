import { Match } from 'aws-cdk-lib/assertions';
import { actionsOf, actionsOnEverything, statementsOf } from '../../support/policies';
import { sharedUseCase } from '../../support/use-case-template';

const { template, useCase } = sharedUseCase();

describe('VerdictClock', () => {
  test('runs every minute, and a verdict that comes late does not come at all', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(1 minute)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: Match.objectLike({ RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 } }),
    });
  });

  test('is called by a role of its own that may call nothing else', () => {
    expect(statementsOf(template, /VerdictScheduleRole/)).toMatchObject([
      { Action: 'lambda:InvokeFunction', Resource: { 'Fn::GetAtt': [expect.stringContaining('VerdictHandler'), 'Arn'] } },
    ]);
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: 'scheduler.amazonaws.com' },
            Condition: { StringEquals: Match.objectLike({ 'aws:SourceAccount': Match.anyValue() }) },
          }),
        ],
      },
    });
  });

  test('may do what it does, and nothing on everything', () => {
    expect(actionsOf(template, /VerdictHandlerRole/)).toEqual([
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'states:SendTaskHeartbeat',
      'states:SendTaskSuccess',
    ]);
    expect(actionsOnEverything(template, /VerdictHandlerRole/)).toEqual([]);
  });

  test('offers evidence and share as metrics', () => {
    expect(useCase.verdict.metricLog10Evidence('missed-spam').metricName).toBe('Log10Evidence');
    expect(useCase.verdict.metricCandidateShare().metricName).toBe('CandidateShare');
  });
});
