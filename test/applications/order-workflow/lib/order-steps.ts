import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import {
  Choice,
  Condition,
  Fail,
  IntegrationPattern,
  JsonPath,
  Map as MapState,
  Parallel,
  Pass,
  Succeed,
  TaskInput,
  Timeout,
  type IChainable,
  type State,
  type TaskStateBase,
} from 'aws-cdk-lib/aws-stepfunctions';
import {
  DynamoAttributeValue,
  DynamoUpdateItem,
  EventBridgePutEvents,
  LambdaInvoke,
  SnsPublish,
  SqsSendMessage,
} from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { DataStack } from './data-stack';
import { release, reserve } from './stock-steps';

interface OrderStepsProps {
  data: DataStack;
  price: IFunction;
  charge: IFunction;
  approvals: Queue;
}

const ORDER_ID = JsonPath.stringAt('$.order.orderId');
const NOT_FULFILLED = 'DynamoDB.ConditionalCheckFailedException';
const LIMIT_CENTS = 50_000;
/** Errors of DynamoDB, SQS, SNS and EventBridge that go away by themselves. */
const PASSING = { maxAttempts: 6, interval: Duration.seconds(2), backoffRate: 2 };

/** The states of the order workflow. */
export class OrderSteps {
  readonly chain: IChainable;

  constructor(
    private readonly scope: Construct,
    private readonly props: OrderStepsProps,
  ) {
    const claimed = this.price();
    const taken = new Succeed(scope, 'AlreadyTaken', { comment: 'Announced twice: the other execution has it' });
    this.chain = this.claim(taken).next(claimed);
    claimed.next(this.approvalOwed());
  }

  /** Takes the order up, once: the condition is what keeps a second announcement out. */
  private claim(taken: State): TaskStateBase {
    const claim = new DynamoUpdateItem(this.scope, 'Claim', {
      table: this.props.data.orders,
      key: { orderId: DynamoAttributeValue.fromString(ORDER_ID) },
      updateExpression: 'SET #status = :processing, takenBy = :execution',
      conditionExpression: '#status = :placed OR takenBy = :execution',
      expressionAttributeNames: { '#status': 'status' },
      expressionAttributeValues: {
        ':placed': DynamoAttributeValue.fromString('PLACED'),
        ':processing': DynamoAttributeValue.fromString('PROCESSING'),
        ':execution': DynamoAttributeValue.fromString(JsonPath.stringAt('$$.Execution.Name')),
      },
      resultPath: JsonPath.DISCARD,
    });
    claim.addRetry({ errors: [NOT_FULFILLED], maxAttempts: 0 });
    claim.addCatch(taken, { errors: [NOT_FULFILLED], resultPath: '$.error' });
    return claim.addRetry(PASSING);
  }

  private price(): LambdaInvoke {
    return new LambdaInvoke(this.scope, 'PriceOrder', {
      lambdaFunction: this.props.price,
      payload: TaskInput.fromJsonPathAt('$.order'),
      resultSelector: {
        totalCents: JsonPath.numberAt('$.Payload.totalCents'),
        currency: JsonPath.stringAt('$.Payload.currency'),
        label: JsonPath.format('{} lines for {}', JsonPath.stringAt('$.Payload.lineCount'), JsonPath.stringAt('$$.Execution.Name')),
      },
      resultPath: '$.price',
    });
  }

  private approvalOwed(): Choice {
    const reserveLines = this.reserveLines();
    const ask = this.ask();
    const approved = new Choice(this.scope, 'Approved')
      .when(Condition.and(Condition.isPresent('$.approval.approved'), Condition.booleanEquals('$.approval.approved', true)), reserveLines)
      .otherwise(this.refuse('NotApproved', 'not approved'));
    ask.next(approved);
    return new Choice(this.scope, 'ApprovalOwed')
      .when(
        Condition.or(
          Condition.numberGreaterThan('$.price.totalCents', LIMIT_CENTS),
          Condition.and(Condition.isPresent('$.order.review'), Condition.booleanEquals('$.order.review', true)),
        ),
        ask,
      )
      .otherwise(reserveLines);
  }

  /** A message for the approver's desk; the desk answers the token, and says every so often that it has not forgotten. */
  private ask(): TaskStateBase {
    const ask = new SqsSendMessage(this.scope, 'AskApprover', {
      queue: this.props.approvals,
      integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN,
      messageBody: TaskInput.fromObject({
        orderId: ORDER_ID,
        customer: JsonPath.stringAt('$.order.customer'),
        totalCents: JsonPath.numberAt('$.price.totalCents'),
        lines: JsonPath.arrayLength(JsonPath.objectAt('$.order.lines')),
        token: JsonPath.taskToken,
      }),
      heartbeatTimeout: Timeout.duration(Duration.hours(2)),
      taskTimeout: Timeout.duration(Duration.hours(24)),
      resultPath: '$.approval',
    });
    ask.addRetry({ errors: ['States.Timeout', 'States.HeartbeatTimeout', 'OrderRejected'], maxAttempts: 0 });
    ask.addRetry(PASSING);
    ask.addCatch(this.refuse('Expired', 'nobody approved it in time'), {
      errors: ['States.Timeout', 'States.HeartbeatTimeout'],
      resultPath: '$.error',
    });
    return ask.addCatch(this.refuse('Rejected', 'rejected by the approver'), { errors: ['OrderRejected'], resultPath: '$.error' });
  }

