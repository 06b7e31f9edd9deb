import type { ApprovalRecord } from '../../../core/contracts';
import { decideApproval, outcomeOf } from '../../../core/release/approval';
import { isPrincipal, rolesOf } from '../../../core/release/principals';

const role = 'arn:aws:iam::111122223333:role/ModelRisk';

describe('principals', () => {
  test.each([
    ['the very ARN', role, role, true],
    ['a session of the role', 'arn:aws:sts::111122223333:assumed-role/ModelRisk/anna', role, true],
    [
      'a session of a role with a path',
      'arn:aws:sts::111122223333:assumed-role/ModelRisk/anna',
      'arn:aws:iam::111122223333:role/team/x/ModelRisk',
      true,
    ],
    ["another account's role of that name", 'arn:aws:sts::999999999999:assumed-role/ModelRisk/anna', role, false],
    ['another partition', 'arn:aws-cn:sts::111122223333:assumed-role/ModelRisk/anna', role, false],
    ['a session that calls itself so', 'arn:aws:sts::111122223333:assumed-role/Other/ModelRisk', role, false],
    ['a role that begins so', 'arn:aws:sts::111122223333:assumed-role/ModelRiskAdmin/anna', role, false],
    ['a user of that name', 'arn:aws:iam::111122223333:user/ModelRisk', role, false],
  ])('%s', (_, signer, principal, expected) => {
    expect(isPrincipal(signer, principal)).toBe(expected);
  });

  test('name the roles they may act in', () => {
    const owners = { risk: [role], quality: ['arn:aws:iam::111122223333:role/MlLead', role], process: [] };
    expect(rolesOf('arn:aws:sts::111122223333:assumed-role/ModelRisk/anna', owners)).toEqual(['risk', 'quality']);
  });
});

describe('approvals', () => {
  const open: ApprovalRecord = {
    releaseId: 'r1',
    kind: 'release',
    taskToken: 't',
    requiredRoles: ['quality', 'risk'],
    requestedAt: '2026-03-02T09:00:00.000Z',
    deadline: '2026-03-02T10:00:00.000Z',
    decisions: [],
    status: 'open',
  };
  const by = (given: Partial<Parameters<typeof decideApproval>[1]>) => ({
    decision: 'approve' as const,
    signer: 'arn:risk',
    roles: ['risk'],
    at: '2026-03-02T09:30:00.000Z',
    ...given,
  });
  const decided = (record: ApprovalRecord, given: Partial<Parameters<typeof decideApproval>[1]>): ApprovalRecord => {
    const result = decideApproval(record, by(given));
    if (!result.ok) throw new Error(result.reason);
    return result.next;
  };

  test('need every required role', () => {
    const half = decided(open, {});
    expect([half.status, outcomeOf(half)]).toEqual(['open', undefined]);
    const whole = decided(half, { signer: 'arn:quality', roles: ['quality'] });
    expect(outcomeOf(whole)).toMatchObject({ approved: true, decisions: [{ role: 'risk' }, { role: 'quality' }] });
  });

  test('end at the first rejection', () => {
    const rejected = decided(open, { decision: 'reject', comment: 'not yet' });
    expect(outcomeOf(rejected)).toMatchObject({ approved: false, decisions: [{ by: 'arn:risk', comment: 'not yet' }] });
    expect(decideApproval(rejected, by({ roles: ['quality'], signer: 'arn:quality' }))).toMatchObject({ ok: false, code: 409 });
  });

  test('say the same when the same is decided again', () => {
    const half = decided(open, {});
    expect(decided(half, {})).toBe(half);
  });

  test.each([
    ['nobody of the required roles', { roles: ['platform'] }, 403],
    ['a role that is not the signer', { role: 'quality' }, 403],
    ['several roles and none named', { roles: ['risk', 'quality'] }, 400],
    ['after the deadline', { at: '2026-03-02T10:00:00.001Z' }, 409],
  ])('refuse %s', (_, given, code) => {
    expect(decideApproval(open, by(given))).toMatchObject({ ok: false, code });
  });

  test('refuse a second decision of a role', () => {
    expect(decideApproval(decided(open, {}), by({ decision: 'reject' }))).toMatchObject({ ok: false, code: 409 });
  });
});
