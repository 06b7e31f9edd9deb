import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

interface WatchStackProps extends StackProps {
  machine: StateMachine;
  functions: IFunction[];
  deadLetters: IQueue[];
}

/** Who is called at night, and about what. */
export class WatchStack extends Stack {
  private readonly onCall: Topic;

  constructor(scope: Construct, id: string, { machine, functions, deadLetters, ...props }: WatchStackProps) {
    super(scope, id, props);
    this.onCall = new Topic(this, 'OnCall');
    const period = Duration.minutes(5);
    this.alarm('WorkflowFailed', machine.metricFailed({ period }));
    this.alarm('WorkflowTimedOut', machine.metricTimedOut({ period }));
    functions.forEach((one) => this.alarm(`${one.node.id}Errors`, one.metricErrors({ period }), 3));
    deadLetters.forEach((one) =>
      this.alarm(`${one.stack.stackName}DeadLetters`, one.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' })),
    );
  }

  private alarm(id: string, metric: IMetric, threshold = 1): void {
    new Alarm(this, id, {
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(new SnsAction(this.onCall));
  }
}
