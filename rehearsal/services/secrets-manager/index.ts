export { createSecretsManager, SecretsManager } from './secrets-manager';
export { secretsManagerResources } from './resources';
