import { ArnFormat, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** ARN of an endpoint of the stack's account and region. */
export const endpointArnOf = (scope: IConstruct, endpointName: string): string =>
  Stack.of(scope).formatArn({
    service: 'sagemaker',
    resource: 'endpoint',
    // SageMaker writes the name in lower case there.
    resourceName: Token.isUnresolved(endpointName) ? endpointName : endpointName.toLowerCase(),
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
