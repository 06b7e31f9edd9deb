import { Match } from 'aws-cdk-lib/assertions';
import { actionsOf, actionsOnEverything } from '../../support/policies';
import { sharedUseCase } from '../../support/use-case-template';

const { template, useCase } = sharedUseCase();

describe('RollbackController', () => {
  test('rolls back on alarms of its own prefix only, and only when they begin', () => {
    expect(useCase.rollback.alarmNamePrefix).toMatch(/^support-triage-[0-9a-f]{6}-rollback-$/);
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.cloudwatch'],
        'detail-type': ['CloudWatch Alarm State Change'],
        detail: { alarmName: [{ prefix: useCase.rollback.alarmNamePrefix }], state: { value: ['ALARM'] } },
      },
    });
  });

  test('lets alarms of its own prefix call it directly as well', () => {
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      Principal: 'lambda.alarms.cloudwatch.amazonaws.com',
      SourceArn: { 'Fn::Join': ['', Match.arrayWith([`:alarm:${useCase.rollback.alarmNamePrefix}*`])] },
    });
  });

  test('hears of executions that ended before their release did', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [{ Ref: Match.stringLikeRegexp('ReleaseWorkflow') }], status: ['ABORTED', 'FAILED', 'TIMED_OUT'] },
      },
      Targets: [Match.objectLike({ RetryPolicy: { MaximumRetryAttempts: 3 } })],
    });
  });

  test('knows its owners and how to start the teardown', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          POWERTOOLS_SERVICE_NAME: 'rollback',
          OWNERS: JSON.stringify({
            process: ['arn:aws:iam::111122223333:role/SupportLead'],
            risk: ['arn:aws:iam::111122223333:role/ModelRisk'],
          }),
          TEARDOWN_STATE_MACHINE_ARN: Match.anyValue(),
          NOTIFICATION_TOPIC_ARN: Match.anyValue(),
        }),
      },
    });
  });

  test('may do what it does, and on everything only read metrics', () => {
    expect(actionsOf(template, /RollbackHandlerRole/)).toEqual([
      'cloudwatch:DescribeAlarms',
      'cloudwatch:GetMetricData',
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'events:PutEvents',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'sns:Publish',
      'states:ListExecutions',
      'states:SendTaskSuccess',
      'states:StartExecution',
      'states:StartExecution',
    ]);
    expect(actionsOnEverything(template, /RollbackHandlerRole/)).toEqual(['cloudwatch:GetMetricData']);
  });
});
