/** In the place of the function in Python behind a custom resource of the CDK's provider framework. */
export function handler({ RequestType, ResourceProperties, PhysicalResourceId }) {
  const said = ResourceProperties.message ?? ResourceProperties.Message;
  if (RequestType === 'Create') return { Data: { Response: `You said "${said}"` } };
  return { PhysicalResourceId };
}
