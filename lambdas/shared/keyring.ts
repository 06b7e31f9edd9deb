import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type Keyring, parseKeyring } from '../../core/decision-id';

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
      this.kept = { keyring: await this.fetch(), untilMillis: nowMillis + KEPT_MILLIS };
    }
    return this.kept.keyring;
  }

  private async fetch(): Promise<Keyring> {
    const { SecretString } = await this.client.send(new GetSecretValueCommand({ SecretId: this.secretArn }));
    return parseKeyring(SecretString ?? '');
  }
}
