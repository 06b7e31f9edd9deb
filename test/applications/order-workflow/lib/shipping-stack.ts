import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { DataStack } from './data-stack';
import { handler } from './handler';

interface ShippingStackProps extends StackProps {
  data: DataStack;
}

/** Confirmed orders wait in a queue for the warehouse. */
export class ShippingStack extends Stack {
  readonly ship: IFunction;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { data, ...props }: ShippingStackProps) {
    super(scope, id, props);
    this.deadLetters = new Queue(this, 'DeadLetters', { retentionPeriod: Duration.days(14) });
    const parcels = new Queue(this, 'Parcels', {
      visibilityTimeout: Duration.minutes(1),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 5 },
    });
    new Rule(this, 'Confirmed', {
      eventBus: data.bus,
      eventPattern: { source: ['shop.orders'], detailType: ['OrderConfirmed'] },
      targets: [new SqsQueue(parcels, { deadLetterQueue: this.deadLetters })],
    });
    const ship = handler(this, 'Ship', 'ship-order', { ORDERS_TABLE: data.orders.tableName });
    data.orders.grant(ship, 'dynamodb:UpdateItem');
    ship.addEventSource(
      new SqsEventSource(parcels, { batchSize: 10, maxBatchingWindow: Duration.seconds(5), reportBatchItemFailures: true }),
    );
    this.ship = ship;
  }
}
