import pc from 'picocolors';
import { run } from '../../bin/commands/status';
import { readSnapshot } from '../../bin/status/snapshot';
import { type Status, statusOf } from '../../bin/status/status';
import { statusText } from '../../bin/status/text';
import { ledgerKeys, type ApprovalRecord, type FreezeWindow, type IncidentRecord } from '../../core/contracts';
import { recordRefusal } from '../../lambdas/shared/refusals';
import { inCanary, promoteAndFinish, type World, world } from '../lambdas/release-world';
import { fakeResponseUrl } from '../lambdas/response-url';
import { SPEC, START } from '../lambdas/support';
import { captured } from './capture';

const OTHER = { behaviour: { threshold: 0.7 } };
const ANNA = 'arn:aws:sts::111122223333:assumed-role/PlatformOnCall/anna';
const HOUR = 3_600_000;

beforeEach(() => void fakeResponseUrl());
afterEach(() => jest.restoreAllMocks());

const status = async (the: World): Promise<Status> => statusOf(await readSnapshot(the.ledger, the.clock.millis), the.clock.millis);

/** What is printed, without colours: label → lines. */
async function printed(the: World): Promise<{ code: number; text: string }> {
  const io = captured();
  const code = await run(
    ['--table', 'ledger'],
    io,
    async () => the.ledger,
    () => the.clock.millis,
  );
  return { code, text: io.out() };
}

async function live(spec = {}): Promise<{ the: World; stable: string }> {
  const the = world();
  await the.deploy(spec);
  const stable = await inCanary(the);
  await promoteAndFinish(the, stable);
  return { the, stable };
}

const lastStarted = (the: World): string => String(the.started.at(-1)?.name);

test('nothing deployed yet', async () => {
  const { code, text } = await printed(world());
  expect(code).toBe(1);
  expect(text).toContain('not deployed  2026-03-02 09:00 UTC\n! nothing is deployed yet: cdk deploy');
});

test('deployed, nothing promoted: the baseline answers', async () => {
  const the = world();
  await the.deploy();
  const id = lastStarted(the);
  const waiting = await printed(the);
  expect(waiting).toMatchObject({ code: 0 });
  expect(waiting.text).toContain('the baseline answers everything: nothing is promoted yet');
  expect(waiting.text).toContain(
    `queue          ${id} has just been asked for; asked for by deploy 2026-03-02 09:00 (less than a minute ago)`,
  );
  await the.step({ action: 'register', releaseId: id, executionArn: 'arn' });
  expect((await printed(the)).text).toContain(
    `in progress    ${id} is being built on the endpoint, or taken off again; it gets no traffic`,
  );
});

test('live: nothing needs anybody', async () => {
  const { the, stable } = await live();
  the.clock.millis += 26 * HOUR;
  const { code, text } = await printed(the);
  expect(code).toBe(0);
  expect(text).toBe(
    [
      'support-triage  live  2026-03-03 11:00 UTC',
      'nothing needs anybody',
      '',
      `answers        ${stable} 98 %, the baseline (holdout) 2 %`,
      `stable         ${stable}, since 2026-03-02 09:00 (1 d 2 h ago), asked for by deploy`,
      '',
    ].join('\n'),
  );
});

