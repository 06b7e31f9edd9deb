import { fakeClient, fakeLedger, named, posted, START } from './support';
import { type ApprovalRecord, ledgerKeys } from '../../core/contracts';
import { ApprovalBoard } from '../../lambdas/approval/board';
import { answerDecision } from '../../lambdas/approval/http';
import { answering } from '../../lambdas/shared/http';

const OWNERS = { quality: ['arn:aws:iam::111122223333:role/MlLead'], risk: ['arn:aws:iam::111122223333:role/ModelRisk'] };
const session = (role: string): string => `arn:aws:sts::111122223333:assumed-role/${role}/somebody`;
const REQUEST = { taskToken: 't1', releaseId: 'r1', kind: 'release' as const, requiredRoles: ['quality', 'risk'], deadlineMinutes: 60 };

function setUp(answers: Record<string, () => unknown> = {}) {
  const fake = fakeLedger();
  const sfn = fakeClient<never>(answers);
  const clock = { millis: START };
  const told: { subject: string; facts: object }[] = [];
  const board = new ApprovalBoard({
    ledger: fake.ledger,
    sfn: sfn.client,
    now: () => clock.millis,
    notify: async ({ subject, facts }) => void told.push({ subject, facts }),
  });
  const ask = (path: string, role: string, body: object = { releaseId: 'r1' }) =>
    answering(() => answerDecision(board, OWNERS, posted(path, body, session(role))));
  const record = (kind = 'release') => fake.item<ApprovalRecord>(ledgerKeys.approval('r1', kind));
  return { board, sfn, clock, told, ask, record, fake };
}

test('a request is kept and announced, without its token', async () => {
  const { board, told, record } = setUp();
  await board.ask(REQUEST);
  expect(record()).toMatchObject({ status: 'open', deadline: new Date(START + 3_600_000).toISOString() });
  expect(told).toHaveLength(1);
  expect(told[0]?.subject).toContain('r1 asks for approval (release) by quality, risk');
  expect(JSON.stringify(told)).not.toContain('t1');
});

test('all required roles approve, then the token succeeds', async () => {
  const { board, sfn, ask, record } = setUp();
  await board.ask(REQUEST);
  expect(await ask('/approve', 'ModelRisk', { releaseId: 'r1', comment: 'fine' })).toMatchObject({ statusCode: 200 });
  expect(sfn.sent).toEqual([]);
  await ask('/approve', 'MlLead');
  expect(sfn.sent).toHaveLength(1);
  expect(sfn.sent[0]?.input['taskToken']).toBe('t1');
  expect(JSON.parse(String(sfn.sent[0]?.input['output']))).toMatchObject({
    approved: true,
    decisions: [{ role: 'risk', by: session('ModelRisk'), comment: 'fine' }, { role: 'quality' }],
  });
  expect(record()).toMatchObject({ status: 'approved' });
});

test('the first rejection ends it', async () => {
  const { board, sfn, ask } = setUp();
  await board.ask(REQUEST);
  await ask('/reject', 'ModelRisk');
  expect(JSON.parse(String(sfn.sent[0]?.input['output']))).toMatchObject({ approved: false });
  expect(await ask('/approve', 'MlLead')).toMatchObject({ statusCode: 409 });
});

test('two who decide at the same time both count', async () => {
  const { board, ask, record, fake } = setUp();
  await board.ask(REQUEST);
  fake.before('UpdateItem', async () => void (await ask('/approve', 'MlLead')));
  expect(await ask('/approve', 'ModelRisk')).toMatchObject({ statusCode: 200 });
  expect(record()).toMatchObject({ status: 'approved', decisions: [{ role: 'quality' }, { role: 'risk' }] });
});

test('the workflow asks again: the newer token counts, and a decision taken is answered at once', async () => {
  const { board, sfn, ask, told } = setUp();
  await board.ask(REQUEST);
  await board.ask({ ...REQUEST, taskToken: 't2' });
  expect(told).toHaveLength(1);
  await ask('/reject', 'MlLead');
  expect(sfn.sent[0]?.input['taskToken']).toBe('t2');
  await board.ask({ ...REQUEST, taskToken: 't3' });
  expect(sfn.sent[1]?.input['taskToken']).toBe('t3');
});

test('a decision whose token could not be answered is answered when it is sent again', async () => {
  let down = true;
  const { board, sfn, ask } = setUp({
    SendTaskSuccess: () => {
      if (down) throw named('ThrottlingException');
      return {};
    },
  });
  await board.ask(REQUEST);
  await expect(ask('/reject', 'MlLead')).rejects.toThrow('ThrottlingException');
  down = false;
  expect(await ask('/reject', 'MlLead')).toMatchObject({ statusCode: 200 });
  expect(sfn.sent).toHaveLength(2);
});

test('the open kind is meant where none is named', async () => {
  const { board, ask, record } = setUp();
  await board.ask({ ...REQUEST, requiredRoles: ['risk'] });
  await ask('/approve', 'ModelRisk');
  await board.ask({ ...REQUEST, kind: 'inconclusive', requiredRoles: ['risk'], taskToken: 't9' });
  await ask('/reject', 'ModelRisk');
  expect([record('release')?.status, record('inconclusive')?.status]).toEqual(['approved', 'rejected']);
});

test.each([
  ['no owner', 'Other', { releaseId: 'r1' }, 403],
  ['a role that the signer has not', 'ModelRisk', { releaseId: 'r1', role: 'quality' }, 403],
  ['a release that asked for nothing', 'ModelRisk', { releaseId: 'r2' }, 404],
  ['a kind that was not asked for', 'ModelRisk', { releaseId: 'r1', kind: 'inconclusive' }, 404],
  ['a body without a release', 'ModelRisk', {}, 400],
  ['a misspelt member', 'ModelRisk', { releaseId: 'r1', coment: 'x' }, 400],
])('%s is refused', async (_, role, body, statusCode) => {
  const { board, ask, record } = setUp();
  await board.ask(REQUEST);
  const answer = await ask('/approve', role, body);
  expect(answer.statusCode).toBe(statusCode);
  expect(JSON.parse(String(answer.body))).toEqual({ error: expect.any(String), allowed: expect.any(String), next: expect.any(String) });
  expect(record()?.decisions).toEqual([]);
});

test('after the deadline nobody approves', async () => {
  const { board, ask, clock } = setUp();
  await board.ask(REQUEST);
  clock.millis += 3_600_001;
  expect(await ask('/approve', 'MlLead')).toMatchObject({ statusCode: 409 });
});
