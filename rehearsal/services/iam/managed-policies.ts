import type { PolicyDocument, PolicyStatement } from '../../cloud/types';

const toLog = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

const inVpc = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

const toTrace = [
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'xray:GetSamplingStatisticSummaries',
];

const documentOf = (...Statement: PolicyStatement[]): PolicyDocument => ({ Version: '2012-10-17', Statement });

const allowing = (...Action: string[]): PolicyDocument => documentOf({ Effect: 'Allow', Action, Resource: '*' });

/** Of functions: what their sources and their network need beside their logs. */
const ofFunctions: Record<string, PolicyDocument> = {
  'service-role/AWSLambdaBasicExecutionRole': allowing(...toLog),
  'service-role/AWSLambdaBasicDurableExecutionRolePolicy': allowing(
    ...toLog,
    'lambda:CheckpointDurableExecution',
    'lambda:GetDurableExecutionState',
  ),
  'service-role/AWSLambdaDynamoDBExecutionRole': allowing(
    'dynamodb:DescribeStream',
    'dynamodb:GetRecords',
    'dynamodb:GetShardIterator',
    'dynamodb:ListStreams',
    ...toLog,
  ),
  'service-role/AWSLambdaENIManagementAccess': allowing(...inVpc),
  'service-role/AWSLambdaKinesisExecutionRole': allowing(
    'kinesis:DescribeStream',
    'kinesis:DescribeStreamSummary',
    'kinesis:GetRecords',
    'kinesis:GetShardIterator',
    'kinesis:ListShards',
    'kinesis:ListStreams',
    'kinesis:SubscribeToShard',
    ...toLog,
  ),
  'service-role/AWSLambdaRole': allowing('lambda:InvokeFunction'),
  'service-role/AWSLambdaSQSQueueExecutionRole': allowing('sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', ...toLog),
  'service-role/AWSLambdaVPCAccessExecutionRole': allowing(...toLog, ...inVpc),
  AWSLambdaExecute: documentOf(
    { Effect: 'Allow', Action: 'logs:*', Resource: 'arn:aws:logs:*:*:*' },
    { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::*' },
  ),
  CloudWatchLambdaInsightsExecutionRolePolicy: documentOf(
    { Effect: 'Allow', Action: 'logs:CreateLogGroup', Resource: '*' },
    {
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: 'arn:aws:logs:*:*:log-group:/aws/lambda-insights:*',
    },
  ),
};

/** Of other services: their logs and traces. */
const ofServices: Record<string, PolicyDocument> = {
  'service-role/AmazonAPIGatewayPushToCloudWatchLogs': allowing(
    ...toLog,
    'logs:DescribeLogGroups',
    'logs:DescribeLogStreams',
    'logs:GetLogEvents',
    'logs:FilterLogEvents',
  ),
  'service-role/AWSAppSyncPushToCloudWatchLogs': allowing(...toLog),
  AWSXRayDaemonWriteAccess: allowing(...toTrace),
  AWSXrayFullAccess: allowing('xray:*'),
  AWSXrayWriteOnlyAccess: allowing(...toTrace),
};

/** A service as a whole, or to read. What they also say of services that the laptop cloud does not have is left out. */
const ofData: Record<string, PolicyDocument> = {
  AdministratorAccess: allowing('*'),
  AmazonDynamoDBFullAccess: allowing('dynamodb:*', 'dax:*', 'kms:DescribeKey', 'kms:ListAliases', 'sns:ListTopics'),
  AmazonDynamoDBReadOnlyAccess: allowing(
    'dynamodb:BatchGetItem',
    'dynamodb:Describe*',
    'dynamodb:GetItem',
    'dynamodb:GetRecords',
    'dynamodb:GetShardIterator',
    'dynamodb:List*',
    'dynamodb:PartiQLSelect',
    'dynamodb:Query',
    'dynamodb:Scan',
  ),
  AmazonEventBridgeFullAccess: allowing('events:*', 'schemas:*', 'scheduler:*', 'pipes:*'),
  AmazonKinesisFullAccess: allowing('kinesis:*'),
  AmazonRekognitionFullAccess: allowing('rekognition:*'),
  AmazonRekognitionReadOnlyAccess: allowing(
    'rekognition:Detect*',
    'rekognition:Compare*',
    'rekognition:Recognize*',
    'rekognition:List*',
    'rekognition:Describe*',
    'rekognition:Get*',
    'rekognition:Search*',
  ),
  AmazonS3FullAccess: allowing('s3:*', 's3-object-lambda:*'),
  AmazonS3ReadOnlyAccess: allowing('s3:Get*', 's3:List*', 's3:Describe*', 's3-object-lambda:Get*', 's3-object-lambda:List*'),
  AmazonSESFullAccess: allowing('ses:*'),
  AmazonSNSFullAccess: allowing('sns:*'),
  AmazonSNSReadOnlyAccess: allowing('sns:GetTopicAttributes', 'sns:List*'),
  AmazonSQSFullAccess: allowing('sqs:*'),
  AmazonSQSReadOnlyAccess: allowing('sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:ListDeadLetterSourceQueues', 'sqs:ListQueues'),
  AmazonSSMFullAccess: allowing('cloudwatch:PutMetricData', 'ec2:DescribeInstanceStatus', 'logs:*', 'ssm:*', 'ec2messages:*'),
  AmazonSSMReadOnlyAccess: allowing('ssm:Describe*', 'ssm:Get*', 'ssm:List*'),
  AWSLambda_FullAccess: allowing(
    'lambda:*',
    'cloudwatch:GetMetricData',
    'cloudwatch:ListMetrics',
    'logs:DescribeLogGroups',
    'states:DescribeStateMachine',
  ),
  AWSStepFunctionsFullAccess: allowing('states:*'),
  AWSStepFunctionsReadOnlyAccess: allowing(
    'states:ListStateMachines',
    'states:ListActivities',
    'states:Describe*',
    'states:GetExecutionHistory',
    'states:ListExecutions',
  ),
  CloudWatchFullAccess: allowing(
    'cloudwatch:*',
    'logs:*',
    'sns:*',
    'autoscaling:Describe*',
    'iam:GetPolicy',
    'iam:GetPolicyVersion',
    'iam:GetRole',
  ),
  CloudWatchFullAccessV2: allowing(
    'cloudwatch:*',
    'logs:*',
    'sns:CreateTopic',
    'sns:ListSubscriptions',
    'sns:ListSubscriptionsByTopic',
    'sns:ListTopics',
    'sns:Subscribe',
    'xray:*',
    'autoscaling:Describe*',
  ),
  CloudWatchLogsFullAccess: allowing('logs:*', 'cloudwatch:GenerateQuery'),
  CloudWatchLogsReadOnlyAccess: allowing(
    'logs:Describe*',
    'logs:Get*',
    'logs:List*',
    'logs:FilterLogEvents',
    'logs:StartQuery',
    'logs:StopQuery',
    'logs:TestMetricFilter',
  ),
  CloudWatchReadOnlyAccess: allowing(
    'cloudwatch:Describe*',
    'cloudwatch:Get*',
    'cloudwatch:List*',
    'logs:Get*',
    'logs:List*',
    'logs:Describe*',
    'logs:FilterLogEvents',
    'sns:Get*',
    'sns:List*',
    'xray:BatchGet*',
    'xray:Get*',
  ),
  PowerUserAccess: documentOf({ Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' }),
  SecretsManagerReadWrite: allowing(
    'secretsmanager:*',
    'kms:DescribeKey',
    'kms:ListAliases',
    'kms:ListKeys',
    'lambda:ListFunctions',
    'tag:GetResources',
  ),
};

/** AWS managed policies that the rehearsal knows, by the end of their ARN. */
export const awsManagedPolicies: Record<string, PolicyDocument> = { ...ofFunctions, ...ofServices, ...ofData };
