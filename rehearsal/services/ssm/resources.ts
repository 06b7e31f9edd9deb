import { AwsError, UnsupportedError } from '../../cloud/types';
import type { CreatedResource, Members, ResourceContext, ResourceType } from '../../cloud/types';
import type { Ssm } from './ssm';

const ssm = ({ cloud }: ResourceContext): Ssm => cloud.double<Ssm>('ssm');

function put(name: string, properties: Members, context: ResourceContext): CreatedResource {
  const type = (properties['Type'] ?? 'String') as string;
  const value = properties['Value'] as string;
  ssm(context).put(name, type, value);
  return { ref: name, attributes: { Type: type, Value: value } };
}

const parameterResource: ResourceType = {
  type: 'AWS::SSM::Parameter',
  create(properties, context) {
    const name = (properties['Name'] as string | undefined) ?? `CFN-${context.physicalName(500)}`;
    if (ssm(context).has(name)) throw new AwsError('ParameterAlreadyExists', 'The parameter already exists.');
    return put(name, properties, context);
  },
  update(properties, previous, created, context) {
    if (properties['Name'] !== previous['Name']) {
      throw new UnsupportedError(
        `AWS::SSM::Parameter ${context.logicalId}: a change of Name replaces the parameter, which is not supported. Keep the name.`,
      );
    }
    return put(created.ref, properties, context);
  },
  remove: (created, _properties, context) => ssm(context).delete(created.ref),
};

export const ssmResources: ResourceType[] = [parameterResource];
