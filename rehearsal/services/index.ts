import type { Cloud, ResourceType, ServiceDouble } from '../cloud/types';
import type { LaptopCloud } from '../kernel/cloud';
import { apiGatewayResources, createApiGateway } from './apigateway';
import { applicationAutoScalingResources, createApplicationAutoScaling } from './application-autoscaling';
import { createBedrockRuntime } from './bedrock-runtime';
import { budgetsResources, createBudgets } from './budgets';
import { bucketDeploymentType } from './cdk';
import { cloudWatchResources, createCloudWatch } from './cloudwatch';
import { cloudwatchLogsResources, createCloudWatchLogs } from './cloudwatch-logs';
import { createDynamoDb, dynamodbResources } from './dynamodb';
import { createEventBridge, eventBridgeResources } from './eventbridge';
import { governed } from './iam/governed';
import { iamResources } from './iam/resources';
import { createKms, kmsResources } from './kms';
import { createLambda, lambdaResources } from './lambda';
import { createS3, s3Resources } from './s3';
import { createSageMaker, sageMakerResources } from './sagemaker';
import { createSageMakerRuntime } from './sagemaker-runtime';
import { createScheduler, schedulerResources } from './scheduler';
import { createSecretsManager, secretsManagerResources } from './secrets-manager';
import { createStepFunctions, sfnResources } from './sfn';
import { createSns, snsResources } from './sns';
import { createSqs, sqsResources } from './sqs';
import { createSsm, ssmResources } from './ssm';
import { resourcesWithoutEffect } from './without-effect';

/** Every service of the laptop cloud. */
export const createDoubles = (cloud: LaptopCloud): ServiceDouble[] => {
  const plain: ((cloud: Cloud) => ServiceDouble)[] = [
    createApplicationAutoScaling,
    createBedrockRuntime,
    createBudgets,
    createCloudWatch,
    createCloudWatchLogs,
    createDynamoDb,
    createEventBridge,
    createKms,
    createS3,
    createSageMaker,
    createSageMakerRuntime,
    createScheduler,
    createSecretsManager,
    createSns,
    createSqs,
    createSsm,
    createStepFunctions,
  ];
  return [...plain.map((create) => create(cloud)), createLambda(cloud), createApiGateway(cloud)];
};

/** Every CloudFormation resource type of the laptop cloud. */
export const resourceTypes: ResourceType[] = [
  ...apiGatewayResources,
  ...applicationAutoScalingResources,
  ...budgetsResources,
  bucketDeploymentType,
  ...cloudwatchLogsResources,
  ...cloudWatchResources,
  ...dynamodbResources,
  ...eventBridgeResources,
  ...iamResources,
  ...kmsResources,
  ...lambdaResources,
  ...s3Resources,
  ...sageMakerResources,
  ...schedulerResources,
  ...secretsManagerResources,
  ...sfnResources,
  ...snsResources,
  ...sqsResources,
  ...ssmResources,
  ...resourcesWithoutEffect,
].map(governed);
