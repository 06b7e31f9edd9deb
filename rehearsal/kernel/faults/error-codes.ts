import { hasServiceModel, serviceModel } from '../service-registry';

/** Status codes of errors that many services answer without listing them; the SDK decides by code and status whether to try again. */
const common: Record<string, number> = {
  AccessDenied: 403,
  AccessDeniedException: 400,
  ExpiredTokenException: 403,
  IncompleteSignature: 400,
  InternalError: 500,
  InternalFailure: 500,
  InternalServerError: 500,
  InternalServerException: 500,
  InternalServiceError: 500,
  LimitExceededException: 400,
  ModelError: 424,
  OptInRequired: 403,
  PriorRequestNotComplete: 400,
  ProvisionedThroughputExceededException: 400,
  RequestExpired: 400,
  RequestLimitExceeded: 503,
  RequestThrottled: 400,
  RequestThrottledException: 400,
  RequestTimeout: 408,
  RequestTimeoutException: 400,
  ResourceNotFoundException: 400,
  ServiceException: 500,
  ServiceUnavailable: 503,
  ServiceUnavailableException: 503,
  SlowDown: 503,
  ThrottledException: 400,
  Throttling: 400,
  ThrottlingException: 400,
  TooManyRequestsException: 429,
  TransactionInProgressException: 400,
  UnrecognizedClientException: 403,
  ValidationException: 400,
};

/** Errors that break the connection rather than answer. */
const broken = ['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND'];

/** Codes of S3, whose model lists but a few. */
const ofS3: Record<string, number> = {
  NoSuchKey: 404,
  NoSuchBucket: 404,
  PreconditionFailed: 412,
  OperationAborted: 409,
  InvalidObjectState: 403,
  KeyTooLongError: 400,
  EntityTooLarge: 400,
};

export function statusOf(service: string, code: string): number {
  const traits = hasServiceModel(service)
    ? (serviceModel(service).errors.get(code)?.getMergedTraits() as ErrorTraits | undefined)
    : undefined;
  return traits?.httpError ?? common[code] ?? ofS3[code] ?? (traits?.error === 'server' ? 500 : 400);
}

interface ErrorTraits {
  error?: 'client' | 'server';
  httpError?: number;
}

/** Every error with which a call of the service can fail: its own, those of all services, and connections that break. */
export function knownErrorCodes(service: string): string[] {
  const own = [...serviceModel(service).errors.keys()];
  const further = service === 's3' ? Object.keys(ofS3) : [];
  return ['timeout', ...new Set([...own, ...further, ...Object.keys(common), ...broken])];
}
