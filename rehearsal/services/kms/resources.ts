import { UnsupportedError } from '../../cloud/types';
import type { PolicyDocument, ResourceContext, ResourceType } from '../../cloud/types';
import type { Kms } from './kms';

const kms = ({ cloud }: ResourceContext): Kms => cloud.double<Kms>('kms');

const keyResource: ResourceType = {
  type: 'AWS::KMS::Key',
  create(properties, context) {
    const { id, arn } = kms(context).createKey(properties['KeyPolicy'] as PolicyDocument | undefined);
    return { ref: id, attributes: { Arn: arn, KeyId: id } };
  },
  update(properties, _previous, created, context) {
    kms(context).setPolicy(created.attributes['Arn'] as string, properties['KeyPolicy'] as PolicyDocument | undefined);
    return created;
  },
  // A key that is scheduled for deletion stays for its waiting period: nothing changes while a rehearsal lasts.
  remove: () => undefined,
};

const aliasResource: ResourceType = {
  type: 'AWS::KMS::Alias',
  create(properties, context) {
    const name = properties['AliasName'] as string;
    kms(context).createAlias(name, properties['TargetKeyId'] as string);
    return { ref: name, attributes: {} };
  },
  update(properties, previous, created, context) {
    if (properties['AliasName'] !== previous['AliasName']) {
      throw new UnsupportedError(`AWS::KMS::Alias ${context.logicalId}: a change of AliasName is not supported. Keep the name.`);
    }
    kms(context).putAlias(created.ref, properties['TargetKeyId'] as string);
    return created;
  },
  remove: (created, _properties, context) => kms(context).deleteAlias(created.ref),
};

export const kmsResources: ResourceType[] = [keyResource, aliasResource];
