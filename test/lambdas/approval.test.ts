import { fakeClient, fakeLedger, named, posted, SPEC, START } from './support';
import type { SettleRequest } from '../../core/approval/contract';
import { type ApprovalPolicy, type ApprovalRecord, ledgerKeys, type Notification, type RefusalRecord } from '../../core/contracts';
import { ask as askFor } from '../../lambdas/approval/ask';
import { answerHttp } from '../../lambdas/approval/http';
import type { BoardParts } from '../../lambdas/approval/parts';
import { settle as settleFor } from '../../lambdas/approval/settle';
import { answering } from '../../lambdas/shared/http';

const role = (name: string): string => `arn:aws:iam::111122223333:role/${name}`;
const session = (name: string): string => `arn:aws:sts::111122223333:assumed-role/${name}/somebody`;

const OWNERS = { quality: [role('MlLead')], risk: [role('ModelRisk')], head: [role('Head')] };
const POLICY: ApprovalPolicy = { requiredRoles: ['quality', 'risk'], deadlineMinutes: 60, onDeadline: 'reject' };
const REQUEST = { taskToken: 't1', releaseId: 'r1', kind: 'release' as const };
const RELEASE = {
  id: 'r1',
  sequence: 1,
  hash: 'h',
  status: 'in-progress',
  requestedBy: session('Deployer'),
  requestedAt: new Date(START).toISOString(),
};

interface Given {
  policy?: Partial<ApprovalPolicy>;
  release?: object;
  answers?: Record<string, () => unknown>;
}

async function setUp({ policy = {}, release = {}, answers = {} }: Given = {}) {
  const fake = fakeLedger();
  const sfn = fakeClient<never>(answers);
  const clock = { millis: START };
  const told: Notification[] = [];
  const offered: ApprovalRecord[] = [];
  const notifying: { problem?: Error } = {};
  const parts: BoardParts = {
    ledger: fake.ledger,
    sfn: sfn.client,
    now: () => clock.millis,
    notify: async (notification) => {
      if (notifying.problem !== undefined) throw notifying.problem;
      told.push(notification);
    },
    offerToken: async (record) => void offered.push(record),
    owners: OWNERS,
    delegates: { risk: [role('Deputy')] },
    decidingRoles: ['quality'],
  };
  await fake.ledger.put(ledgerKeys.release('r1'), { ...RELEASE, spec: { ...SPEC, approvals: { ...POLICY, ...policy } }, ...release });
  return {
    sfn,
    clock,
    told,
    offered,
    notifying,
    fake,
    ask: (request: object = {}) => askFor(parts, { ...REQUEST, ...request }),
    settle: (request: Partial<SettleRequest> = {}) => settleFor(parts, { action: 'settle', releaseId: 'r1', kind: 'release', ...request }),
    post: (path: string, who: string, body: object = { releaseId: 'r1' }, method = 'POST') =>
      answering(() => answerHttp(parts, posted(path, body, session(who), method))),
    record: (kind = 'release') => fake.item<ApprovalRecord>(ledgerKeys.approval('r1', kind)),
    refusals: () => fake.items('refusals') as unknown as RefusalRecord[],
    answers: () => sfn.sent.map(({ input }) => ({ token: input['taskToken'], ...(JSON.parse(String(input['output'])) as object) })),
  };
}

const NO = { releaseId: 'r1', comment: 'not yet' };

