import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** What outlives a release of the code: tables, the bus, the topic that customers hear of. */
export class DataStack extends Stack {
  readonly orders: Table;
  readonly stock: Table;
  readonly payments: Table;
  readonly bus: EventBus;
  readonly notices: Topic;

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    this.orders = this.table('Orders', 'orderId');
    this.orders.addGlobalSecondaryIndex({
      indexName: 'byStatus',
      partitionKey: { name: 'status', type: AttributeType.STRING },
      sortKey: { name: 'placedAt', type: AttributeType.STRING },
    });
    this.stock = this.table('Stock', 'sku');
    this.payments = this.table('Payments', 'orderId');
    this.bus = new EventBus(this, 'Bus', { eventBusName: 'orders' });
    this.notices = new Topic(this, 'Notices', { displayName: 'What becomes of orders' });
  }

  private table(id: string, key: string): Table {
    return new Table(this, id, {
      partitionKey: { name: key, type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
