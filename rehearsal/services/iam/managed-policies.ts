import type { PolicyDocument } from '../../cloud/types';

/** AWS managed policies that the rehearsal knows, by the end of their ARN. */
export const awsManagedPolicies: Record<string, PolicyDocument> = {
  'service-role/AWSLambdaBasicExecutionRole': {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' }],
  },
};