describe('a request', () => {
  test('is kept with its policy and announced to those asked, without its token', async () => {
    const { ask, told, record, offered } = await setUp({ policy: { vetoRoles: ['head'] } });
    await ask();
    expect(record()).toMatchObject({
      status: 'open',
      requestedBy: session('Deployer'),
      deadline: new Date(START + 3_600_000).toISOString(),
    });
    expect(told).toMatchObject([{ event: 'ApprovalRequested', roles: ['quality', 'risk', 'head'], runbook: 'approval-requested' }]);
    expect(told[0]?.subject).toContain('r1 asks for approval (release) by quality and risk');
    expect(JSON.stringify(told)).not.toContain('t1');
    expect(offered).toEqual([]);
  });

  test('carries the evidence so far', async () => {
    const { ask, told, fake } = await setUp({ release: { changes: ['behaviour.threshold'], requestReason: 'fewer complaints' } });
    const gate = { releaseId: 'r1', gate: 'golden', kind: 'golden-set', passed: true, reason: 'mean score 0.94', measured: [] };
    await fake.ledger.put(ledgerKeys.gate('r1', 'golden'), gate);
    await ask();
    expect(told[0]?.facts).toMatchObject({
      changes: ['behaviour.threshold'],
      requestedBy: role('Deployer'),
      requestReason: 'fewer complaints',
      gates: [{ gate: 'golden', passed: true, reason: 'mean score 0.94' }],
    });
  });

  test('after a canary without a verdict carries what the verdict said', async () => {
    const { ask, told, fake, record } = await setUp({ policy: { requiredRoles: [] } });
    const at = new Date(START).toISOString();
    await fake.ledger.put(ledgerKeys.verdict('r1'), { at, decision: 'hold', reason: 'no verdict' });
    await fake.ledger.put(ledgerKeys.look('r1', at), {
      decision: 'hold',
      verdict: JSON.stringify({ words: ['missed-spam: 1.02 of stable'] }),
    });
    await ask({ kind: 'inconclusive' });
    expect(told[0]).toMatchObject({ roles: ['quality'], facts: { verdict: ['missed-spam: 1.02 of stable'] } });
    expect(record('inconclusive')?.requiredRoles).toEqual(['quality']);
  });

  test('inside a lane goes to the lane’s roles', async () => {
    const lanes = [{ name: 'tuning', changes: ['behaviour.threshold'], requiredRoles: ['quality'] }];
    const { ask, record } = await setUp({ release: { lane: 'tuning', spec: { ...SPEC, approvals: POLICY, lanes } } });
    await ask();
    expect(record()).toMatchObject({ requiredRoles: ['quality'], lane: 'tuning' });
  });

  test('of the workflow again: the newer token counts, and a decision taken is answered at once', async () => {
    const { ask, answers, post, told } = await setUp();
    await ask();
    await ask({ taskToken: 't2' });
    expect(told).toHaveLength(1);
    await post('/reject', 'MlLead', NO);
    await ask({ taskToken: 't3' });
    expect(answers()).toMatchObject([
      { token: 't2', approved: false },
      { token: 't3', approved: false },
    ]);
  });

  test('that could not be announced fails by name, and is announced when it comes again', async () => {
    const { ask, notifying, told, record } = await setUp();
    notifying.problem = named('ThrottlingException');
    await expect(ask()).rejects.toMatchObject({
      name: 'ApprovalNotAsked',
      message: expect.stringContaining('ThrottlingException'),
    });
    expect(record()?.status).toBe('open');
    delete notifying.problem;
    await ask({ taskToken: 't2' });
    expect(told).toHaveLength(1);
  });

  test('offers its token to a tool only where the charter allows the callback', async () => {
    const { ask, offered, told } = await setUp({ policy: { callback: true } });
    await ask();
    expect(offered).toMatchObject([{ taskToken: 't1', releaseId: 'r1' }]);
    expect(JSON.stringify(told)).not.toContain('t1');
  });
});

describe('an escalation', () => {
  const policy = { escalation: { afterMinutes: 30, roles: ['head'] } };

  test('tells the roles escalated to, who may stand in from then on', async () => {
    const { ask, post, told, answers } = await setUp({ policy });
    await ask();
    expect(await post('/approve', 'Head')).toMatchObject({ statusCode: 403 });
    await ask({ escalate: true, taskToken: 't2' });
    await ask({ escalate: true, taskToken: 't3' });
    expect(told.map(({ event }) => event)).toEqual(['ApprovalRequested', 'ApprovalEscalated']);
    expect(told[1]?.roles).toContain('head');
    await post('/approve', 'Head');
    await post('/approve', 'MlLead');
    expect(answers()).toMatchObject([{ token: 't3', approved: true, decisions: [{ role: 'head', escalated: true }, { role: 'quality' }] }]);
  });

  test('keeps the deadline, and what was decided', async () => {
    const { ask, post, clock, record } = await setUp({ policy });
    await ask();
    await post('/approve', 'MlLead');
    clock.millis += 30 * 60_000;
    await ask({ escalate: true, taskToken: 't2' });
    expect(record()).toMatchObject({ deadline: new Date(START + 3_600_000).toISOString(), decisions: [{ role: 'quality' }] });
  });

  test('after a decision that fell in between answers at once and tells nobody', async () => {
    const { ask, post, told, answers } = await setUp({ policy });
    await ask();
    await post('/reject', 'MlLead', NO);
    await ask({ escalate: true, taskToken: 't2' });
    expect(told).toHaveLength(1);
    expect(answers().at(-1)).toMatchObject({ token: 't2', approved: false });
  });
});

