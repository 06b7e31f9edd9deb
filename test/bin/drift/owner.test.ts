import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { run as drift } from '../../../bin/commands/drift';
import { run as retrain } from '../../../bin/commands/retrain';
import type { Transport } from '../../../bin/signed-request';
import type { DriftLook, DriftMute } from '../../../core/contracts';
import { captured, newFolder, removeFolders } from '../capture';

afterAll(removeFolders);

const NOW = Date.parse('2026-03-12T12:00:00Z');
const URL_ARGS = ['--url', 'https://abc.lambda-url.eu-west-1.on.aws/'];

interface Sent {
  method: string | undefined;
  url: string;
  body: unknown;
  authorization: string | null;
}

async function call(
  command: typeof drift,
  args: string[],
  answer: { status: number; body: unknown } = { status: 200, body: { done: 'ok' } },
) {
  const sent: Sent[] = [];
  const transport: Transport = {
    credentials: async () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }),
    now: () => new Date(NOW),
    fetch: async (url, init) => {
      const body = init?.body === undefined ? undefined : (JSON.parse(String(init.body)) as unknown);
      sent.push({ method: init?.method, url: String(url), body, authorization: new Headers(init?.headers).get('authorization') });
      return new Response(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body), { status: answer.status });
    },
  };
  const io = captured();
  const code = await command(args, io, () => transport);
  return { code, out: io.out(), err: io.err(), sent };
}

describe('sluice drift snooze, acknowledge, unmute', () => {
  test('sends feature, end and reason, signed', async () => {
    const { code, sent } = await call(drift, ['snooze', 'delay', '--for', '12h', '--reason', 'storm week', ...URL_ARGS]);
    expect(code).toBe(0);
    expect(sent).toEqual([
      {
        method: 'POST',
        url: 'https://abc.lambda-url.eu-west-1.on.aws/',
        body: { do: 'snooze', feature: 'delay', until: '2026-03-13T00:00:00.000Z', reason: 'storm week' },
        authorization: expect.stringContaining('/eu-west-1/lambda/aws4_request'),
      },
    ]);
  });

  test('acknowledges everything for a week unless told otherwise', async () => {
    const { sent } = await call(drift, ['acknowledge', '--reason', 'new tariff', ...URL_ARGS]);
    expect(sent[0]!.body).toEqual({ do: 'acknowledge', feature: '*', until: '2026-03-19T12:00:00.000Z', reason: 'new tariff' });
  });

  test('unmutes without a reason', async () => {
    const { sent } = await call(drift, ['unmute', 'delay', ...URL_ARGS]);
    expect(sent[0]!.body).toEqual({ do: 'unmute', feature: 'delay' });
  });

  test('an end may be a time', async () => {
    const { sent } = await call(drift, ['snooze', 'delay', '--until', '2026-03-14T12:00Z', '--reason', 'x', ...URL_ARGS]);
    expect(sent[0]!.body).toMatchObject({ until: '2026-03-14T12:00:00.000Z' });
    for (const until of ['2026-03-12T11:59Z', '2026-12-12T12:00Z', 'tomorrow']) {
      await expect(call(drift, ['snooze', '--until', until, '--reason', 'x', ...URL_ARGS])).rejects.toThrow(`--until ${until}`);
    }
  });

  test("finds the URL in the stack's outputs", async () => {
    const file = path.join(newFolder(), 'outputs.json');
    writeFileSync(file, JSON.stringify({ Stack: { DriftUrl: 'https://xyz.lambda-url.eu-west-1.on.aws/' } }));
    const { sent } = await call(drift, ['unmute', '--outputs', file]);
    expect(sent[0]!.url).toBe('https://xyz.lambda-url.eu-west-1.on.aws/');
  });

  test('a snooze has an end and a reason, of bearable length', async () => {
    await expect(call(drift, ['snooze', '--reason', 'x', ...URL_ARGS])).rejects.toThrow('--for DURATION is missing');
    await expect(call(drift, ['snooze', '--for', '1h', ...URL_ARGS])).rejects.toThrow('--reason TEXT is missing');
    await expect(call(drift, ['snooze', '--for', '91d', '--reason', 'x', ...URL_ARGS])).rejects.toThrow('at most 90d');
    await expect(call(drift, ['snooze', '--for', 'soon', '--reason', 'x', ...URL_ARGS])).rejects.toThrow('--for soon');
  });

  test('says why it was refused', async () => {
    const refused = { status: 403, body: { error: 'no owner', allowed: 'owners', next: 'sign as one' } };
    const { code, err } = await call(drift, ['unmute', ...URL_ARGS], refused);
    expect(code).toBe(1);
    expect(err).toContain('refused with status 403: no owner');
  });
});

