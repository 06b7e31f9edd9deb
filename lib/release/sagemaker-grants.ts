import type { SageMakerGrant } from './workflow-machine';

/** Back to its own config, whose name nobody knows at synth. */
export function restoreGrants(existingEndpoint: string): SageMakerGrant[] {
  const actions = ['sagemaker:UpdateEndpoint'];
  return [
    { type: 'endpoint', actions, alsoNames: [existingEndpoint.toLowerCase()] },
    { type: 'endpoint-config', actions, alsoNames: ['*'] },
  ];
}

/** What the workflow does in SageMaker. An adopted endpoint brings a config whose name is not ours. */
export function releaseGrants(existingEndpoint: string | undefined): SageMakerGrant[] {
  const endpoints = existingEndpoint === undefined ? [] : [existingEndpoint.toLowerCase()];
  const configs = existingEndpoint === undefined ? [] : ['*'];
  const update = ['sagemaker:UpdateEndpoint'];
  return [
    { type: 'model', actions: ['sagemaker:CreateModel', 'sagemaker:DeleteModel', 'sagemaker:AddTags'] },
    { type: 'endpoint', actions: ['sagemaker:CreateEndpoint', 'sagemaker:DeleteEndpoint', 'sagemaker:AddTags'] },
    {
      type: 'endpoint',
      actions: ['sagemaker:DescribeEndpoint', 'sagemaker:UpdateEndpointWeightsAndCapacities', ...update],
      alsoNames: endpoints,
    },
    {
      type: 'endpoint-config',
      actions: ['sagemaker:CreateEndpointConfig', 'sagemaker:DeleteEndpointConfig', 'sagemaker:AddTags', 'sagemaker:CreateEndpoint'],
    },
    { type: 'endpoint-config', actions: ['sagemaker:DescribeEndpointConfig', ...update], alsoNames: configs },
    {
      type: 'inference-component',
      actions: ['CreateInferenceComponent', 'DescribeInferenceComponent', 'DeleteInferenceComponent', 'AddTags'].map(
        (action) => `sagemaker:${action}`,
      ),
    },
    // CreateInferenceComponent asks for the endpoint, and for the model that it copies.
    { type: 'endpoint', actions: ['sagemaker:CreateInferenceComponent'] },
  ];
}