describe('deciding', () => {
  test('all required roles approve, then the token succeeds', async () => {
    const { ask, post, answers, record } = await setUp();
    await ask();
    expect(await post('/approve', 'ModelRisk', { releaseId: 'r1', comment: 'fine' })).toMatchObject({ statusCode: 200 });
    expect(answers()).toEqual([]);
    await post('/approve', 'MlLead');
    expect(answers()).toMatchObject([
      { token: 't1', approved: true, decisions: [{ role: 'risk', by: session('ModelRisk'), comment: 'fine' }, { role: 'quality' }] },
    ]);
    expect(record()).toMatchObject({ status: 'approved' });
  });

  test('the first rejection ends it', async () => {
    const { ask, post, answers } = await setUp();
    await ask();
    await post('/reject', 'ModelRisk', NO);
    expect(answers()).toMatchObject([{ approved: false }]);
    expect(await post('/approve', 'MlLead')).toMatchObject({ statusCode: 409 });
  });

  test('two who decide at the same time both count', async () => {
    const { ask, post, record, fake, answers } = await setUp();
    await ask();
    fake.before('UpdateItem', async () => void (await post('/approve', 'MlLead')));
    expect(await post('/approve', 'ModelRisk')).toMatchObject({ statusCode: 200 });
    expect(record()).toMatchObject({ status: 'approved', decisions: [{ role: 'quality' }, { role: 'risk' }] });
    expect(answers()).toHaveLength(1);
  });

  test('of an approval and a veto at the same time the first ends it, and the other is told so', async () => {
    const { ask, post, fake, record } = await setUp({ policy: { requiredRoles: ['quality', 'risk'], quorum: 1 } });
    await ask();
    fake.before('UpdateItem', async () => void (await post('/reject', 'MlLead', NO)));
    expect(await post('/approve', 'ModelRisk')).toMatchObject({ statusCode: 409 });
    expect(record()).toMatchObject({ status: 'vetoed', decisions: [{ role: 'quality' }] });
  });

  test('a new token that came while it was written is the one answered', async () => {
    const { ask, post, fake, answers } = await setUp({ policy: { requiredRoles: ['risk'] } });
    await ask();
    fake.before('UpdateItem', () => ask({ taskToken: 't2' }));
    await post('/approve', 'ModelRisk');
    expect(answers()).toMatchObject([{ token: 't2', approved: true }]);
  });

  test('a decision whose token could not be answered is answered when it is sent again', async () => {
    let down = true;
    const answer = () => {
      if (down) throw named('ThrottlingException');
      return {};
    };
    const { ask, post, sfn } = await setUp({ answers: { SendTaskSuccess: answer } });
    await ask();
    await expect(post('/reject', 'MlLead', NO)).rejects.toThrow('ThrottlingException');
    down = false;
    expect(await post('/reject', 'MlLead', NO)).toMatchObject({ statusCode: 200 });
    expect(sfn.sent).toHaveLength(2);
  });

  test('a token that nobody waits for any more is no error', async () => {
    const gone = () => {
      throw named('TaskTimedOut');
    };
    const { ask, post, record } = await setUp({ answers: { SendTaskSuccess: gone } });
    await ask();
    expect(await post('/reject', 'MlLead', NO)).toMatchObject({ statusCode: 200 });
    expect(record()?.status).toBe('vetoed');
  });

  test('the open kind is meant where none is named', async () => {
    const { ask, post, record } = await setUp({ policy: { requiredRoles: ['risk'] } });
    await ask();
    await post('/approve', 'ModelRisk');
    await ask({ kind: 'inconclusive', taskToken: 't9' });
    await post('/reject', 'ModelRisk', NO);
    expect([record('release')?.status, record('inconclusive')?.status]).toEqual(['approved', 'vetoed']);
  });

  test.each([['GET'], ['HEAD'], ['PUT']])('opening a link decides nothing: %s', async (method) => {
    const { ask, post, record, answers } = await setUp({ policy: { requiredRoles: ['risk'] } });
    await ask();
    expect(await post('/approve', 'ModelRisk', { releaseId: 'r1' }, method)).toMatchObject({ statusCode: 404 });
    expect(record()).toMatchObject({ status: 'open', decisions: [] });
    expect(answers()).toEqual([]);
  });
});