describe('a canary', () => {
  test('says its step, share, how long it has baked, and what the verdict says', async () => {
    const { the, stable } = await live();
    await the.deploy(OTHER);
    const id = await inCanary(the);
    expect((await printed(the)).text).toContain('verdict        has not looked yet');
    the.clock.millis += 25 * 60_000;
    const at = new Date(the.clock.millis - 60_000).toISOString();
    await the.ledger.put(ledgerKeys.verdict(id), { at, decision: 'continue', reason: 'no harm so far' });
    const verdict = { words: ['missed-spam: 3 of 100 beside 40 of 1 900'], combinedRollbackEvidence: 1.234, threshold: 20 };
    await the.ledger.put(ledgerKeys.look(id, at), { decision: 'continue', verdict: JSON.stringify(verdict), expiresAt: 1 });
    const { code, text } = await printed(the);
    expect(code).toBe(0);
    expect(text).toContain(`answers        ${stable} 93 %, ${id} 5 %, the baseline (holdout) 2 %`);
    expect(text).toContain(`in progress    ${id} canary step 1 of 2 at 5 %; baked 25 min of 1 h`);
    expect(text).toContain('verdict        continue, 1 min ago: no harm so far (evidence for rolling back 1.23 of 20)');
    expect(text).toContain('               missed-spam: 3 of 100 beside 40 of 1 900');
    expect((await status(the)).candidate).toMatchObject({
      releaseId: id,
      weight: 0.05,
      step: { number: 1, of: 2, bakedMinutes: 25, bakeMinutes: 60 },
    });
  });

  test('whose verdict is silent needs somebody', async () => {
    const { the } = await live();
    await the.deploy(OTHER);
    const id = await inCanary(the);
    the.clock.millis += 12 * 60_000;
    const { code, text } = await printed(the);
    expect(code).toBe(1);
    expect(text).toContain(`! the verdict has not looked at ${id} for 12 min: sluice rollback`);
  });

  test('what was said of the step before is not told of this one', async () => {
    const { the } = await live();
    await the.deploy(OTHER);
    const id = await inCanary(the);
    await the.ledger.put(ledgerKeys.verdict(id), { at: new Date(START - 1).toISOString(), decision: 'advance', reason: 'good' });
    expect((await status(the)).candidate).not.toHaveProperty('verdict');
  });

  test('that is held says so', async () => {
    const { the } = await live();
    await the.deploy(OTHER);
    const id = await inCanary(the);
    await the.step({ action: 'hold', releaseId: id, reason: 'undecided' });
    await the.ledger.put(ledgerKeys.approval(id, 'inconclusive'), approval(id, { kind: 'inconclusive', requiredRoles: ['process'] }));
    const { code, text } = await printed(the);
    expect(code).toBe(1);
    expect(text).toContain(`! ${id} was inconclusive and waits for a decision by process (0 of 1) until 2026-03-04 09:00 (in 2 d)`);
    expect(text).toContain('is held: its canary ended without a verdict, it gets no traffic');
  });

  test('that is taken back says why', async () => {
    const { the, stable } = await live();
    await the.deploy(OTHER);
    const id = await inCanary(the);
    await the.controller.rollBackByHand(ANNA, 'callers complain');
    const { text } = await printed(the);
    expect(text).toContain(`${id} is being ended (rolled-back): callers complain`);
    expect(text).toContain(`answers        ${stable} 98 %`);
  });

  test('that the verdict took back is off traffic, and leaves the endpoint', async () => {
    const { the } = await live();
    await the.deploy(OTHER);
    const id = await inCanary(the);
    await the.controller.rollBack(id, 'workflow', 'missed-spam is worse', 'missed-spam');
    expect((await printed(the)).text).toContain(`in progress    ${id} is off traffic, and is being taken off the endpoint`);
  });

  test('in the hands of SageMaker says who decides', async () => {
    const { the, stable } = await live();
    await the.deploy({ ...OTHER, rollout: { ...SPEC.rollout, strategy: 'blue-green', steps: [] } });
    const id = lastStarted(the);
    await the.step({ action: 'register', releaseId: id, executionArn: 'arn' });
    await the.step({ action: 'dark', releaseId: id });
    await the.ledger.put(ledgerKeys.release(id), { ...the.release(id), stage: 'blue-green' });
    const { text } = await printed(the);
    expect(text).toContain(`answers        ${stable} and ${id} (SageMaker says how much) 98 %, the baseline (holdout) 2 %`);
    expect(text).toContain(`${id} is rolled out by SageMaker`);
  });

  test('in shadow says that no answer is used', async () => {
    const { the } = await live();
    await the.deploy(OTHER);
    const id = await inCanary(the);
    const step = the.item<object>(ledgerKeys.step());
    await the.ledger.put(ledgerKeys.step(), { ...step, kind: 'shadow', weight: 0 });
    expect((await printed(the)).text).toContain(
      `${id} shadows stable: gets copies of its requests, no answer is used; baked less than a minute of 1 h`,
    );
  });

  test('whose bake is over waits for its verdict', async () => {
    const { the } = await live();
    await the.deploy(OTHER);
    await inCanary(the);
    the.clock.millis += 2 * HOUR;
    expect((await printed(the)).text).toContain('baked 1 h, as it should, and waits for its verdict');
  });
});

