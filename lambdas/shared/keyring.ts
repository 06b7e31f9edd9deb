import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type Keyring, parseKeyring } from '../../core/decision-id';
import { logger } from './telemetry';

const KEPT_MILLIS = 5 * 60_000;

/** The keyring's secret, read again after five minutes, so that a rotated key arrives without a deployment. */
export class KeyringSecret {
  private kept: { keyring: Keyring; untilMillis: number } | undefined;

  constructor(
    private readonly client: SecretsManagerClient,
    private readonly secretArn: string,
  ) {}

  async read(nowMillis: number): Promise<Keyring> {
    if (this.kept === undefined || nowMillis >= this.kept.untilMillis) {
      this.kept = { keyring: await this.fetch(this.kept?.keyring), untilMillis: nowMillis + KEPT_MILLIS };
    }
    return this.kept.keyring;
  }

  /** A keyring that was read once outlives an outage of the secret. */
  private async fetch(known: Keyring | undefined): Promise<Keyring> {
    try {
      const { SecretString } = await this.client.send(new GetSecretValueCommand({ SecretId: this.secretArn }));
      return parseKeyring(SecretString ?? '');
    } catch (error) {
      if (known === undefined) {
        throw error;
      }
      logger.warn('The keyring cannot be read again: the known one stays', { error });
      return known;
    }
  }
}
