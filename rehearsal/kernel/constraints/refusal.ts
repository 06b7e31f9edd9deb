import { AwsError } from '../../cloud/types';

/** Codes with which services refuse a request whose values are not allowed, where it is not `ValidationException`. */
const codes: Record<string, string> = {
  cloudwatch: 'ValidationError',
  'cloudwatch-logs': 'InvalidParameterException',
  s3: 'InvalidArgument',
  'sagemaker-runtime': 'ValidationError',
  sns: 'ValidationError',
  sqs: 'InvalidParameterValue',
  sts: 'ValidationError',
};

const malformedXml = 'The XML you provided was not well-formed or did not validate against our published schema';

/** The error of a service that finds values which its model does not allow. */
export function refusalOf(service: string, problems: readonly string[]): AwsError {
  if (service === 's3') {
    const inBody = problems.some((problem) => /at '[^']*\./.test(problem));
    if (inBody) return new AwsError('MalformedXML', malformedXml);
    if (problems.some((problem) => problem.includes("at 'storageClass'")))
      return new AwsError('InvalidStorageClass', 'The storage class you specified is not valid');
  }
  return new AwsError(codes[service] ?? 'ValidationException', validationMessage(problems));
}

export function validationMessage(problems: readonly string[]): string {
  return `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected: ${problems.join('; ')}`;
}