const approval = (releaseId: string, more: Partial<ApprovalRecord> = {}): ApprovalRecord => ({
  releaseId,
  kind: 'release',
  taskToken: 'secret-token',
  requiredRoles: ['quality', 'risk', 'security'],
  requestedAt: '2026-03-02T09:00:00Z',
  deadline: '2026-03-04T09:00:00Z',
  decisions: [],
  status: 'open',
  ...more,
});

test('an approval that is owed says by whom and until when, and keeps its token to itself', async () => {
  const { the } = await live();
  await the.deploy({ ...OTHER });
  const id = lastStarted(the);
  await the.step({ action: 'register', releaseId: id, executionArn: 'arn' });
  await the.step({ action: 'dark', releaseId: id });
  const decisions = [{ role: 'quality', decision: 'approve' as const, by: ANNA, at: '2026-03-02T09:01:00Z' }];
  await the.ledger.put(ledgerKeys.approval(id, 'release'), approval(id, { quorum: 2, decisions, escalatedTo: ['process'] }));
  await the.ledger.put(ledgerKeys.gate(id, 'golden'), { releaseId: id, gate: 'golden', passed: true, reason: 'mean score 0.97' });
  const { code, text } = await printed(the);
  expect(code).toBe(1);
  expect(text).toContain(
    `! ${id} waits for approval by risk and security; process may stand in (1 of 2) until 2026-03-04 09:00 (in 2 d) – sluice approve --release ${id}`,
  );
  expect(text).toContain(`in progress    ${id} stands on the endpoint without traffic and waits for approval`);
  expect(text).toContain('changes behaviour');
  expect(text).toContain('gates          golden passed');
  const io = captured();
  await run(
    ['--table', 'x', '--json'],
    io,
    async () => the.ledger,
    () => the.clock.millis,
  );
  expect(io.out()).not.toContain('secret-token');
  expect(JSON.parse(io.out())).toMatchObject({
    mode: 'live',
    approvals: [{ releaseId: id, approvals: 1, needed: 2, undecided: ['risk', 'security'] }],
  });
});

describe('the queue', () => {
  test('says what each waits for', async () => {
    const { the } = await live();
    await the.deploy(OTHER);
    const first = await inCanary(the);
    await the.deploy({ behaviour: { threshold: 0.8 } });
    const second = lastStarted(the);
    await the.step({ action: 'register', releaseId: second, executionArn: 'arn' });
    expect((await printed(the)).text).toContain(`queue          ${second} waits for ${first}; asked for by deploy`);
    await the.deploy({ behaviour: { threshold: 0.9 } });
    expect((await status(the)).queue).toMatchObject([{ releaseId: second, superseded: true }, { releaseId: lastStarted(the) }]);
    expect((await printed(the)).text).toContain(`${second} is superseded and about to end`);
  });

  test('and the freeze', async () => {
    const { the } = await live();
    const freezes: FreezeWindow[] = [{ kind: 'once', reason: 'trade', from: '2026-03-01T00:00:00Z', to: '2026-03-05T09:00:00Z' }];
    await the.deploy({ ...OTHER, rollout: { ...SPEC.rollout, freezes } });
    const id = lastStarted(the);
    await the.step({ action: 'register', releaseId: id, executionArn: 'arn' });
    const { code, text } = await printed(the);
    expect(code).toBe(0);
    expect(text).toContain(`queue          ${id} waits for the end of the freeze at 2026-03-05 09:00 (in 3 d)`);
    expect(text).toContain('freeze         until 2026-03-05 09:00 (in 3 d): trade');
  });
});

