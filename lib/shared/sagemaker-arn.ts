import { ArnFormat, type Stack } from 'aws-cdk-lib';

/** ARN of something in SageMaker in this account and region. Names in such ARNs are lower case. */
export function sagemakerArn(stack: Stack, type: 'endpoint' | 'endpoint-config' | 'model' | 'inference-component', name: string): string {
  return stack.formatArn({ service: 'sagemaker', resource: type, resourceName: name, arnFormat: ArnFormat.SLASH_RESOURCE_NAME });
}
