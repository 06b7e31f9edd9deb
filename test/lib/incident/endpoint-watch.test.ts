import { Match, Template } from 'aws-cdk-lib/assertions';
import { AiUseCase, EndpointWatch, Ledger } from '../../../lib';
import { actionsOf, actionsOnEverything, statementsOf } from '../../support/policies';
import { CHARTER_FOLDER, testStack } from '../../support/stacks';
import { sharedUseCase } from '../../support/use-case-template';

const { template, useCase } = sharedUseCase();

describe('EndpointWatch', () => {
  test('looks every five minutes, and not again for one that was missed', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(5 minutes)',
      Target: {
        Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('WatchHandler'), 'Arn'] },
        RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 240 },
      },
    });
  });

  test('knows the alarms that roll back, and hands them to the same handler', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          POWERTOOLS_SERVICE_NAME: 'watch',
          ALARM_PREFIX: useCase.rollback.alarmNamePrefix,
          ROLLBACK_FUNCTION: { 'Fn::GetAtt': [Match.stringLikeRegexp('RollbackHandler'), 'Arn'] },
          TEARDOWN_STATE_MACHINE_ARN: Match.anyValue(),
        }),
      },
    });
  });

  test('may look and tell, and never touches an endpoint', () => {
    expect(actionsOf(template, /WatchHandlerRole/)).toEqual([
      'cloudwatch:DescribeAlarms',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'events:PutEvents',
      'lambda:InvokeFunction',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'sagemaker:DescribeEndpoint',
      'sns:Publish',
      'states:ListExecutions',
      'states:StartExecution',
    ]);
    expect(actionsOnEverything(template, /WatchHandlerRole/)).toEqual(['cloudwatch:DescribeAlarms']);
  });

  test('looks at the endpoint that releases make, and at an adopted one by its own name', () => {
    const endpointsOf = (from: Template): string =>
      JSON.stringify(statementsOf(from, /WatchHandlerRole/).filter(({ Action }) => Action === 'sagemaker:DescribeEndpoint'));
    expect(endpointsOf(template)).toContain(`:endpoint/${useCase.release.resourcePrefix}-*`);
    const stack = testStack();
    const { release, rollback, notifications } = AiUseCase.fromCharter(stack, 'SupportTriage', CHARTER_FOLDER);
    new EndpointWatch(stack, 'WatchHandlerRole', {
      useCaseName: 'support-triage',
      ledger: new Ledger(stack, 'Ledger'),
      release,
      rollback,
      notifications,
      existingEndpoint: 'Legacy-Prod',
    });
    expect(endpointsOf(Template.fromStack(stack))).toContain(':endpoint/legacy-prod');
  });

  test('measures incidents', () => {
    const names = [
      useCase.watch.metricIncidentsOpened(),
      useCase.watch.metricTimeToDetectInSeconds(),
      useCase.watch.metricTimeToRecoverInSeconds(),
    ];
    expect(names.map(({ metricName, dimensions }) => [metricName, dimensions])).toEqual([
      ['IncidentsOpened', { UseCase: 'support-triage' }],
      ['TimeToDetectSeconds', { UseCase: 'support-triage' }],
      ['TimeToRecoverSeconds', { UseCase: 'support-triage' }],
    ]);
  });
});