test('killed: since when, by whom, why, and the way out', async () => {
  const { the } = await live();
  await the.deploy(OTHER);
  await inCanary(the);
  await the.controller.kill(ANNA, 'it insults people');
  const { code, text } = await printed(the);
  expect(code).toBe(1);
  expect(text).toMatch(
    /KILLED.*\n! kill switch on since 2026-03-02 09:00 \(less than a minute ago\) by PlatformOnCall \(anna\): it insults people – sluice revive/,
  );
  expect(text).toContain('answers        the baseline answers everything: the kill switch is on');
  expect(text).not.toMatch(/^stable/m);
});

test('switched off: since when, why, the way back, and who waits for it', async () => {
  const { the } = await live();
  await the.controller.park(ANNA, 'a holiday');
  await the.deploy(OTHER);
  const id = lastStarted(the);
  await the.step({ action: 'register', releaseId: id, executionArn: 'arn' });
  const { text } = await printed(the);
  expect(text).toContain(
    'the baseline answers everything: the endpoint is switched off since 2026-03-02T09:00:00.000Z (operator); sluice wake',
  );
  expect(text).toContain(`${id} waits for the endpoint, which is off and is being woken for it`);
});

test('who killed is known also after the workflow has written since', async () => {
  const { the } = await live();
  await the.deploy(OTHER);
  const id = await inCanary(the);
  await the.controller.kill(ANNA, 'it insults people');
  the.clock.millis += 60_000;
  await the.step({ action: 'finish', releaseId: id, outcome: 'killed', stage: 'teardown', reason: 'killed' });
  expect(the.control().changedBy).toBe('workflow');
  expect((await status(the)).killed).toEqual({ since: '2026-03-02T09:00:00.000Z', by: ANNA, reason: 'it insults people' });
});

describe('an incident', () => {
  const incident: IncidentRecord = {
    id: 'i-rollback-r2',
    kind: 'rollback',
    reason: 'missed-spam is worse',
    openedAt: '2026-03-02T08:00:00Z',
    openedBy: 'verdict',
    recoveredAt: '2026-03-02T08:00:02Z',
  };
  const acknowledged = { by: ANNA, at: '2026-03-02T08:05:00Z' };

  test.each<[string, Partial<IncidentRecord>, number, string]>([
    [
      'open',
      {},
      1,
      '! incident i-rollback-r2 since 2026-03-02 08:00 (1 h ago): missed-spam is worse; traffic was safe again at 2026-03-02 08:00 – sluice incident acknowledge i-rollback-r2',
    ],
    [
      'acknowledged and recovered',
      { acknowledged },
      0,
      'incidents      i-rollback-r2 acknowledged, not resolved, since 2026-03-02 08:00 (1 h ago)',
    ],
    ['acknowledged and going on', { acknowledged, recoveredAt: undefined }, 1, 'traffic is not safe yet – acknowledged'],
    ['resolved', { acknowledged, resolved: acknowledged }, 0, 'nothing needs anybody'],
  ])('that is %s', async (_, more, exitCode, words) => {
    const { the } = await live();
    await the.ledger.put(ledgerKeys.incident(incident.id), { ...incident, ...more });
    const { code, text } = await printed(the);
    expect(code).toBe(exitCode);
    expect(text).toContain(words);
  });
});