  private reserveLines(): MapState {
    const reserveLines = new MapState(this.scope, 'ReserveLines', {
      itemsPath: '$.order.lines',
      itemSelector: {
        line: JsonPath.objectAt('$$.Map.Item.Value'),
        orderId: ORDER_ID,
      },
      maxConcurrency: 4,
      resultPath: JsonPath.DISCARD,
    });
    reserveLines.itemProcessor(reserve(this.scope, this.props.data));
    reserveLines.addCatch(this.releaseLines('ReleaseUnavailable', this.refuse('OutOfStock', 'out of stock')), {
      errors: ['OutOfStock'],
      resultPath: '$.error',
    });
    reserveLines.addCatch(this.breakDown('ReserveBroke'), { resultPath: '$.error' });
    reserveLines.next(this.charge());
    return reserveLines;
  }

  private charge(): LambdaInvoke {
    const charge = new LambdaInvoke(this.scope, 'ChargeOrder', {
      lambdaFunction: this.props.charge,
      payload: TaskInput.fromObject({
        orderId: ORDER_ID,
        card: JsonPath.stringAt('$.order.card'),
        totalCents: JsonPath.numberAt('$.price.totalCents'),
      }),
      payloadResponseOnly: true,
      taskTimeout: Timeout.duration(Duration.seconds(30)),
      resultPath: '$.payment',
    });
    charge.addRetry({ errors: ['CardDeclined'], maxAttempts: 0 });
    charge.addRetry({ maxAttempts: 4, interval: Duration.seconds(5) });
    charge.addCatch(this.releaseLines('ReleaseUnpaid', this.refuse('Declined', 'card declined')), {
      errors: ['CardDeclined'],
      resultPath: '$.error',
    });
    charge.addCatch(this.releaseLines('ReleaseBroken', this.breakDown('ChargeBroke')), { resultPath: '$.error' });
    charge.next(this.confirm());
    return charge;
  }

  /** Status first, then the others: the warehouse marks only what is confirmed. */
  private confirm(): TaskStateBase {
    const confirm = this.setStatus('Confirm', 'CONFIRMED', { receipt: JsonPath.stringAt('$.payment.receipt') });
    const tell = new Parallel(this.scope, 'TellOthers', { resultPath: JsonPath.DISCARD });
    tell.branch(
      new EventBridgePutEvents(this.scope, 'AnnounceConfirmed', {
        entries: [
          {
            eventBus: this.props.data.bus,
            source: 'shop.orders',
            detailType: 'OrderConfirmed',
            detail: TaskInput.fromObject({ orderId: ORDER_ID, totalCents: JsonPath.numberAt('$.price.totalCents') }),
          },
        ],
      }).addRetry(PASSING),
    );
    tell.branch(
      this.notice('TellCustomer', JsonPath.format('Order {} is confirmed: {}', ORDER_ID, JsonPath.stringAt('$.payment.receipt'))),
    );
    tell.addCatch(this.breakDown('TellBroke'), { resultPath: '$.error' });
    confirm.next(tell);
    tell.next(new Succeed(this.scope, 'Confirmed', { outputPath: '$.payment' }));
    return confirm;
  }

  /** Takes back what was reserved; a line that never was is passed over. */
  private releaseLines(id: string, next: IChainable): MapState {
    const releaseLines = new MapState(this.scope, id, {
      itemsPath: '$.order.lines',
      itemSelector: { line: JsonPath.objectAt('$$.Map.Item.Value'), orderId: ORDER_ID },
      resultPath: JsonPath.DISCARD,
    });
    releaseLines.itemProcessor(release(this.scope, id, this.props.data));
    releaseLines.next(next);
    return releaseLines;
  }

  /** The order ends, as orders do: the execution succeeds. */
  private refuse(id: string, reason: string): IChainable {
    const why = new Pass(this.scope, id, { parameters: { reason }, resultPath: '$.refusal' });
    const refused = this.setStatus(`Mark${id}`, 'REFUSED', { reason: JsonPath.stringAt('$.refusal.reason') });
    const tell = this.notice(`Tell${id}`, JsonPath.format('Order {} is refused: {}', ORDER_ID, JsonPath.stringAt('$.refusal.reason')));
    return why
      .next(refused)
      .next(tell)
      .next(new Succeed(this.scope, `Refused${id}`, { outputPath: '$.refusal' }));
  }

  /** Something is broken: the order stays marked for people, and the execution fails. */
  private breakDown(id: string): IChainable {
    const marked = this.setStatus(`Mark${id}`, 'BROKEN', { reason: JsonPath.stringAt('$.error.Cause') });
    return marked.next(new Fail(this.scope, id, { errorPath: '$.error.Error', causePath: '$.error.Cause' }));
  }

  private setStatus(id: string, status: string, more: Record<string, string>): TaskStateBase {
    const names = Object.keys(more);
    return new DynamoUpdateItem(this.scope, id, {
      table: this.props.data.orders,
      key: { orderId: DynamoAttributeValue.fromString(ORDER_ID) },
      updateExpression: ['SET #status = :status', ...names.map((name) => `${name} = :${name}`)].join(', '),
      expressionAttributeNames: { '#status': 'status' },
      expressionAttributeValues: {
        ':status': DynamoAttributeValue.fromString(status),
        ...Object.fromEntries(names.map((name) => [`:${name}`, DynamoAttributeValue.fromString(more[name]!)])),
      },
      resultPath: JsonPath.DISCARD,
    }).addRetry(PASSING);
  }

  private notice(id: string, message: string): TaskStateBase {
    return new SnsPublish(this.scope, id, {
      topic: this.props.data.notices,
      subject: 'Your order',
      message: TaskInput.fromText(message),
      messageAttributes: { customer: { value: JsonPath.stringAt('$.order.customer') } },
      resultPath: JsonPath.DISCARD,
    }).addRetry(PASSING);
  }
}