describe('a refusal', () => {
  test.each([
    ['no owner', '/approve', 'Other', { releaseId: 'r1' }, 403],
    ['one who merely says to be one', '/approve', 'Other', { releaseId: 'r1', role: 'risk' }, 403],
    ['a role that the signer has not', '/approve', 'ModelRisk', { releaseId: 'r1', role: 'quality' }, 403],
    ['a release that asked for nothing', '/approve', 'ModelRisk', { releaseId: 'r2' }, 404],
    ['a kind that was not asked for', '/approve', 'ModelRisk', { releaseId: 'r1', kind: 'inconclusive' }, 404],
    ['a body without a release', '/approve', 'ModelRisk', {}, 400],
    ['a misspelt member', '/approve', 'ModelRisk', { releaseId: 'r1', coment: 'x' }, 400],
    ['a rejection that says no reason', '/reject', 'ModelRisk', { releaseId: 'r1' }, 400],
  ])('%s: is said with what is allowed, and kept', async (_, path, who, body, statusCode) => {
    const { ask, post, record, refusals, clock } = await setUp();
    await ask();
    const answer = await post(path, who, body);
    expect(answer.statusCode).toBe(statusCode);
    const said = JSON.parse(String(answer.body)) as { error: string };
    expect(said).toEqual({ error: expect.any(String), allowed: expect.any(String), next: expect.any(String) });
    expect(record()?.decisions).toEqual([]);
    expect(refusals()).toMatchObject([
      {
        what: path.slice(1),
        by: session(who),
        at: new Date(clock.millis).toISOString(),
        reason: said.error,
        expiresAt: expect.any(Number),
      },
    ]);
  });

  test('of who asked for the release is kept as well', async () => {
    const { ask, post, refusals } = await setUp({ release: { requestedBy: session('ModelRisk') } });
    await ask();
    expect(await post('/approve', 'ModelRisk')).toMatchObject({ statusCode: 403 });
    expect(refusals()).toMatchObject([{ what: 'approve', releaseId: 'r1', reason: expect.stringContaining('asked for r1') }]);
  });

  test('after the deadline, and for a release that has ended', async () => {
    const { ask, post, clock, fake, refusals } = await setUp();
    await ask();
    await fake.ledger.put(ledgerKeys.release('r1'), { ...RELEASE, spec: SPEC, status: 'withdrawn', endedAt: RELEASE.requestedAt });
    expect(await post('/approve', 'MlLead')).toMatchObject({ statusCode: 409, body: expect.stringContaining('has ended: withdrawn') });
    await fake.ledger.put(ledgerKeys.release('r1'), { ...RELEASE, spec: SPEC });
    clock.millis += 3_600_001;
    expect(await post('/approve', 'MlLead')).toMatchObject({ statusCode: 409, body: expect.stringContaining('is expired') });
    expect(refusals()).toHaveLength(2);
  });
});

