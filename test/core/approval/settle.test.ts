import type { ApprovalRecord } from '../../../core/contracts';
import { settleApproval } from '../../../core/approval/settle';
import { after, by, OPEN, rejects } from './support';

const AT = '2026-03-02T10:00:01.000Z';
const REJECT = { onDeadline: 'reject' as const };
const APPROVE = { onDeadline: 'approve' as const };

test.each<[string, ApprovalRecord, object]>([
  ['approved', after(OPEN, by('risk'), by('quality')), { approved: true, reason: 'approved by risk and quality' }],
  ['vetoed', after(OPEN, by('quality'), rejects('risk')), { approved: false, vetoed: true, reason: 'vetoed by risk' }],
])('what was %s stands, whatever the token was answered with', (_, record, expected) => {
  for (const answer of [undefined, { approved: true }, { approved: false }, 'garbage']) {
    const { next, settled, refused } = settleApproval(record, answer, REJECT, AT);
    expect(next).toBe(record);
    expect(settled).toMatchObject(expected);
    expect(refused).toBeUndefined();
  }
});

describe('a deadline that passed', () => {
  const half = after(OPEN, by('risk'));

  test('rejects, and says what was missing', () => {
    const { next, settled } = settleApproval(half, undefined, REJECT, AT);
    expect(next.status).toBe('expired');
    expect(settled).toEqual({
      approved: false,
      expired: true,
      decisions: half.decisions,
      reason: 'the deadline of the approval passed (2026-03-02T10:00:00.000Z) with 1 of 2 approvals',
    });
  });

  test('approves where the charter says so and nobody said no', () => {
    expect(settleApproval(half, undefined, APPROVE, AT).settled).toMatchObject({
      approved: true,
      expired: true,
      reason: expect.stringContaining('goes on'),
    });
    const board = { ...OPEN, requiredRoles: ['quality', 'risk', 'security'], quorum: 2, vetoRoles: [] };
    expect(settleApproval(after(board, rejects('risk')), undefined, APPROVE, AT).settled.approved).toBe(false);
  });

  test('never promotes a canary without a verdict', () => {
    expect(settleApproval({ ...half, kind: 'inconclusive' }, undefined, APPROVE, AT).settled.approved).toBe(false);
  });

  test('says the same when it is asked again', () => {
    const first = settleApproval(half, undefined, APPROVE, AT);
    const again = settleApproval(first.next, undefined, APPROVE, '2026-03-02T11:00:00.000Z');
    expect(again.next).toBe(first.next);
    expect(again.settled).toEqual(first.settled);
  });
});

test('a token that is failed before the deadline does not make it pass', () => {
  const early = settleApproval(OPEN, undefined, APPROVE, '2026-03-02T09:54:59.999Z');
  expect(early.refused).toContain('failed before the deadline');
  expect([early.next.status, early.settled.approved]).toEqual(['rejected', false]);
  // The workflow's clock began a little earlier than the request.
  expect(settleApproval(OPEN, undefined, APPROVE, '2026-03-02T09:55:00.000Z').settled).toMatchObject({ approved: true, expired: true });
});

describe('an answer over the callback API', () => {
  const open = { ...OPEN, callback: true };

  test.each([
    [{ approved: true, comment: 'CHG-1' }, 'approved', true],
    [{ approved: false }, 'rejected', false],
  ])('%j counts where the charter allows it, and proves nobody', (answer, status, approved) => {
    const { next, settled, refused } = settleApproval(open, answer, REJECT, AT);
    expect(refused).toBeUndefined();
    expect(next).toMatchObject({ status, decisions: [{ role: 'callback', by: 'callback', at: AT }] });
    expect(settled).toMatchObject({ approved, reason: `${status} by callback` });
  });

  test.each([['yes'], [{}], [{ approved: 'true' }], [null], [42], [[true]]])('garbage is refused and rejects: %j', (answer) => {
    const { next, settled, refused } = settleApproval(open, answer, APPROVE, AT);
    expect(refused).toContain('something else than');
    expect([next.status, settled.approved, settled.reason]).toEqual(['rejected', false, refused]);
  });

  test('is refused and rejects where the charter does not allow it', () => {
    const { next, settled, refused } = settleApproval(OPEN, { approved: true }, APPROVE, AT);
    expect(refused).toContain('approvals.callback');
    expect([next.status, settled.approved]).toEqual(['rejected', false]);
    expect(settleApproval(next, { approved: true }, APPROVE, AT).settled).toMatchObject({
      approved: false,
      reason: 'rejected by callback',
    });
  });
});
