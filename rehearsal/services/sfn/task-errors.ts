import type { AwsError } from '../../cloud/types';
import { serviceModel } from '../../kernel/service-registry';
import { StateError } from './errors';
import type { Integration } from './integrations';

/** The general exceptions of the optimized integrations, which stand on the older SDK. */
const OPTIMIZED_GENERAL: Record<string, { general: string; service: string }> = {
  DynamoDB: { general: 'AmazonDynamoDBException', service: 'AmazonDynamoDBv2' },
  EventBridge: { general: 'AmazonEventBridgeException', service: 'AmazonEventBridge' },
  Lambda: { general: 'AWSLambdaException', service: 'AWSLambda' },
  SageMaker: { general: 'AmazonSageMakerException', service: 'AmazonSageMaker' },
  SNS: { general: 'AmazonSNSException', service: 'AmazonSNS' },
  SQS: { general: 'AmazonSQSException', service: 'AmazonSQS' },
  StepFunctions: { general: 'AWSStepFunctionsException', service: 'AWSStepFunctions' },
};

/**
 * The exception's name in the SDK for Java, which Step Functions runs on: a modelled error keeps its name with `Exception` behind it;
 * any other is the service's general exception, e.g. `SageMakerException` for throttling.
 */
function exceptionName(service: string, code: string): string | undefined {
  const { errors } = serviceModel(service);
  const shape = errors.get(code)?.getName() ?? (errors.has(`${code}Exception`) ? `${code}Exception` : undefined);
  if (shape === undefined) return undefined;
  return shape.endsWith('Exception') ? shape : `${shape.replace(/Fault$/, '')}Exception`;
}

/** The error's code on the wire, where a service of the older query protocol has one besides its name. */
function wireCode(service: string, code: string): string {
  const [wire] = (serviceModel(service).errors.get(code)?.getMergedTraits().awsQueryError ?? []) as [string?];
  return wire ?? code;
}

/** What a failed call means to the workflow: `<service>.<exception>` and AWS's wording of the cause. */
export function toStateError(integration: Integration, failure: AwsError, requestId: string): StateError {
  const { errorPrefix, service, kind } = integration;
  const optimized = kind === 'sdk' ? undefined : OPTIMIZED_GENERAL[errorPrefix];
  const name = exceptionName(service, failure.code) ?? optimized?.general ?? `${errorPrefix}Exception`;
  const cause =
    optimized === undefined
      ? `${failure.message} (Service: ${errorPrefix}, Status Code: ${failure.statusCode}, Request ID: ${requestId}) (SDK Attempt Count: 1)`
      : `${failure.message} (Service: ${optimized.service}; Status Code: ${failure.statusCode}; Error Code: ${wireCode(service, failure.code)}; Request ID: ${requestId}; Proxy: null)`;
  return new StateError(`${errorPrefix}.${name}`, cause);
}