describe('after a promotion', () => {
  const WARM = { rollout: { ...SPEC.rollout, keepWarmMinutes: 120 } };

  async function warm(): Promise<{ the: World; before: string; stable: string }> {
    const { the, stable: before } = await live(WARM);
    await the.deploy({ ...WARM, ...OTHER });
    const stable = await inCanary(the);
    await the.step({ action: 'promote', releaseId: stable, by: 'verdict', reason: 'good' });
    return { the, before, stable };
  }

  test('the endpoint is settled, and the release before stays warm', async () => {
    const { the, before, stable } = await warm();
    const { text } = await printed(the);
    expect(text).toContain(`in progress    ${stable} is promoted; the endpoint is being settled`);
    expect(text).toContain(`rollback       ${before} stays warm until 2026-03-02 11:00 (in 2 h): sluice rollback returns to it at once`);
  });

  test('a rollback window that nobody ends needs somebody', async () => {
    const { the, before } = await warm();
    the.clock.millis += 3 * HOUR;
    const { code, text } = await printed(the);
    expect(code).toBe(1);
    expect(text).toContain(`! the rollback window ended at 2026-03-02 11:00, and ${before} is still on the endpoint and billed`);
  });
});

test('lift, kill criteria and the day of review', async () => {
  const { the } = await live({ reviewBy: '2026-03-01' });
  const criterion = { criterion: 'missed-spam-43200', horizon: '2026-01-01', words: 'missed-spam: not proven better in 30 days' };
  const review = {
    day: '2026-03-01',
    holdout: 0.02,
    kpis: [{ words: 'missed-spam is 40 % lower than the baseline' }],
    criteria: [{ ...criterion, state: 'met' }],
  };
  await the.ledger.put(ledgerKeys.holdoutLatest(), { at: '2026-03-01T02:10:00Z', day: '2026-03-01', criteria: '[]' });
  await the.ledger.put(ledgerKeys.holdoutReview('2026-03-01'), { at: '2026-03-01T02:10:00Z', review: JSON.stringify(review) });
  const { code, text } = await printed(the);
  expect(code).toBe(1);
  expect(text).toContain('! kill criterion met: missed-spam: not proven better in 30 days');
  expect(text).toContain('! the use case was to be reviewed by 2026-03-01');
  expect(text).toContain('lift           missed-spam is 40 % lower than the baseline');
  expect(text).toContain('review by      2026-03-01');
});

test('refusals of the last day', async () => {
  const { the } = await live();
  const refusal = { what: 'approve', by: ANNA, reason: 'your role is not asked' };
  await recordRefusal(the.ledger, { ...refusal, at: '2026-03-01T08:59:00.000Z' });
  await recordRefusal(the.ledger, { ...refusal, at: '2026-03-01T20:00:00.000Z' });
  expect((await status(the)).refusals).toHaveLength(1);
  expect((await printed(the)).text).toContain('refused        2026-03-01 20:00 approve by PlatformOnCall (anna): your role is not asked');
});

test('an adopted endpoint is stable', async () => {
  const the = world({ existingEndpoint: 'legacy' });
  await the.deploy();
  expect((await status(the)).stable).toMatchObject({ adopted: true });
  expect((await printed(the)).text).toMatch(/^stable {9}\S+, the adopted endpoint$/m);
});

test('colours are for terminals', async () => {
  const { the } = await live();
  const told = await status(the);
  expect(statusText(told, pc.createColors(true))).toContain('\u001b[');
  expect(statusText(told, pc.createColors(false))).not.toContain('\u001b[');
  const io = captured();
  await run(
    ['--table', 'x'],
    { ...io, stdout: { write: io.stdout.write, isTTY: true } as typeof io.stdout },
    async () => the.ledger,
    () => START,
  );
  expect(io.out()).toContain('\u001b[');
});

test('bad input is said before anything is read', async () => {
  const never = () => Promise.reject(new Error('nothing is read'));
  const asked = (...args: string[]) => run(args, captured(), never);
  await expect(asked('--table')).rejects.toThrow('--table needs a value');
  await expect(asked('--outputs', 'missing.json')).rejects.toThrow('or give --table');
  await expect(asked('--tabel', 'x')).rejects.toThrow('unknown option --tabel');
  const io = captured();
  expect(await run(['--help'], io, never)).toBe(0);
  expect(io.out()).toContain('exit codes: 0 nothing needs anybody');
});
