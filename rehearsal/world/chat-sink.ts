import type { HttpRequest, HttpResponse } from '../cloud/types';
import type { SecretsManager } from '../services/secrets-manager';
import type { Laptop } from './laptop';

const HOST = 'chat.rehearsal.invalid';

/** Chats that a charter names by their webhook's secret, which no stack makes: what they are told stands in the log, and goes nowhere else. */
export function openChats({ cloud }: Laptop, secretNames: string[]): void {
  if (secretNames.length === 0) return;
  const secrets = cloud.double<SecretsManager>('secrets-manager');
  for (const name of secretNames) secrets.createSecret(name, { SecretString: `https://${HOST}/incoming` });
  cloud.onHttp(HOST, (request) => {
    const text = textOf(request);
    if (text !== undefined) cloud.record('chat', 'message', { text });
    return answer(text === undefined ? 400 : 200);
  });
}

function textOf({ method, body }: HttpRequest): string | undefined {
  if (method !== 'POST') return undefined;
  try {
    const { text } = JSON.parse(Buffer.from(body).toString('utf8')) as { text?: unknown };
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}

const answer = (status: number): HttpResponse => ({ status, headers: {}, body: new Uint8Array(0) });
