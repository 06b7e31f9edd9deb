import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { DataStack } from './data-stack';
import { handler } from './handler';
import { OrderSteps } from './order-steps';

interface WorkflowStackProps extends StackProps {
  data: DataStack;
}

/** Each order placed is one execution: approved, reserved, paid and confirmed, or undone. */
export class WorkflowStack extends Stack {
  readonly machine: StateMachine;
  readonly price: IFunction;
  readonly charge: IFunction;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { data, ...props }: WorkflowStackProps) {
    super(scope, id, props);
    this.price = handler(this, 'Price', 'price-order', {});
    this.charge = handler(this, 'Charge', 'charge-order', { PAYMENTS_TABLE: data.payments.tableName });
    data.payments.grant(this.charge, 'dynamodb:PutItem', 'dynamodb:GetItem');
    const approvals = new Queue(this, 'Approvals', { retentionPeriod: Duration.days(4) });

    const { price, charge } = this;
    this.machine = new StateMachine(this, 'Workflow', {
      definitionBody: DefinitionBody.fromChainable(new OrderSteps(this, { data, price, charge, approvals }).chain),
      timeout: Duration.days(2),
      logs: { destination: new LogGroup(this, 'Log'), level: LogLevel.ERROR },
    });
    // The integrations with DynamoDB's transactions are SDK calls: what they may do is said here.
    data.stock.grant(this.machine, 'dynamodb:UpdateItem');
    data.orders.grant(this.machine, 'dynamodb:PutItem', 'dynamodb:DeleteItem');

    this.deadLetters = new Queue(this, 'DeadLetters', { retentionPeriod: Duration.days(14) });
    new Rule(this, 'Placed', {
      eventBus: data.bus,
      eventPattern: { source: ['shop.orders'], detailType: ['OrderPlaced'] },
      targets: [
        new SfnStateMachine(this.machine, {
          input: RuleTargetInput.fromObject({ order: EventField.fromPath('$.detail'), announcedAt: EventField.time }),
          deadLetterQueue: this.deadLetters,
          maxEventAge: Duration.hours(2),
          retryAttempts: 8,
        }),
      ],
    });
  }
}
