import { releaseCommand } from '../../bin/commands/release';
import { captured, sluice } from './capture';

const URL_BASE = 'https://abc.lambda-url.eu-west-1.on.aws/';

async function release(args: string[], status = 202, answer: unknown = { started: true, reason: 'Release r2-1 started' }) {
  const io = captured();
  const sent: { url: string; body: unknown }[] = [];
  const command = releaseCommand(() => ({
    credentials: async () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }),
    now: () => new Date('2026-03-02T09:00:00Z'),
    fetch: async (url, init) => {
      sent.push({ url: String(url), body: JSON.parse(String(init?.body)) });
      return new Response(typeof answer === 'string' ? answer : JSON.stringify(answer), { status });
    },
  }));
  const code = await command.run([...args, '--url', URL_BASE], io);
  return { code, out: io.out(), err: io.err(), sent };
}

test('what is wanted once more, with the reason', async () => {
  const { code, out, sent } = await release(['--reason', 'the network was down']);
  expect([code, out]).toEqual([0, 'release: Release r2-1 started\n']);
  expect(sent).toEqual([{ url: `${URL_BASE}release`, body: { reason: 'the network was down' } }]);
});

test.each([
  [['--package', 'arn:p/8'], { modelPackageArn: 'arn:p/8' }],
  [['--behaviour', '{"threshold":0.7}', '--supersede'], { behaviour: { threshold: 0.7 }, supersede: true }],
  [['--again', 'r7-3f2a9c1b'], { releaseId: 'r7-3f2a9c1b' }],
])('%j asks for %j', async (args, body) => {
  const { sent } = await release([...args, '--reason', 'x']);
  expect(sent[0]?.body).toEqual({ reason: 'x', ...body });
});

test('what it waits for is said', async () => {
  const answer = { reason: 'Release r2-1 started', waitsFor: 'release r1-1, which is in progress' };
  expect((await release(['--reason', 'x'], 202, answer)).out).toBe(
    'release: Release r2-1 started; it waits for release r1-1, which is in progress\n',
  );
});

test('an answer that is none is shown as it is', async () => {
  expect(await release(['--reason', 'x'], 200, 'fine')).toMatchObject({ code: 0, out: 'release: fine\n' });
});

test('a refusal is an error, with what is allowed and what to do next', async () => {
  const answer = { error: 'Model package … is PendingManualApproval', allowed: 'An approved version', next: 'Have it approved' };
  expect(await release(['--reason', 'x'], 409, answer)).toMatchObject({
    code: 1,
    out: '',
    err: 'release: refused with status 409: Model package … is PendingManualApproval\n  allowed: An approved version\n  next:    Have it approved\n',
  });
});

test.each([
  [[], /--reason TEXT is missing/],
  [['--reason', 'x', '--behaviour', '[1]'], /no JSON object/],
  [['--reason', 'x', '--behaviour', '{'], /no JSON object/],
  [['--reason', 'x', '--again', 'r1', '--package', 'arn'], /a whole release/],
])('%j is bad input', async (args, message) => {
  expect(await sluice('release', ...args)).toMatchObject({ code: 2, err: expect.stringMatching(message) });
});
