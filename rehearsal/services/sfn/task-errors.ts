import type { AwsError } from '../../cloud/types';
import type { Integration } from './integrations';
import { StateError } from './errors';

/**
 * Errors that a service's model names. Step Functions runs on the SDK for Java: a modelled error keeps its name, any other becomes
 * the service's general exception, e.g. `SageMaker.SageMakerException` for throttling.
 */
const MODELLED: Record<string, string> = {
  cloudwatch:
    'ConcurrentModification Conflict DashboardInvalidInputError DashboardNotFoundError InternalService InvalidFormat InvalidNextToken InvalidParameterCombination InvalidParameterValue LimitExceeded MissingRequiredParameter ResourceNotFound',
  'cloudwatch-logs':
    'AccessDenied DataAlreadyAccepted InvalidOperation InvalidParameter InvalidSequenceToken LimitExceeded OperationAborted ResourceAlreadyExists ResourceNotFound ServiceUnavailable Throttling UnrecognizedClient Validation',
  dynamodb:
    'ConditionalCheckFailed IdempotentParameterMismatch InternalServerError ItemCollectionSizeLimitExceeded LimitExceeded ProvisionedThroughputExceeded ReplicatedWriteConflict RequestLimitExceeded ResourceInUse ResourceNotFound Throttling TransactionCanceled TransactionConflict TransactionInProgress',
  eventbridge:
    'AccessDenied ConcurrentModification IllegalStatus Internal InvalidEventPattern InvalidState LimitExceeded ManagedRule OperationDisabled PolicyLengthExceeded ResourceAlreadyExists ResourceNotFound Throttling',
  lambda:
    'InvalidParameterValue InvalidRequestContent InvalidRuntime PolicyLengthExceeded PreconditionFailed RecursiveInvocation RequestTooLarge ResourceConflict ResourceInUse ResourceNotFound ResourceNotReady Service TooManyRequests UnsupportedMediaType',
  s3: 'BucketAlreadyExists BucketAlreadyOwnedByYou InvalidObjectState InvalidRequest InvalidWriteOffset NoSuchBucket NoSuchKey NoSuchUpload NotFound ObjectAlreadyInActiveTierError ObjectNotInActiveTierError TooManyParts',
  sagemaker: 'Conflict ResourceInUse ResourceLimitExceeded ResourceNotFound',
  'sagemaker-runtime': 'InternalDependency InternalFailure ModelError ModelNotReady ServiceUnavailable ValidationError',
  scheduler: 'Conflict InternalServer ResourceNotFound ServiceQuotaExceeded Throttling Validation',
  'secrets-manager':
    'DecryptionFailure EncryptionFailure InternalServiceError InvalidNextToken InvalidParameter InvalidRequest LimitExceeded MalformedPolicyDocument PreconditionNotMet PublicPolicy ResourceExists ResourceNotFound',
  sfn: 'Conflict ExecutionAlreadyExists ExecutionDoesNotExist ExecutionLimitExceeded InvalidArn InvalidDefinition InvalidExecutionInput InvalidName InvalidOutput InvalidToken ResourceNotFound ServiceQuotaExceeded StateMachineDeleting StateMachineDoesNotExist TaskDoesNotExist TaskTimedOut Validation',
  sns: 'AuthorizationError EndpointDisabled InternalError InvalidParameter InvalidParameterValue InvalidSecurity KMSAccessDenied KMSDisabled KMSInvalidState KMSNotFound NotFound ResourceNotFound Throttled Validation',
  sqs: 'InvalidAddress InvalidAttributeName InvalidAttributeValue InvalidIdFormat InvalidMessageContents InvalidSecurity KmsAccessDenied KmsDisabled KmsInvalidState KmsNotFound MessageNotInflight OverLimit QueueDeletedRecently QueueDoesNotExist QueueNameExists ReceiptHandleIsInvalid RequestThrottled UnsupportedOperation',
  ssm: 'InternalServerError InvalidFilterKey InvalidKeyId ParameterAlreadyExists ParameterLimitExceeded ParameterNotFound ParameterVersionNotFound TooManyUpdates',
};

/** The general exceptions of the optimized integrations, which stand on the older SDK. */
const OPTIMIZED_GENERAL: Record<string, { general: string; service: string }> = {
  DynamoDB: { general: 'AmazonDynamoDBException', service: 'AmazonDynamoDBv2' },
  EventBridge: { general: 'AmazonEventBridgeException', service: 'AmazonEventBridge' },
  Lambda: { general: 'AWSLambdaException', service: 'AWSLambda' },
  SNS: { general: 'AmazonSNSException', service: 'AmazonSNS' },
  SQS: { general: 'AmazonSQSException', service: 'AmazonSQS' },
  StepFunctions: { general: 'AWSStepFunctionsException', service: 'AWSStepFunctions' },
};

const stem = (code: string): string => code.replace(/(Exception|Fault)$/, '');

function isModelled(service: string, code: string): boolean {
  return (MODELLED[service] ?? '').split(' ').includes(stem(code));
}

/** What a failed call means to the workflow: `<service>.<exception>` and AWS's wording of the cause. */
export function toStateError(integration: Integration, failure: AwsError, requestId: string): StateError {
  const { errorPrefix, service, kind } = integration;
  const modelled = isModelled(service, failure.code);
  const optimized = kind === 'sdk' ? undefined : OPTIMIZED_GENERAL[errorPrefix];
  const name = modelled ? `${stem(failure.code)}Exception` : (optimized?.general ?? `${errorPrefix}Exception`);
  const cause =
    optimized === undefined
      ? `${failure.message} (Service: ${errorPrefix}, Status Code: ${failure.statusCode}, Request ID: ${requestId}) (SDK Attempt Count: 1)`
      : `${failure.message} (Service: ${optimized.service}; Status Code: ${failure.statusCode}; Error Code: ${failure.code}; Request ID: ${requestId}; Proxy: null)`;
  return new StateError(`${errorPrefix}.${name}`, cause);
}
