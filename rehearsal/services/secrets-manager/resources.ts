import { UnsupportedError } from '../../cloud/types';
import type { Members, PolicyDocument, ResourceContext, ResourceType } from '../../cloud/types';
import { generatedSecret } from './password';
import type { SecretsManager } from './secrets-manager';

const type = 'AWS::SecretsManager::Secret';
const understood = new Set(['Name', 'Description', 'SecretString', 'GenerateSecretString', 'KmsKeyId', 'Tags']);

const secrets = ({ cloud }: ResourceContext): SecretsManager => cloud.double<SecretsManager>('secrets-manager');

function refuseOthers(properties: Members, { logicalId }: ResourceContext): void {
  for (const name of Object.keys(properties)) {
    if (properties[name] === undefined || understood.has(name)) continue;
    throw new UnsupportedError(`${type} ${logicalId}: property ${name} is not supported. Allowed are ${[...understood].join(', ')}.`);
  }
}

function initialValue(properties: Members, { cloud, logicalId }: ResourceContext): string {
  const given = properties['SecretString'] as string | undefined;
  if (given !== undefined) return given;
  return generatedSecret((properties['GenerateSecretString'] ?? {}) as Members, cloud.random.fork(`secret ${logicalId}`));
}

const secretResource: ResourceType = {
  type,
  create(properties, context) {
    refuseOthers(properties, context);
    const name = (properties['Name'] as string | undefined) ?? context.physicalName(512);
    const value = { SecretString: initialValue(properties, context) };
    const { Description: description, KmsKeyId: kmsKeyId } = properties as { Description?: string; KmsKeyId?: string };
    const arn = secrets(context).createSecret(name, value, description, kmsKeyId);
    return { ref: arn, attributes: { Id: arn } };
  },
  update(properties, previous, created, context) {
    refuseOthers(properties, context);
    if (properties['Name'] !== previous['Name']) {
      throw new UnsupportedError(
        `${type} ${context.logicalId}: a change of Name replaces the secret, which is not supported. Keep the name.`,
      );
    }
    const changed = ['SecretString', 'GenerateSecretString'].some(
      (name) => JSON.stringify(properties[name]) !== JSON.stringify(previous[name]),
    );
    if (changed) secrets(context).putValue(created.ref, { SecretString: initialValue(properties, context) });
    return created;
  },
  remove: (created, _properties, context) => secrets(context).deleteSecret(created.ref),
};

const policyResource: ResourceType = {
  type: 'AWS::SecretsManager::ResourcePolicy',
  create(properties, context) {
    secrets(context).setPolicy(properties['SecretId'] as string, properties['ResourcePolicy'] as PolicyDocument);
    return { ref: properties['SecretId'] as string, attributes: { Id: properties['SecretId'] } };
  },
  update(properties, _previous, created, context) {
    secrets(context).setPolicy(properties['SecretId'] as string, properties['ResourcePolicy'] as PolicyDocument);
    return created;
  },
  remove: (_created, properties, context) => secrets(context).setPolicy(properties['SecretId'] as string, undefined),
};

export const secretsManagerResources: ResourceType[] = [secretResource, policyResource];
