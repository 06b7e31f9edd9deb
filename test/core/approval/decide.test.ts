import type { ApprovalRecord } from '../../../core/contracts';
import { decideApproval } from '../../../core/approval/decide';
import { after, by, OPEN, principal, rejects } from './support';

describe('a board', () => {
  test('needs every required role', () => {
    const half = after(OPEN, by('risk'));
    expect(half.status).toBe('open');
    expect(after(half, by('quality'))).toMatchObject({ status: 'approved', decisions: [{ role: 'risk' }, { role: 'quality' }] });
  });

  test('needs as many as its quorum', () => {
    const board = { ...OPEN, requiredRoles: ['quality', 'risk', 'security'], quorum: 2 };
    expect(after(board, by('security')).status).toBe('open');
    expect(after(board, by('security'), by('risk')).status).toBe('approved');
  });

  test('ends at the first rejection, for whoever was asked may veto', () => {
    const vetoed = after(OPEN, rejects('risk'));
    expect(vetoed).toMatchObject({ status: 'vetoed', decisions: [{ role: 'risk', comment: 'not yet' }] });
    expect(decideApproval(vetoed, by('quality'))).toMatchObject({ ok: false, code: 409 });
  });

  test('with veto roles ends only when a veto role rejects, or when too few are left', () => {
    const board: ApprovalRecord = { ...OPEN, requiredRoles: ['quality', 'risk', 'security'], quorum: 2, vetoRoles: ['legal'] };
    expect(after(board, rejects('quality')).status).toBe('open');
    expect(after(board, rejects('quality'), by('risk'), by('security')).status).toBe('approved');
    expect(after(board, rejects('quality'), rejects('risk')).status).toBe('rejected');
    expect(after(board, by('risk'), rejects('legal')).status).toBe('vetoed');
  });

  test('lets a role that may only veto approve nothing', () => {
    const board: ApprovalRecord = { ...OPEN, vetoRoles: ['legal'] };
    expect(decideApproval(board, by('legal'))).toMatchObject({ ok: false, code: 403, reason: expect.stringContaining('may approve') });
  });
});

describe('roles escalated to', () => {
  const escalated: ApprovalRecord = { ...OPEN, escalatedTo: ['head', 'board'] };

  test('stand in one for one for those who have not decided', () => {
    expect(after(escalated, by('head')).status).toBe('open');
    expect(after(escalated, by('head'), by('board'))).toMatchObject({
      status: 'approved',
      decisions: [
        { role: 'head', escalated: true },
        { role: 'board', escalated: true },
      ],
    });
    expect(after(escalated, by('risk'), by('head')).status).toBe('approved');
  });

  test('never for somebody who said no', () => {
    const board: ApprovalRecord = { ...escalated, requiredRoles: ['quality', 'risk', 'security'], quorum: 2, vetoRoles: [] };
    expect(after(board, rejects('risk'), by('head')).status).toBe('open');
    expect(after(board, rejects('risk'), rejects('quality')).status).toBe('rejected');
    expect(after(board, rejects('risk'), by('head'), by('board')).status).toBe('approved');
  });

  test('count no more once those they stood in for decide', () => {
    const board: ApprovalRecord = { ...escalated, requiredRoles: ['quality', 'risk', 'security'] };
    expect(after(board, by('head'), by('board'), by('risk')).status).toBe('approved');
    expect(after(board, by('head'), by('quality')).status).toBe('open');
  });

  test('have no say before', () => {
    expect(decideApproval(OPEN, by('head'))).toMatchObject({ ok: false, code: 403 });
  });

  test('veto as those whom they stand in for', () => {
    expect(after(escalated, rejects('head')).status).toBe('vetoed');
  });
});

describe('separation of duties', () => {
  const deployer = principal('Deployer');

  test('keeps who asked from approving, in whatever session', () => {
    const asked = decideApproval(OPEN, by('risk', { signer: deployer }));
    expect(asked).toMatchObject({ ok: false, code: 403, reason: expect.stringContaining('asked for r1 and cannot approve it') });
  });

  test('lets who asked reject', () => {
    expect(after(OPEN, rejects('risk', { signer: deployer })).status).toBe('vetoed');
  });

  test('makes two approvals two people', () => {
    const both = { signer: principal('Both'), roles: [{ role: 'quality' }, { role: 'risk' }] };
    const half = after(OPEN, by('risk', { ...both, role: 'risk' }));
    expect(decideApproval(half, by('quality', both))).toMatchObject({
      ok: false,
      code: 403,
      reason: expect.stringContaining('has approved as risk'),
    });
    expect(after(half, by('quality')).status).toBe('approved');
  });

  test('can be given up in the charter', () => {
    const board = { ...OPEN, separationOfDuties: false };
    expect(after(board, by('risk', { signer: deployer }), by('quality', { signer: deployer })).status).toBe('approved');
  });

  test.each([
    ['who asked delegated it', OPEN, deployer],
    ['who approved before delegated it', after(OPEN, by('quality')), principal('Quality')],
  ])('is not got around by delegation: %s', (_, record, onBehalfOf) => {
    expect(decideApproval(record, by('risk', { signer: principal('Deputy'), roles: [{ role: 'risk', onBehalfOf }] }))).toMatchObject({
      ok: false,
      code: 403,
      reason: expect.stringContaining(`nor does a delegation by ${onBehalfOf}`),
    });
  });

  test('holds for those who decided on behalf of somebody as well', () => {
    const half = after(OPEN, by('risk', { signer: principal('Deputy'), roles: [{ role: 'risk', onBehalfOf: principal('Risk') }] }));
    expect(half.decisions[0]).toMatchObject({ role: 'risk', by: principal('Deputy'), onBehalfOf: principal('Risk') });
    expect(decideApproval(half, by('quality', { signer: principal('Risk') }))).toMatchObject({ ok: false, code: 403 });
    expect(decideApproval(half, by('quality', { signer: principal('Deputy') }))).toMatchObject({ ok: false, code: 403 });
  });
});

describe('a decision', () => {
  test('that is sent again changes nothing, even when all is over', () => {
    const half = after(OPEN, by('risk'));
    expect(after(half, by('risk'))).toBe(half);
    const whole = after(half, by('quality'));
    expect(after(whole, by('risk', { at: '2026-03-09T09:30:00.000Z', ended: 'promoted' }))).toBe(whole);
  });

  test.each([
    ['by nobody of the roles asked', by('platform'), 403],
    ['as a role that the signer has not', by('risk', { role: 'quality' }), 403],
    ['of several roles and none named', by('risk', { roles: [{ role: 'risk' }, { role: 'quality' }] }), 400],
    ['after the deadline', by('risk', { at: '2026-03-02T10:00:00.001Z' }), 409],
    ['on a release that has ended', by('risk', { ended: 'withdrawn' }), 409],
    ['against, without a comment', rejects('risk', { comment: '  ' }), 400],
  ])('%s is refused', (_, decider, code) => {
    expect(decideApproval(OPEN, decider)).toMatchObject({ ok: false, code });
  });

  test('of a role that has decided otherwise is refused', () => {
    expect(decideApproval(after(OPEN, by('risk')), rejects('risk'))).toMatchObject({ ok: false, code: 409 });
  });
});
