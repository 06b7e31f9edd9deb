import { UnsupportedError } from '../../cloud/types';
import type { Members, PolicyDocument, ResourceContext, ResourceType } from '../../cloud/types';
import type { KeySettings } from './key';
import type { Kms } from './kms';

const kms = ({ cloud }: ResourceContext): Kms => cloud.double<Kms>('kms');

const settingsOf = (properties: Members): KeySettings => ({
  policy: properties['KeyPolicy'] as PolicyDocument | undefined,
  spec: String(properties['KeySpec'] ?? 'SYMMETRIC_DEFAULT'),
  usage: String(properties['KeyUsage'] ?? 'ENCRYPT_DECRYPT'),
  enabled: properties['Enabled'] === undefined || String(properties['Enabled']) === 'true',
  description: String(properties['Description'] ?? ''),
});

const keyResource: ResourceType = {
  type: 'AWS::KMS::Key',
  create(properties, context) {
    const { id, arn } = kms(context).createKey(settingsOf(properties));
    return { ref: id, attributes: { Arn: arn, KeyId: id } };
  },
  update(properties, previous, created, context) {
    const [before, after] = [settingsOf(previous), settingsOf(properties)];
    if (before.spec !== after.spec || before.usage !== after.usage) {
      throw new UnsupportedError(`AWS::KMS::Key ${context.logicalId}: a change of KeySpec or KeyUsage is not supported. Add another key.`);
    }
    kms(context).change(created.attributes['Arn'] as string, after);
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
