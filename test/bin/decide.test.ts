import { createHash, createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { DecisionName } from '../../bin/commands/decide';
import { decisionCommand } from '../../bin/commands/decide';
import { delegateCommand } from '../../bin/commands/delegate';
import type { OperationName } from '../../bin/commands/operate';
import { operationCommand } from '../../bin/commands/operate';
import type { Transport } from '../../bin/signed-request';
import { captured, newFolder, removeFolders, sluice } from './capture';

afterAll(removeFolders);

const URL_BASE = 'https://abc.lambda-url.eu-west-1.on.aws/';

interface Sent {
  url: string;
  headers: Record<string, string>;
  body: unknown;
}

function transport(status: number, answer: string, sent: Sent[] = []): () => Transport {
  return () => ({
    credentials: async () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'session' }),
    now: () => new Date('2026-03-02T09:00:00Z'),
    fetch: async (url, init) => {
      sent.push({ url: String(url), headers: init?.headers as Record<string, string>, body: JSON.parse(String(init?.body)) });
      return new Response(answer, { status });
    },
  });
}

const isDecision = (name: DecisionName | OperationName): name is DecisionName => name === 'approve' || name === 'reject';

async function decide(
  name: DecisionName | OperationName,
  args: string[],
  place: () => Transport,
): Promise<{ code: number; out: string; err: string }> {
  const io = captured();
  const code = await (isDecision(name) ? decisionCommand(name, place) : operationCommand(name, place)).run(args, io);
  return { code, out: io.out(), err: io.err() };
}

test('an approval is a signed POST', async () => {
  const sent: Sent[] = [];
  const args = ['--release', 'r7-3f2a9c1b', '--comment', 'fine', '--url', URL_BASE];
  const { code, out } = await decide('approve', args, transport(200, '{"status":"approved"}', sent));
  expect([code, out]).toEqual([0, 'approve: {"status":"approved"}\n']);
  expect(sent[0]).toMatchObject({ url: `${URL_BASE}approve`, body: { releaseId: 'r7-3f2a9c1b', comment: 'fine' } });
  expect(sent[0]!.headers['authorization']).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20260302\/eu-west-1\/lambda\/aws4_request, SignedHeaders=[\w;-]*host[\w;-]*, Signature=[0-9a-f]{64}$/,
  );
  expect(sent[0]!.headers).toMatchObject({ 'x-amz-date': '20260302T090000Z', 'x-amz-security-token': 'session' });
});

/** Signature Version 4 after its specification, written out for this one request. */
function expectedSignature(headers: Record<string, string>, pathname: string, body: unknown): string {
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const names = /SignedHeaders=([\w;-]+)/.exec(headers['authorization']!)![1]!;
  const all: Record<string, string> = { ...headers, host: 'abc.lambda-url.eu-west-1.on.aws' };
  const lines = names.split(';').map((name) => `${name}:${all[name]}\n`);
  const payload = sha256(JSON.stringify(body));
  const request = ['POST', pathname, '', lines.join(''), names, payload].join('\n');
  const scope = '20260302/eu-west-1/lambda/aws4_request';
  const toSign = ['AWS4-HMAC-SHA256', '20260302T090000Z', scope, sha256(request)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>((secret, part) => hmac(secret, part), 'AWS4secret');
  return hmac(key, toSign).toString('hex');
}

test('the signature is the one that AWS computes', async () => {
  const sent: Sent[] = [];
  await decide('kill', ['--reason', 'drill', '--url', URL_BASE], transport(200, 'ok', sent));
  const { headers, body } = sent[0]!;
  expect(headers['authorization']).toContain(`Signature=${expectedSignature(headers, '/kill', body)}`);
});

test('the signature covers the body', async () => {
  const sent: Sent[] = [];
  for (const reason of ['a', 'b', 'a']) await decide('kill', ['--reason', reason, '--url', URL_BASE], transport(200, 'ok', sent));
  const signatures = sent.map(({ headers }) => headers['authorization']);
  expect(signatures[0]).toBe(signatures[2]);
  expect(signatures[0]).not.toBe(signatures[1]);
});

test.each([
  ['rollback', 'ControlUrl'],
  ['kill', 'ControlUrl'],
  ['revive', 'ControlUrl'],
] as [OperationName, string][])("%s goes to the stack's %s", async (name, output) => {
  const file = path.join(newFolder(), 'outputs.json');
  writeFileSync(file, JSON.stringify({ Triage: { [output]: URL_BASE }, Other: {} }));
  const sent: Sent[] = [];
  expect((await decide(name, ['--reason', 'drill', '--outputs', file], transport(200, '', sent))).code).toBe(0);
  expect(sent[0]).toMatchObject({ url: `${URL_BASE}${name}`, body: { reason: 'drill' } });
});

test('wake --for says how long it stays on, park takes no time', async () => {
  const sent: Parameters<typeof transport>[2] = [];
  const args = ['--reason', 'demo', '--for', '4h', '--url', URL_BASE];
  expect((await decide('wake', args, transport(200, '', sent))).code).toBe(0);
  expect(JSON.stringify(sent)).toContain('minutes');
  expect(JSON.stringify(sent)).toContain('240');
  await expect(decide('park', args, transport(200, ''))).rejects.toThrow(/--for/);
  await expect(decide('wake', ['--reason', 'x', '--for', 'long', '--url', URL_BASE], transport(200, ''))).rejects.toThrow(
    /--for is a duration/,
  );
});

test('rollback --to names the kept release to release anew', async () => {
  const sent: Sent[] = [];
  const args = ['--reason', 'worked', '--to', 'r6-1d2e3f4a', '--url', URL_BASE];
  expect((await decide('rollback', args, transport(200, '', sent))).code).toBe(0);
  expect(sent[0]!.body).toEqual({ reason: 'worked', to: 'r6-1d2e3f4a' });
  await expect(decide('kill', args, transport(200, ''))).rejects.toThrow(/--to/);
});

test.each([
  [['--for', '7d'], 10_080],
  [['--end'], 0],
])('a role is delegated %j', async (time, minutes) => {
  const sent: Sent[] = [];
  const to = 'arn:aws:iam::111122223333:role/Deputy';
  const io = captured();
  const args = ['--role', 'risk', '--to', to, '--reason', 'on leave', '--url', URL_BASE, ...time];
  expect(await delegateCommand(transport(200, '', sent)).run(args, io)).toBe(0);
  expect(sent[0]).toMatchObject({ url: `${URL_BASE}delegate`, body: { role: 'risk', to, minutes, reason: 'on leave' } });
});

test('a refusal is exit 1 with the answer, and 403 says what is needed', async () => {
  const refused = await decide(
    'reject',
    ['--release', 'r1', '--comment', 'no', '--url', URL_BASE],
    transport(409, '{"error":"decided already"}'),
  );
  expect(refused).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/status 409: .*decided already/) as string });
  const forbidden = await decide('reject', ['--release', 'r1', '--comment', 'no', '--url', URL_BASE], transport(403, ''));
  expect(forbidden.err).toMatch(/principal of an owner[\s\S]*lambda:InvokeFunction\n/);
});

