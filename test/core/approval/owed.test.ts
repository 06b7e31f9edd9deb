import { approvalsOwed, decidersOf } from '../../../core/approval/owed';
import type { ReleaseSpec } from '../../../core/contracts';
import { askedSentence } from '../../../core/approval/sentences';

const approvals: ReleaseSpec['approvals'] = {
  requiredRoles: ['quality', 'risk', 'security'],
  quorum: 2,
  vetoRoles: ['risk'],
  deadlineMinutes: 60,
  onDeadline: 'reject',
};
const lanes = [{ name: 'tuning', changes: ['behaviour.threshold'], requiredRoles: ['quality'] }];
const spec = { approvals, lanes } as unknown as ReleaseSpec;

test('a release inside a lane owes the lane’s approvals; the veto stays', () => {
  expect(approvalsOwed({ spec })).toBe(approvals);
  expect(approvalsOwed({ spec, lane: 'tuning' })).toEqual({ ...approvals, requiredRoles: ['quality'], quorum: undefined });
  expect(approvalsOwed({ spec, lane: 'gone' })).toBe(approvals);
});

test('what returns was approved then', () => {
  expect(approvalsOwed({ spec, returnTo: 'r1' }).requiredRoles).toEqual([]);
});

test('no lane foresees a canary without a verdict', () => {
  expect(decidersOf({ spec, lane: 'tuning' }, 'inconclusive', ['process'])).toBe(approvals);
  const unasked = { spec: { ...spec, approvals: { ...approvals, requiredRoles: [] } } };
  expect(decidersOf(unasked, 'inconclusive', ['process']).requiredRoles).toEqual(['process']);
  expect(decidersOf(unasked, 'release', ['process']).requiredRoles).toEqual([]);
});

test.each([
  [['risk'], undefined, 'risk'],
  [['quality', 'risk'], 2, 'quality and risk'],
  [['quality', 'risk', 'security'], 2, '2 of quality, risk and security'],
])('who is asked reads %j %s: %s', (requiredRoles, quorum, expected) => {
  expect(askedSentence({ requiredRoles, ...(quorum === undefined ? {} : { quorum }) })).toBe(expected);
});
