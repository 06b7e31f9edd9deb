import { DescribeModelPackageCommand, type SageMakerClient } from '@aws-sdk/client-sagemaker';

/** Of packages of the group that retraining registers in; the handler may read no others. */
export function packagePropertiesOf(client: () => SageMakerClient, group: string | undefined) {
  let sageMaker: SageMakerClient | undefined;
  return async (modelPackageArn: string): Promise<Record<string, string> | undefined> => {
    const [, resource = ''] = modelPackageArn.split(':model-package/');
    const [name] = resource.split('/');
    if (group === undefined || name !== group) return undefined;
    sageMaker ??= client();
    try {
      const { CustomerMetadataProperties } = await sageMaker.send(new DescribeModelPackageCommand({ ModelPackageName: modelPackageArn }));
      return CustomerMetadataProperties;
    } catch (error) {
      // Somebody has deleted the version; the release goes on without it.
      if (error instanceof Error && error.name === 'ValidationException') return undefined;
      throw error;
    }
  };
}
