import { request } from 'node:https';
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

const KEPT_MILLIS = 5 * 60_000;
const TIMEOUT_MILLIS = 10_000;

/** A chat's incoming webhook. Its URL is a secret: it appears in no log and no error. */
export class ChatWebhook {
  private kept: { url: URL; untilMillis: number } | undefined;

  constructor(
    private readonly client: SecretsManagerClient,
    private readonly secretName: string,
    private readonly now: () => number,
  ) {}

  async post(text: string): Promise<void> {
    const status = await send(await this.url(), Buffer.from(JSON.stringify({ text })));
    if (status < 200 || status >= 300) {
      // A URL that was renewed is read again next time.
      this.kept = undefined;
      throw new Error(`The chat webhook answered ${status}: does the secret ${this.secretName} hold the URL of an incoming webhook?`);
    }
  }

  private async url(): Promise<URL> {
    if (this.kept === undefined || this.now() >= this.kept.untilMillis) {
      this.kept = { url: await this.read(), untilMillis: this.now() + KEPT_MILLIS };
    }
    return this.kept.url;
  }

  private async read(): Promise<URL> {
    const { SecretString = '' } = await this.client.send(new GetSecretValueCommand({ SecretId: this.secretName }));
    const text = SecretString.trim();
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url?.protocol !== 'https:') {
      throw new Error(`The secret ${this.secretName} holds no https URL (what it holds is not shown): put an incoming webhook's URL there`);
    }
    return url;
  }
}

function send(url: URL, body: Buffer): Promise<number> {
  const headers = { 'content-type': 'application/json', 'content-length': body.byteLength };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, timeout: TIMEOUT_MILLIS }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.on('error', () => reject(new Error('The chat webhook broke off its answer')));
    });
    sent.on('timeout', () => sent.destroy(new Error(`it did not answer within ${TIMEOUT_MILLIS} ms`)));
    sent.on('error', ({ message }: Error) => reject(new Error(`The chat webhook cannot be reached: ${message}`)));
    sent.end(body);
  });
}