test('no credentials and no connection are said in a sentence', async () => {
  const place = transport(200, '')();
  const noCredentials = { ...place, credentials: () => Promise.reject(new Error('none found')) };
  await expect(decide('kill', ['--reason', 'x', '--url', URL_BASE], () => noCredentials)).rejects.toThrow(/no AWS credentials: none found/);
  const down = { ...place, fetch: () => Promise.reject(new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') })) };
  await expect(decide('kill', ['--reason', 'x', '--url', URL_BASE], () => down)).rejects.toThrow(
    /abc\.lambda-url.* cannot be reached: ECONNREFUSED/,
  );
});

describe('bad input is exit 2', () => {
  const outputs = (content: string): string => {
    const file = path.join(newFolder(), 'o.json');
    writeFileSync(file, content);
    return file;
  };
  const cases: [string[], RegExp][] = [
    [['approve'], /--release ID is missing/],
    [['reject', '--release', 'r1'], /--comment TEXT is missing/],
    [['delegate', '--role', 'risk', '--to', 'a'], /either --for DURATION, or --end/],
    [['delegate', '--role', 'risk', '--to', 'a', '--for', '1h', '--end'], /either --for DURATION, or --end/],
    [['delegate', '--role', 'risk', '--to', 'a', '--for', 'long'], /such as 30m, 6h or 14d; given: long/],
    [['delegate', '--role', 'risk', '--for', '1h'], /--to ARN is missing/],
    [['kill'], /--reason TEXT is missing/],
    [['kill', '--reason', 'x', '--url', 'http://a'], /is no https URL/],
    [['kill', '--reason', 'x', '--url', 'nonsense'], /is no https URL/],
    [['kill', '--reason', 'x', '--outputs', '/nope.json'], /cdk deploy --outputs-file/],
    [['kill', '--reason', 'x', '--outputs', outputs('[')], /holds no stack outputs/],
    [['kill', '--reason', 'x', '--outputs', outputs('{"A":1}')], /holds no stack outputs/],
    [['kill', '--reason', 'x', '--outputs', outputs('{"A":{}}')], /no stack has the output ControlUrl/],
    [['kill', '--reason', 'x', '--stack', 'B', '--outputs', outputs('{"A":{"ControlUrl":"u"}}')], /has no stack B[\s\S]*allowed: A/],
    [['kill', '--reason', 'x', '--outputs', outputs('{"A":{"ControlUrl":"u"},"B":{"ControlUrl":"v"}}')], /--stack: A, B/],
  ];

  test.each(cases)('%j', async (args, message) => {
    const { code, err } = await sluice(...args);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });
});
