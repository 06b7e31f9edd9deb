import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { run } from '../../bin/commands/kpi';
import type { EventEntry } from '../../bin/commands/kpi/put';
import { captured, newFolder, removeFolders, sluice } from './capture';

afterAll(removeFolders);

const ARGS = ['put', '--use-case', 'triage', '--kpi', 'missed', '--decision', 'k1.c', '--value', 'true'];

test('--dry-run prints the entry', async () => {
  const { code, out } = await sluice('kpi', ...ARGS, '--event-id', 'e1', '--observed-at', '2026-03-02T10:00:00+01:00', '--dry-run');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({
    Source: 'sluice.cli',
    DetailType: 'KpiObserved',
    Detail: {
      schema: 'sluice.kpi/v1',
      useCase: 'triage',
      eventId: 'e1',
      kpi: 'missed',
      decisionId: 'k1.c',
      value: true,
      observedAt: '2026-03-02T09:00:00.000Z',
    },
    EventBusName: 'default',
  });
});

test('two calls are two events', async () => {
  const ids = await Promise.all(
    [1, 2].map(async () => (JSON.parse((await sluice('kpi', ...ARGS, '--dry-run')).out) as { Detail: { eventId: string } }).Detail.eventId),
  );
  expect(ids[0]).not.toBe(ids[1]);
});

test("sends to the stack's bus", async () => {
  const file = path.join(newFolder(), 'outputs.json');
  writeFileSync(file, JSON.stringify({ Triage: { EventBusName: 'bus-1' } }));
  const sent: [EventEntry, string | undefined][] = [];
  const io = captured();
  const code = await run([...ARGS, '--outputs', file, '--region', 'eu-west-1', '--event-id', 'e1'], io, async (entry, region) => {
    sent.push([entry, region]);
    return {};
  });
  expect([code, io.out()]).toEqual([0, 'sent e1: missed = true for k1.c\n']);
  expect(sent).toEqual([[expect.objectContaining({ EventBusName: 'bus-1', DetailType: 'KpiObserved' }), 'eu-west-1']]);
});

test('what EventBridge refuses is an error', async () => {
  await expect(run([...ARGS, '--bus', 'b'], captured(), async () => ({ refused: 'AccessDenied: no' }))).rejects.toThrow(/AccessDenied: no/);
});

describe('what is put', () => {
  const detailOf = async (...args: string[]): Promise<unknown> =>
    (JSON.parse((await sluice('kpi', 'put', '--use-case', 'triage', '--kpi', 'missed', ...args, '--dry-run')).out) as { Detail: unknown })
      .Detail;

  test.each([
    ['true', true],
    ['false', false],
    ['1', 1],
    ['12.5', 12.5],
    ['0', 0],
    ['1e3', 1000],
  ])('--value %s', async (text, value) => {
    expect(await detailOf('--decision', 'k1.c', '--value', text)).toMatchObject({ value });
  });

  test('a revision, which takes the place of what was observed before', async () => {
    expect(await detailOf('--decision', 'k1.c', '--value', '3', '--revision', '2')).toMatchObject({ revision: 2 });
  });

  test('an outcome of a variant, for callers without the gateway', async () => {
    const detail = await detailOf('--variant', 'r7-3f2a9c1b', '--decided-at', '2026-03-02T09:05:00Z', '--unit', 'u1', '--value', '1');
    expect(detail).toMatchObject({ variant: 'r7-3f2a9c1b', decidedAt: '2026-03-02T09:05:00.000Z', unit: 'u1', value: 1 });
    expect(detail).not.toHaveProperty('decisionId');
  });
});

test.each([
  [['pt'], /unknown subcommand pt/],
  [[], /subcommand is missing/],
  [['put', '--kpi', 'a'], /--use-case NAME is missing/],
  [[...ARGS.slice(0, -1), 'yes', '--dry-run'], /--value is true, false or a number from 0; given: yes/],
  [[...ARGS.slice(0, -1), '-3', '--dry-run'], /--value/],
  [[...ARGS, '--revision', '1.5', '--dry-run'], /--revision is a whole number from 0; given: 1.5/],
  [[...ARGS, '--variant', 'a', '--dry-run'], /--decision and --variant are both given/],
  [[...ARGS, '--unit', 'a', '--dry-run'], /--unit belongs to --variant/],
  [['put', '--use-case', 'a', '--kpi', 'b', '--value', '1', '--variant', 'v', '--dry-run'], /--decided-at TIME is missing/],
  [['put', '--use-case', 'a', '--kpi', 'b'.repeat(65), '--value', '1', '--decision', 'v', '--dry-run'], /no KPI event/],
  [['replai'], /did you mean/i],
  [[...ARGS, '--observed-at', 'yesterday', '--dry-run'], /--observed-at is a time/],
  [[...ARGS, '--outputs', '/nope.json'], /cdk deploy --outputs-file/],
])('%j is refused', async (args, message) => {
  const { code, err } = await sluice('kpi', ...args);
  expect(code).toBe(2);
  expect(err).toMatch(message);
});
