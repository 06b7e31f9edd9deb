import { fakeClient, fakeLedger, posted, START } from './support';
import { type ApprovalPolicy, ledgerKeys, type Notification } from '../../core/contracts';
import type { StoredRetraining } from '../../core/retraining';
import { ask } from '../../lambdas/approval/ask';
import { answerHttp } from '../../lambdas/approval/http';
import type { BoardParts } from '../../lambdas/approval/parts';
import { settle } from '../../lambdas/approval/settle';
import { answering } from '../../lambdas/shared/http';

const role = (name: string): string => `arn:aws:iam::111122223333:role/${name}`;
const session = (name: string): string => `arn:aws:sts::111122223333:assumed-role/${name}/somebody`;
const POLICY: ApprovalPolicy = { requiredRoles: ['quality'], deadlineMinutes: 60, onDeadline: 'reject', separationOfDuties: true };
const RUN: StoredRetraining = {
  id: 't3',
  trigger: 'operator',
  reason: 'new airport',
  requestedBy: session('Process'),
  requestedAt: new Date(START).toISOString(),
  status: 'approving',
  parentReleaseId: 'r3-aaaaaaaa',
  approval: POLICY,
  data: {
    trainingUri: 's3://t',
    trainingSha256: 'a',
    trainingRows: 800,
    evaluationUri: 's3://e',
    evaluationSha256: 'b',
    evaluationRows: 200,
  },
  evaluation: { metric: 'mae', candidate: 4, stable: 10, rows: 200, passed: true },
};
const REQUEST = { taskToken: 'token', releaseId: 't3', kind: 'retraining' as const };

async function setUp(run: Partial<StoredRetraining> = {}) {
  const fake = fakeLedger();
  const sfn = fakeClient<never>();
  const told: Notification[] = [];
  const clock = { millis: START };
  const parts: BoardParts = {
    ledger: fake.ledger,
    sfn: sfn.client,
    now: () => clock.millis,
    notify: async (notification) => void told.push(notification),
    offerToken: async () => undefined,
    owners: { quality: [role('MlLead'), role('Process')], process: [role('Process')] },
    delegates: {},
    decidingRoles: ['process'],
  };
  await fake.ledger.put(ledgerKeys.retrainingRun('t3'), { ...RUN, ...run });
  const decide = async (action: string, body: object, as: string) => {
    const answer = await answering(() => answerHttp(parts, posted(`/${action}`, { releaseId: 't3', ...body }, as)));
    return { status: answer.statusCode, body: JSON.parse(String(answer.body)) as Record<string, unknown> };
  };
  return {
    fake,
    sfn,
    told,
    clock,
    ask: (more: object = {}) => ask(parts, { ...REQUEST, ...more }),
    settle: (answer?: unknown) => settle(parts, { action: 'settle', releaseId: 't3', kind: 'retraining', answer }),
    decide,
  };
}

describe('the board of a retraining run', () => {
  test('is asked with what there is to decide on, and numbers alone', async () => {
    const { ask: asks, told } = await setUp();
    await asks();
    expect(told).toEqual([
      expect.objectContaining({
        event: 'ApprovalRequested',
        roles: ['quality'],
        subject: 't3 asks for approval (retraining) by quality',
        runbook: 'approval-requested',
        facts: expect.objectContaining({
          asked: 'quality, before its model is registered',
          run: 't3',
          trigger: 'operator',
          requestReason: 'new airport',
          trainingRows: 800,
          evaluation: RUN.evaluation,
          requestedBy: role('Process'),
        }) as object,
      }),
    ]);
    expect(told[0]).not.toHaveProperty('releaseId');
    await asks({ taskToken: 'again' });
    expect(told).toHaveLength(1);
  });

  test('decides, and its decision answers the workflow', async () => {
    const { ask: asks, decide, settle: settles, sfn } = await setUp();
    await asks();
    expect(await decide('approve', {}, session('MlLead'))).toMatchObject({
      status: 200,
      body: { releaseId: 't3', kind: 'retraining', status: 'approved' },
    });
    expect(sfn.sent).toEqual([{ name: 'SendTaskSuccess', input: expect.objectContaining({ taskToken: 'token' }) as never }]);
    expect(await settles({ approved: true })).toMatchObject({ approved: true, reason: 'approved by quality' });
  });

  test('is separate from who asked for the run', async () => {
    const { ask: asks, decide } = await setUp();
    await asks();
    expect(await decide('approve', {}, session('Process'))).toMatchObject({
      status: 403,
      body: { error: expect.stringContaining('asked for t3') as string },
    });
    expect((await decide('reject', { comment: 'not now' }, session('Process'))).status).toBe(200);
  });

  test('rejects with a reason, and the run knows it', async () => {
    const { ask: asks, decide, settle: settles } = await setUp();
    await asks();
    await decide('reject', { comment: 'labels look odd' }, session('MlLead'));
    expect(await settles()).toMatchObject({ approved: false, reason: 'vetoed by quality' });
  });

  test('that lets its deadline pass has said no', async () => {
    const { ask: asks, settle: settles, clock } = await setUp();
    await asks();
    clock.millis += 60 * 60_000;
    expect(await settles()).toMatchObject({ approved: false, expired: true });
  });

  test('has nothing to decide once the run has ended', async () => {
    const { ask: asks, decide, fake } = await setUp();
    await asks();
    await fake.ledger.put(ledgerKeys.retrainingRun('t3'), { ...RUN, status: 'failed', endedAt: RUN.requestedAt });
    expect(await decide('approve', {}, session('MlLead'))).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining('failed') as string },
    });
  });

  test('is not asked about a run that owes none, or that there is not', async () => {
    const without = await setUp({ approval: undefined });
    await without.fake.ledger.update(ledgerKeys.retrainingRun('t3'), { text: 'REMOVE approval' });
    await expect(without.ask()).rejects.toMatchObject({ name: 'ApprovalNotAsked' });
    const { ask: asks } = await setUp();
    await expect(asks({ releaseId: 't9' })).rejects.toThrow(/no retraining run 't9' that owes an approval/);
  });
});
