import type { IncidentRecord } from '../../core/contracts';
import { run } from '../../bin/commands/incident';
import type { KpiStore } from '../../bin/commands/kpi/store';
import type { Transport } from '../../bin/signed-request';
import { captured, sluice } from './capture';

const OPEN: IncidentRecord = {
  id: 'i-rollback-r7-3f2a9c1b',
  kind: 'rollback',
  releaseId: 'r7-3f2a9c1b',
  reason: 'Alarm candidate-failures: 5 of 6',
  beganAt: '2026-03-02T09:00:00Z',
  openedAt: '2026-03-02T09:05:00Z',
  openedBy: 'alarm:candidate-failures',
  recoveredAt: '2026-03-02T09:05:00Z',
};
const RESOLVED: IncidentRecord = {
  ...OPEN,
  id: 'i-kill-v12',
  kind: 'kill',
  openedAt: '2026-03-01T09:05:00Z',
  acknowledged: { by: 'arn:anna', at: '2026-03-01T09:06:00Z' },
  resolved: { by: 'arn:ben', at: '2026-03-01T10:00:00Z', comment: 'a drill' },
};

async function incident(items: IncidentRecord[], args: string[], status = 200) {
  const io = captured();
  const sent: { url: string; body: unknown }[] = [];
  const asked: unknown[] = [];
  const store: KpiStore = {
    query: async (pk) => items.map((item) => ({ ...item, pk, sk: item.id })),
    markReplayed: () => Promise.reject(new Error('not asked for')),
    send: () => Promise.reject(new Error('not asked for')),
  };
  const transport: Transport = {
    credentials: async () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }),
    now: () => new Date('2026-03-02T09:10:00Z'),
    fetch: async (url, init) => {
      sent.push({ url: String(url), body: JSON.parse(String(init?.body)) });
      return new Response('{"ok":true}', { status });
    },
  };
  const code = await run(
    args,
    io,
    () => transport,
    async (options) => {
      asked.push(options);
      return store;
    },
  );
  return { code, out: io.out(), err: io.err(), sent, asked };
}

test('lists what is not resolved, newest first, and says by its exit code that somebody is needed', async () => {
  const { code, out, asked } = await incident([RESOLVED, OPEN], ['list', '--table', 'ledger', '--region', 'eu-west-1']);
  expect(asked).toEqual([{ table: 'ledger', region: 'eu-west-1' }]);
  expect([code, out]).toEqual([
    1,
    [
      'i-rollback-r7-3f2a9c1b  open',
      '  Alarm candidate-failures: 5 of 6',
      '  opened 2026-03-02T09:05:00Z by alarm:candidate-failures; safe after 300 s',
      '',
    ].join('\n'),
  ]);
});

test('lists all of them, in words and as JSON', async () => {
  const { out } = await incident([RESOLVED, OPEN], ['list', '--table', 'ledger', '--all']);
  expect(out).toMatch(/i-rollback[^]*i-kill-v12 {2}resolved[^]*acknowledged .* by arn:anna[^]*resolved .* by arn:ben: a drill/);
  const json = await incident([RESOLVED, OPEN], ['list', '--table', 'ledger', '--all', '--json']);
  expect(JSON.parse(json.out)).toEqual([OPEN, RESOLVED]);
});

test('is fine where none is open', async () => {
  expect(await incident([RESOLVED], ['list', '--table', 'ledger'])).toMatchObject({ code: 0, out: 'no incident\n' });
  const seen = { ...OPEN, acknowledged: { by: 'arn:anna', at: '2026-03-02T09:06:00Z' } };
  expect(await incident([seen], ['list', '--table', 'ledger'])).toMatchObject({
    code: 0,
    out: expect.stringContaining('acknowledged') as string,
  });
});

test('acknowledging and resolving are signed POSTs to the control URL', async () => {
  const url = ['--url', 'https://abc.lambda-url.eu-west-1.on.aws/'];
  const acknowledged = await incident([], ['acknowledge', OPEN.id, ...url]);
  expect(acknowledged).toMatchObject({
    code: 0,
    sent: [{ url: 'https://abc.lambda-url.eu-west-1.on.aws/acknowledge', body: { incident: OPEN.id } }],
  });
  const resolved = await incident([], ['resolve', OPEN.id, '--comment', 'disk was full', ...url], 409);
  expect(resolved).toMatchObject({ code: 1, sent: [{ body: { incident: OPEN.id, comment: 'disk was full' } }] });
});

test.each([
  [['incident'], /a subcommand is missing[^]*allowed: list, acknowledge, resolve/],
  [['incident', 'resolv'], /unknown subcommand resolv[^]*resolve/],
  [['incident', 'resolve', 'i-x'], /--comment TEXT is missing/],
  [['incident', 'acknowledge'], /incident/],
  [['incident', 'list', '--outputs', '/nope.json'], /cdk deploy --outputs-file[^]*--table/],
])('bad input: %j', async (args, message) => {
  const { code, err } = await sluice(...args);
  expect([code, err]).toEqual([2, expect.stringMatching(message)]);
});
