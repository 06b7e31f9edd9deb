import { fakeClient, START } from './support';
import { EventEmitter } from 'node:events';
import https from 'node:https';
import { ChatWebhook } from '../../lambdas/chat/webhook';

const URL_TEXT = 'https://hooks.example.com/services/T0/B0/very-secret';

interface Posted {
  url: string;
  body: string;
}

/** A chat behind `https.request`: answers with a status, or breaks the connection. */
function chat(answer: () => number | Error): Posted[] {
  const posted: Posted[] = [];
  jest.spyOn(https, 'request').mockImplementation(((url: URL, _: object, heard: (response: EventEmitter) => void) => {
    const sent = Object.assign(new EventEmitter(), {
      destroy: (error: Error) => sent.emit('error', error),
      end: (body: Buffer) => {
        posted.push({ url: String(url), body: body.toString('utf8') });
        const status = answer();
        if (status instanceof Error) return void sent.emit('error', status);
        const response = Object.assign(new EventEmitter(), { statusCode: status, resume: () => undefined });
        heard(response);
        response.emit('end');
      },
    });
    return sent;
  }) as never);
  return posted;
}

function webhook(secrets: string[]) {
  const clock = { millis: START };
  const { client, sent } = fakeClient<never>({
    GetSecretValue: () => ({ SecretString: secrets.length > 1 ? secrets.shift() : secrets[0] }),
  });
  return { hook: new ChatWebhook(client, 'chat/model-ops', () => clock.millis), clock, sent };
}

afterEach(() => jest.restoreAllMocks());

test('posts the text, and reads the secret every five minutes', async () => {
  const posted = chat(() => 200);
  const { hook, clock, sent } = webhook([`${URL_TEXT}\n`]);
  await hook.post('hello');
  await hook.post('again');
  expect(posted).toEqual([
    { url: URL_TEXT, body: '{"text":"hello"}' },
    { url: URL_TEXT, body: '{"text":"again"}' },
  ]);
  expect(sent.map(({ input }) => input)).toEqual([{ SecretId: 'chat/model-ops' }]);
  clock.millis += 300_000;
  await hook.post('later');
  expect(sent).toHaveLength(2);
});

test('a refusal fails without the URL, and the URL is read again', async () => {
  const statuses = [404, 200];
  const posted = chat(() => statuses.shift() ?? 500);
  const { hook } = webhook([URL_TEXT, 'https://hooks.example.com/renewed']);
  await expect(hook.post('hello')).rejects.toThrow('The chat webhook answered 404: does the secret chat/model-ops hold');
  await hook.post('hello');
  expect(posted.at(-1)?.url).toBe('https://hooks.example.com/renewed');
});

test.each([[new Error('getaddrinfo ENOTFOUND hooks.example.com')]])('a broken connection fails without the path: %s', async (error) => {
  chat(() => error);
  const failure = await webhook([URL_TEXT])
    .hook.post('hello')
    .catch((reason: unknown) => reason);
  expect(String(failure)).toContain('cannot be reached: getaddrinfo ENOTFOUND');
  expect(String(failure)).not.toContain('very-secret');
});

test.each([['http://hooks.example.com/very-secret'], ['very-secret'], ['']])(
  'a secret that is no https URL is not shown: %j',
  async (secret) => {
    chat(() => 200);
    const failure = await webhook([secret])
      .hook.post('hello')
      .catch((reason: unknown) => reason);
    expect(String(failure)).toContain('The secret chat/model-ops holds no https URL');
    expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure as object))).not.toMatch(/very-secret/);
  },
);