const MUTE: DriftMute = { feature: '*', kind: 'snooze', until: '2026-03-14T00:00:00Z', reason: 'storm', by: 'arn:lead', at: '' };

const look = (state: DriftLook['state']): DriftLook => ({
  at: '2026-03-12T11:12:00.000Z',
  hour: '2026-03-12T11',
  releaseId: 'r6',
  state,
  reason: 'delay moved by 0.3.',
  windows: [
    {
      hours: 24,
      state,
      rows: 9600,
      broken: 3,
      findings: [
        {
          check: 'distribution',
          feature: 'delay',
          windowHours: 24,
          value: 0.3,
          limit: 0.1,
          rows: 9600,
          words: 'delay moved by 0.3.',
          examples: [],
        },
      ],
    },
  ],
  quality: [{ measure: 'mae', value: 18.3, labels: 4222, limit: 15, passed: false }],
  reportUri: 's3://bucket/reports/2026/03/12/11.html',
});

describe('sluice drift status', () => {
  test('GETs the latest look, signed, and says it in words', async () => {
    const { code, out, sent } = await call(drift, ['status', ...URL_ARGS], {
      status: 200,
      body: { look: look('drifting'), mutes: [MUTE] },
    });
    expect(code).toBe(1);
    expect(sent[0]).toMatchObject({ method: 'GET', body: undefined, authorization: expect.stringContaining('AWS4-HMAC-SHA256') });
    for (const words of [
      'drifting: delay moved by 0.3.',
      'as of    2026-03-12T11:12:00.000Z, release r6',
      'last 24 h    drifting, 9600 rows, 3 unreadable',
      'quality  mae 18.3 of 4222 labelled answers, limit 15: missed',
      's3://bucket/reports',
      'muted    everything: snoozed until 2026-03-14T00:00:00Z by arn:lead: storm',
    ]) {
      expect(out).toContain(words);
    }
  });

  test.each([
    ['ok', 0],
    ['no-data', 4],
    ['not-enough-data', 4],
    ['broken-input', 5],
  ] as const)('%s: exit code %d', async (state, expected) => {
    expect((await call(drift, ['status', ...URL_ARGS], { status: 200, body: { look: look(state), mutes: [] } })).code).toBe(expected);
  });

  test('nobody has looked yet: no data, not "no drift"', async () => {
    const { code, out } = await call(drift, ['status', ...URL_ARGS], { status: 200, body: { mutes: [] } });
    expect(code).toBe(4);
    expect(out).toContain('no data');
  });

  test('--json gives the answer', async () => {
    const body = { look: look('ok'), mutes: [] };
    expect(JSON.parse((await call(drift, ['status', '--json', ...URL_ARGS], { status: 200, body })).out)).toEqual(body);
  });

  test.each([
    [403, { error: 'no owner' }],
    [200, 'gateway timeout'],
  ])('an answer %d that is no look fails', async (status, body) => {
    const { code, err } = await call(drift, ['status', ...URL_ARGS], { status, body });
    expect(code).toBe(1);
    expect(err).toContain('drift status: refused');
  });
});

describe('sluice retrain', () => {
  test('asks for a run, with a reason', async () => {
    const answer = { status: 202, body: { runId: 't3', started: true } };
    const { code, out, sent } = await call(retrain, ['--reason', 'new fleet', ...URL_ARGS], answer);
    expect(code).toBe(0);
    expect(sent[0]).toMatchObject({ method: 'POST', body: { do: 'retrain', reason: 'new fleet' } });
    expect(out).toContain('t3');
    await expect(call(retrain, URL_ARGS)).rejects.toThrow('--reason TEXT is missing');
  });

  test('says why a run is refused', async () => {
    const answer = { status: 409, body: { error: 'No retraining: t2 is under way', next: 'wait for it' } };
    const { code, err } = await call(retrain, ['--reason', 'x', ...URL_ARGS], answer);
    expect(code).toBe(1);
    expect(err).toContain('t2 is under way');
    expect(err).toContain('wait for it');
  });

  test('status lists the runs', async () => {
    const runs = [
      {
        id: 't3',
        trigger: 'drift',
        reason: 'delay moved',
        requestedAt: '2026-03-12T11:12:00.000Z',
        status: 'rejected',
        outcome: 'worse than stable',
      },
    ];
    const body = { month: '2026-03', runsThisMonth: 1, mostRunsPerMonth: 2, spentThisMonth: 1.5, monthlyBudget: 50, runs };
    const { code, out } = await call(retrain, ['status', ...URL_ARGS], { status: 200, body });
    expect(code).toBe(0);
    expect(out.trimEnd().split('\n')).toEqual([
      '2026-03: 1 of 2 runs, 1.50 of 50 spent; none is under way',
      't3    2026-03-12T11:12  rejected: worse than stable (drift: delay moved)',
    ]);
  });
});
