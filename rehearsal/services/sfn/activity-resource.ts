import type { Members, ResourceType } from '../../cloud/types';
import type { StepFunctions } from './double';

const KNOWN = ['Name', 'Tags', 'EncryptionConfiguration'];

export const activityResource: ResourceType = {
  type: 'AWS::StepFunctions::Activity',
  replacedOnChange: true,
  refuse: (properties) =>
    Object.keys(properties)
      .filter((property) => !KNOWN.includes(property))
      .map((property) => `property ${property}`),
  create: (properties, context) => {
    const name = (properties.Name as string | undefined) ?? context.physicalName(80);
    const { activityArn } = context.cloud.double<StepFunctions>('sfn').putActivity(name);
    return { ref: activityArn as string, attributes: { Arn: activityArn, Name: name } };
  },
  remove: (created: { ref: string }, _properties: Members, context) =>
    context.cloud.double<StepFunctions>('sfn').removeActivity(created.ref),
};
