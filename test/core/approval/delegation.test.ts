import { type DelegationAsked, delegationOf, heldRoles } from '../../../core/approval/delegation';
import type { DelegationRecord } from '../../../core/contracts';

const role = (name: string): string => `arn:aws:iam::111122223333:role/${name}`;
const session = (name: string, who = 'x'): string => `arn:aws:sts::111122223333:assumed-role/${name}/${who}`;
const SSO = 'AWSReservedSSO_Deputies_0a1b2c3d4e5f6a7b';

const OWNERS = { risk: [role('ModelRisk')], quality: [role('MlLead')] };
const DELEGATES = { risk: [role('Deputy'), role('MlLead'), role(`aws-reserved/sso.amazonaws.com/${SSO}`)] };
const AT = '2026-03-02T09:00:00.000Z';
const LENT: DelegationRecord = {
  role: 'risk',
  to: role('Deputy'),
  by: session('ModelRisk'),
  from: '2026-03-01T00:00:00.000Z',
  until: '2026-03-03T00:00:00.000Z',
  reason: 'on leave',
};

const held = (signer: string, delegations: DelegationRecord[], at = AT, owners = OWNERS, delegates: Record<string, string[]> = DELEGATES) =>
  heldRoles(signer, owners, delegates, delegations, at);

test('a role that is lent is held on behalf of who lent it', () => {
  expect(held(session('Deputy'), [LENT])).toEqual([{ role: 'risk', onBehalfOf: session('ModelRisk') }]);
  expect(held(session('Other'), [LENT])).toEqual([]);
});

test('a role of one’s own is nobody’s favour', () => {
  expect(held(session('ModelRisk'), [{ ...LENT, to: role('ModelRisk') }])).toEqual([{ role: 'risk' }]);
  expect(held(session('MlLead'), [{ ...LENT, to: role('MlLead') }])).toEqual([
    { role: 'quality' },
    { role: 'risk', onBehalfOf: session('ModelRisk') },
  ]);
});

test.each([
  ['before it begins', '2026-02-28T23:59:59.999Z', OWNERS, DELEGATES],
  ['once it has ended', '2026-03-03T00:00:00.000Z', OWNERS, DELEGATES],
  ['when who gave it is an owner no more', AT, { ...OWNERS, risk: [role('Successor')] }, DELEGATES],
  ['when the charter names the delegate no more', AT, OWNERS, { risk: [] }],
])('a delegation does not count %s', (_, at, owners, delegates) => {
  expect(held(session('Deputy'), [LENT], at, owners, delegates)).toEqual([]);
});

const asked = (given: Partial<DelegationAsked> = {}): DelegationAsked => ({
  role: 'risk',
  to: role('Deputy'),
  minutes: 60,
  reason: 'on leave',
  ...given,
});

test('its holder lends a role for a time', () => {
  expect(delegationOf(asked(), session('ModelRisk'), OWNERS, DELEGATES, Date.parse(AT))).toEqual({
    ok: true,
    record: { role: 'risk', to: role('Deputy'), by: session('ModelRisk'), from: AT, until: '2026-03-02T10:00:00.000Z', reason: 'on leave' },
  });
});

test('one person of Identity Center can be named', () => {
  const to = session(SSO, 'anna@example.com');
  const delegated = delegationOf(asked({ to }), session('ModelRisk'), OWNERS, DELEGATES, Date.parse(AT));
  expect(delegated).toMatchObject({ ok: true, record: { to } });
  const record = { ...LENT, to };
  expect(held(to, [record])).toEqual([{ role: 'risk', onBehalfOf: session('ModelRisk') }]);
  expect(held(session(SSO, 'ben@example.com'), [record])).toEqual([]);
});

test.each([
  ['by who does not hold the role', session('MlLead'), asked(), 403],
  ['by who holds it on somebody’s behalf only', session('Deputy'), asked({ to: role('MlLead') }), 403],
  ['to oneself', session('ModelRisk'), asked({ to: role('ModelRisk') }), 400],
  ['to whom the charter does not name', session('ModelRisk'), asked({ to: role('Friend') }), 403],
  ['to a session whose caller chose its name', session('ModelRisk'), asked({ to: session('Deputy', 'anna') }), 403],
  ['of a role that nobody may be lent', session('MlLead'), asked({ role: 'quality' }), 403],
])('a delegation %s is refused', (_, signer, given, code) => {
  expect(delegationOf(given, signer, OWNERS, DELEGATES, Date.parse(AT))).toMatchObject({ ok: false, code });
});
