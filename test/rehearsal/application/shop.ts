import { Duration, RemovalPolicy, Stack, type App } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';

/** Fails for the body `bad`, and where it is asked to. */
const WORKER = `
exports.handler = async (event) => {
  for (const { body } of event.Records ?? []) if (body === 'bad') throw new Error('a bad message');
  if (event.fail) throw new TypeError('asked to fail');
  return { doubled: (event.value ?? 0) * 2 };
};`;

const WEB = `
exports.handler = async (event) => {
  if (event.rawPath === '/broken') throw new Error('broken');
  const body = event.body === undefined ? undefined : JSON.parse(event.body);
  return { statusCode: event.rawPath === '/orders' ? 201 : 404, headers: { 'x-shop': 'yes' }, body: JSON.stringify({ path: event.rawPath, query: event.queryStringParameters, body }) };
};`;

const inline = (code: string) => ({ runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline(code) });

/** One stack with a little of everything that a scenario can speak to. */
export function buildShop(app: App): void {
  const stack = new Stack(app, 'Shop');
  const removalPolicy = RemovalPolicy.DESTROY;
  const bus = new events.EventBus(stack, 'Bus');
  const inbox = new sqs.Queue(stack, 'Inbox');
  new events.Rule(stack, 'Placed', { eventBus: bus, eventPattern: { source: ['shop'] }, targets: [new targets.SqsQueue(inbox)] });
  new events.Rule(stack, 'Default', { eventPattern: { source: ['partner'] }, targets: [new targets.SqsQueue(inbox)] });
  const dead = new sqs.Queue(stack, 'Dead');
  const work = new sqs.Queue(stack, 'Work', {
    visibilityTimeout: Duration.seconds(30),
    deadLetterQueue: { queue: dead, maxReceiveCount: 2 },
  });
  const worker = new lambda.Function(stack, 'Worker', { ...inline(WORKER), timeout: Duration.seconds(5) });
  worker.addEventSource(new SqsEventSource(work, { batchSize: 1 }));
  new sns.Topic(stack, 'News');
  new s3.Bucket(stack, 'Uploads', { removalPolicy });
  new s3.Bucket(stack, 'Kept');
  new dynamodb.Table(stack, 'Orders', { partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING }, removalPolicy });
  const web = new lambda.Function(stack, 'Web', inline(WEB));
  web.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.NONE });
  const guarded = new lambda.Function(stack, 'Guarded', inline(WEB));
  guarded.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM });
  new cloudwatch.Alarm(stack, 'Errors', {
    metric: worker.metricErrors({ period: Duration.minutes(1) }),
    threshold: 1,
    evaluationPeriods: 1,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
  workflows(stack);
}

function workflows(stack: Stack): void {
  const choice = new sfn.Choice(stack, 'Large')
    .when(sfn.Condition.numberGreaterThan('$.total', 100), new sfn.Fail(stack, 'TooLarge', { error: 'TooLarge', cause: 'above the limit' }))
    .otherwise(new sfn.Pass(stack, 'Accept', { result: sfn.Result.fromObject({ accepted: true }) }));
  new sfn.StateMachine(stack, 'Sort', { definitionBody: sfn.DefinitionBody.fromChainable(choice) });

  const asked = new sqs.Queue(stack, 'Asked');
  const ask = new tasks.SqsSendMessage(stack, 'Ask', {
    queue: asked,
    integrationPattern: sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
    messageBody: sfn.TaskInput.fromObject({ token: sfn.JsonPath.taskToken }),
    heartbeatTimeout: sfn.Timeout.duration(Duration.minutes(3)),
    taskTimeout: sfn.Timeout.duration(Duration.hours(1)),
  });
  const done = new sfn.Pass(stack, 'Done');
  const rejected = new sfn.Pass(stack, 'Rejected');
  ask.addCatch(rejected, { errors: ['No'], resultPath: '$.error' });
  new sfn.StateMachine(stack, 'Approve', { definitionBody: sfn.DefinitionBody.fromChainable(ask.next(done)) });

  const activity = new sfn.Activity(stack, 'Pack');
  const pack = new tasks.StepFunctionsInvokeActivity(stack, 'PackIt', { activity });
  new sfn.StateMachine(stack, 'Packing', { definitionBody: sfn.DefinitionBody.fromChainable(pack) });
}
