import { AwsError, UnsupportedError } from '../../cloud/types';
import { invalid } from './definition-errors';

export type Pattern = 'response' | 'waitForTaskToken' | 'sync';

export interface Integration {
  /** How the history names it. */
  resourceType: string;
  resource: string;
  pattern: Pattern;
  /** `function`, `activity`: the resource is the ARN of one; their events differ. */
  kind: 'function' | 'activity' | 'lambda' | 'sdk' | 'optimized';
  /** The service as the laptop cloud names it, and the operation. */
  service: string;
  operation: string;
  /** Puts errors' names together: `<prefix>.<code>`. */
  errorPrefix: string;
  functionArn?: string;
}

interface Sdk {
  service: string;
  prefix: string;
}

/** AWS SDK integrations are named as in the AWS SDK for Java 2.x. */
const SDK_SERVICES: Record<string, Sdk> = {
  applicationautoscaling: { service: 'application-auto-scaling', prefix: 'ApplicationAutoScaling' },
  bedrockruntime: { service: 'bedrock-runtime', prefix: 'BedrockRuntime' },
  cloudwatch: { service: 'cloudwatch', prefix: 'CloudWatch' },
  cloudwatchlogs: { service: 'cloudwatch-logs', prefix: 'CloudWatchLogs' },
  dynamodb: { service: 'dynamodb', prefix: 'DynamoDb' },
  eventbridge: { service: 'eventbridge', prefix: 'EventBridge' },
  kms: { service: 'kms', prefix: 'Kms' },
  lambda: { service: 'lambda', prefix: 'Lambda' },
  s3: { service: 's3', prefix: 'S3' },
  sagemaker: { service: 'sagemaker', prefix: 'SageMaker' },
  sagemakerruntime: { service: 'sagemaker-runtime', prefix: 'SageMakerRuntime' },
  scheduler: { service: 'scheduler', prefix: 'Scheduler' },
  secretsmanager: { service: 'secrets-manager', prefix: 'SecretsManager' },
  sfn: { service: 'sfn', prefix: 'Sfn' },
  sns: { service: 'sns', prefix: 'Sns' },
  sqs: { service: 'sqs', prefix: 'Sqs' },
  ssm: { service: 'ssm', prefix: 'Ssm' },
};

const OPTIMIZED: Record<string, { service: string; prefix: string; patterns: Pattern[] }> = {
  'dynamodb:getItem': { service: 'dynamodb', prefix: 'DynamoDB', patterns: ['response'] },
  'dynamodb:putItem': { service: 'dynamodb', prefix: 'DynamoDB', patterns: ['response'] },
  'dynamodb:updateItem': { service: 'dynamodb', prefix: 'DynamoDB', patterns: ['response'] },
  'dynamodb:deleteItem': { service: 'dynamodb', prefix: 'DynamoDB', patterns: ['response'] },
  'events:putEvents': { service: 'eventbridge', prefix: 'EventBridge', patterns: ['response', 'waitForTaskToken'] },
  'lambda:invoke': { service: 'lambda', prefix: 'Lambda', patterns: ['response', 'waitForTaskToken'] },
  ...Object.fromEntries(
    ['createModel', 'createEndpointConfig', 'createEndpoint', 'updateEndpoint'].map((action) => [
      `sagemaker:${action}`,
      { service: 'sagemaker', prefix: 'SageMaker', patterns: ['response'] },
    ]),
  ),
  ...Object.fromEntries(
    ['createTrainingJob', 'createTransformJob', 'createProcessingJob'].map((action) => [
      `sagemaker:${action}`,
      { service: 'sagemaker', prefix: 'SageMaker', patterns: ['response', 'sync'] },
    ]),
  ),
  'sns:publish': { service: 'sns', prefix: 'SNS', patterns: ['response', 'waitForTaskToken'] },
  'sqs:sendMessage': { service: 'sqs', prefix: 'SQS', patterns: ['response', 'waitForTaskToken'] },
  'states:startExecution': { service: 'sfn', prefix: 'StepFunctions', patterns: ['response', 'sync', 'waitForTaskToken'] },
};

const SUFFIXES: Record<string, Pattern> = { '': 'response', '.waitForTaskToken': 'waitForTaskToken', '.sync': 'sync', '.sync:2': 'sync' };

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function unsupported(at: string, resource: string): UnsupportedError {
  const optimized = Object.keys(OPTIMIZED).join(', ');
  const sdk = Object.keys(SDK_SERVICES).join(', ');
  return new UnsupportedError(
    `${at}: integration ${resource} is not supported by the rehearsal; supported are the ARN of a function or an activity, arn:aws:states:::<${optimized}> and arn:aws:states:::aws-sdk:<${sdk}>:<operation>`,
  );
}

const parsed = new Map<string, Integration>();

/** What a Task's Resource stands for. Refuses what is not simulated, with the state's name. */
export function parseResource(at: string, resource: string | undefined): Integration {
  if (typeof resource !== 'string') throw new AwsError('InvalidDefinition', `Invalid State Machine Definition: '${at} needs a Resource'`);
  const known = parsed.get(resource);
  if (known !== undefined) return known;
  const integration = parseNew(at, resource);
  parsed.set(resource, integration);
  return integration;
}

function parseNew(at: string, resource: string): Integration {
  if (/^arn:[^:]+:lambda:[^:]*:[^:]*:function:/.test(resource))
    return {
      resourceType: 'lambda',
      resource,
      pattern: 'response',
      kind: 'function',
      service: 'lambda',
      operation: 'Invoke',
      errorPrefix: 'Lambda',
      functionArn: resource,
    };
  if (/^arn:[^:]+:states:[^:]+:[^:]+:activity:[^:]+$/.test(resource))
    return {
      resourceType: 'activity',
      resource,
      pattern: 'waitForTaskToken',
      kind: 'activity',
      service: 'sfn',
      operation: 'GetActivityTask',
      errorPrefix: 'States',
    };
  const match = /^arn:[^:]+:states:::(?:(aws-sdk):)?([a-z0-9]+):([A-Za-z0-9]+)(\.waitForTaskToken|\.sync(?::2)?|)$/.exec(resource);
  if (match === null) throw unsupported(at, resource);
  const [, sdk, service = '', action = '', suffix = ''] = match;
  if (/^[A-Z]/.test(action)) throw invalid(`actions are written in camelCase: ${action} is not recognized, at ${at}/Resource`);
  const pattern = SUFFIXES[suffix] ?? 'response';
  const shared = { resource: `${action}${suffix}`, pattern, operation: upperFirst(action) };
  if (sdk !== undefined) {
    const found = SDK_SERVICES[service];
    if (found === undefined || pattern === 'sync') throw unsupported(at, resource);
    return { ...shared, resourceType: `aws-sdk:${service}`, kind: 'sdk', service: found.service, errorPrefix: found.prefix };
  }
  const found = OPTIMIZED[`${service}:${action}`];
  if (found === undefined || !found.patterns.includes(pattern)) throw unsupported(at, resource);
  // Only executions answer in two ways.
  if (suffix === '.sync:2' && service !== 'states') throw unsupported(at, resource);
  return {
    ...shared,
    resourceType: service,
    kind: service === 'lambda' ? 'lambda' : 'optimized',
    service: found.service,
    errorPrefix: found.prefix,
  };
}