describe('settling', () => {
  test('after a timeout marks the request expired, once and for all', async () => {
    const { ask, settle, post, record, clock } = await setUp();
    await ask();
    await post('/approve', 'MlLead');
    clock.millis += 3_599_000;
    const settled = await settle();
    expect(settled).toMatchObject({ approved: false, expired: true, reason: expect.stringContaining('1 of 2 approvals') });
    expect(record()?.status).toBe('expired');
    expect(await settle()).toEqual(settled);
    expect(await post('/approve', 'ModelRisk')).toMatchObject({ statusCode: 409 });
  });

  test('a decision that came at the last moment counts', async () => {
    const { ask, settle, post, fake } = await setUp({ policy: { requiredRoles: ['risk'] } });
    await ask();
    fake.before('UpdateItem', async () => void (await post('/approve', 'ModelRisk')));
    expect(await settle()).toMatchObject({ approved: true, reason: 'approved by risk' });
  });

  test('what our own handler answered is what the ledger says', async () => {
    const { ask, settle, post, answers, refusals } = await setUp({ policy: { requiredRoles: ['risk'] } });
    await ask();
    await post('/approve', 'ModelRisk');
    expect(await settle({ answer: answers()[0] })).toMatchObject({ approved: true, reason: 'approved by risk' });
    expect(refusals()).toEqual([]);
  });

  test.each<[Partial<ApprovalPolicy>, unknown, boolean, number]>([
    [{ callback: false }, { approved: true }, false, 1],
    [{ callback: true }, { approved: true }, true, 0],
    [{ callback: true }, 'looks good', false, 1],
    [{ callback: true, onDeadline: 'approve' }, null, false, 1],
    [{ callback: true, onDeadline: 'approve' }, undefined, false, 1],
  ])('an answer over the callback API, %j: %j', async (policy, answer, approved, kept) => {
    const { ask, settle, record, refusals } = await setUp({ policy });
    await ask();
    expect(await settle({ answer })).toMatchObject({ approved });
    expect(record()).toMatchObject({ status: approved ? 'approved' : 'rejected', decisions: [{ role: 'callback', by: 'callback' }] });
    expect(refusals()).toHaveLength(kept);
  });

  test('nobody was ever asked: nothing is approved, whatever the deadline does', async () => {
    const { settle } = await setUp({ policy: { onDeadline: 'approve' } });
    expect(await settle()).toEqual({ approved: false, decisions: [], reason: 'nobody was asked for the approval' });
  });
});

describe('delegation', () => {
  const lend = { role: 'risk', to: role('Deputy'), minutes: 600, reason: 'on leave' };

  test('a deputy decides for a role, and the record says on whose behalf', async () => {
    const { ask, post, record, told } = await setUp();
    await ask();
    expect(await post('/approve', 'Deputy')).toMatchObject({ statusCode: 403 });
    expect(await post('/delegate', 'ModelRisk', lend)).toMatchObject({ statusCode: 200 });
    expect(told.at(-1)).toMatchObject({ event: 'RoleDelegated', roles: ['risk'] });
    expect(await post('/approve', 'Deputy')).toMatchObject({ statusCode: 200 });
    expect(record()?.decisions).toMatchObject([{ role: 'risk', by: session('Deputy'), onBehalfOf: session('ModelRisk') }]);
  });

  test('ends with its time, or at once', async () => {
    const { ask, post, clock } = await setUp({ policy: { deadlineMinutes: 6000 } });
    await ask();
    await post('/delegate', 'ModelRisk', lend);
    await post('/delegate', 'ModelRisk', { ...lend, minutes: 0 });
    expect(await post('/approve', 'Deputy')).toMatchObject({ statusCode: 403 });
    await post('/delegate', 'ModelRisk', lend);
    clock.millis += 600 * 60_000;
    expect(await post('/approve', 'Deputy')).toMatchObject({ statusCode: 403 });
  });

  test.each([
    ['to whom the charter does not name', 'ModelRisk', { ...lend, to: role('Friend') }, 403],
    ['by a deputy', 'Deputy', lend, 403],
    ['for too long', 'ModelRisk', { ...lend, minutes: 30 * 1440 + 1 }, 400],
    ['without a reason', 'ModelRisk', { ...lend, reason: ' ' }, 400],
  ])('%s is refused and kept', async (_, who, body, statusCode) => {
    const { post, refusals, fake } = await setUp();
    expect(await post('/delegate', who, body)).toMatchObject({ statusCode });
    expect(refusals()).toMatchObject([{ what: 'delegate', by: session(who) }]);
    expect(fake.items('delegations')).toEqual([]);
  });

  test('stands when nobody can be told', async () => {
    const { post, notifying, fake } = await setUp();
    notifying.problem = named('ThrottlingException');
    expect(await post('/delegate', 'ModelRisk', lend)).toMatchObject({ statusCode: 200 });
    expect(fake.items('delegations')).toHaveLength(1);
  });
});
