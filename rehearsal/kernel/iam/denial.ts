import { AwsError } from '../../cloud/types';
import type { Permission } from '../../cloud/types';

const codes: Record<string, [code: string, statusCode: number]> = {
  sqs: ['AccessDenied', 403],
  sns: ['AuthorizationError', 403],
  s3: ['AccessDenied', 403],
  cloudwatch: ['AccessDenied', 403],
  sts: ['AccessDenied', 403],
  iam: ['AccessDenied', 403],
  lambda: ['AccessDeniedException', 403],
  scheduler: ['AccessDeniedException', 403],
  'sagemaker-runtime': ['AccessDeniedException', 403],
};

/** The refusal, coded as the service codes it and worded as IAM words it. */
export function accessDenied(service: string | undefined, user: string, permission: Permission, why: string): AwsError {
  const [code, statusCode] = codes[service ?? permission.action.split(':')[0]!] ?? ['AccessDeniedException', 400];
  const resource = permission.resource === '*' ? '' : ` on resource: ${permission.resource}`;
  return new AwsError(code, `User: ${user} is not authorized to perform: ${permission.action}${resource} ${why}`, statusCode);
}
