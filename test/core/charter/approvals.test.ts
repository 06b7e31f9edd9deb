import { effectlessSettings, toReleaseSpec } from '../../../core/charter';
import { accepted, changed, refused, SAMPLE } from './sample';

const APPROVALS = /^approvals:.*$/m;
const board = (approvals: string, more = ''): string => `${changed(APPROVALS, `approvals: { ${approvals} }`)}${more}`;
const BOARD = 'requiredRoles: [quality, risk], deadline: 48h';
const LANE = 'name: tuning, changes: [behaviour.threshold], within: { behaviour.threshold: [0.5, 0.7] }, requiredRoles: [quality]';
const lanes = (...written: string[]): string => `\nlanes: [${written.map((lane) => `{ ${lane} }`).join(', ')}]\n`;
const specOf = (text: string) => toReleaseSpec(accepted(text), { image: 'x', behaviourFiles: {} });

test('a whole board and its lanes reach the release', () => {
  const approvals = `${BOARD}, quorum: 1, vetoRoles: [risk, process], escalation: { after: 12h, roles: [process] }, callback: true`;
  const spec = specOf(board(approvals, lanes(LANE)));
  expect(spec.approvals).toEqual({
    requiredRoles: ['quality', 'risk'],
    quorum: 1,
    vetoRoles: ['risk', 'process'],
    deadlineMinutes: 2880,
    onDeadline: 'reject',
    escalation: { afterMinutes: 720, roles: ['process'] },
    separationOfDuties: true,
    callback: true,
  });
  expect(spec.lanes).toEqual([
    { name: 'tuning', changes: ['behaviour.threshold'], within: { 'behaviour.threshold': [0.5, 0.7] }, requiredRoles: ['quality'] },
  ]);
});

test('an owner names to whom the role may be lent', () => {
  const deputy = 'arn:aws:iam::111122223333:role/Deputy';
  const { owners } = accepted(changed("role/MlLead']", `role/MlLead'], delegates: ['${deputy}']`));
  expect(owners['quality']?.delegates).toEqual([deputy]);
  expect(owners['risk']?.delegates).toEqual([]);
});

test('a chat webhook is the name of a secret', () => {
  const named = (name: string): string => changed('platform: #', `platform:\n  chatWebhook: ${name} #`);
  expect(accepted(named('chat/model-ops')).platform.chatWebhook).toBe('chat/model-ops');
  expect(refused(named('https://hooks.example.com/x'))[0]).toMatchObject({ path: 'platform.chatWebhook' });
  expect(refused(named('chat-abc123'))[0]).toMatchObject({
    path: 'platform.chatWebhook',
    allowed: expect.stringContaining('six characters'),
  });
});

test.each<[string, string, { path: string; allowed?: RegExp; given?: string }]>([
  ['a quorum above the roles', board(`${BOARD}, quorum: 3`), { path: 'approvals.quorum', given: '3', allowed: /at most 2/ }],
  ['no quorum at all', board(`${BOARD}, quorum: 0`), { path: 'approvals.quorum' }],
  [
    'a veto role without owner',
    board(`${BOARD}, vetoRoles: [legal]`),
    { path: 'approvals.vetoRoles[0]', allowed: /roles named under owners/ },
  ],
  [
    'an escalation to nobody known',
    board(`${BOARD}, escalation: { after: 1h, roles: [legal] }`),
    { path: 'approvals.escalation.roles[0]' },
  ],
  [
    'an escalation to who is asked anyway',
    board(`${BOARD}, escalation: { after: 1h, roles: [risk] }`),
    { path: 'approvals.escalation.roles[0]', allowed: /stand in/ },
  ],
  [
    'an escalation after the deadline',
    board(`${BOARD}, escalation: { after: 48h, roles: [process] }`),
    { path: 'approvals.escalation.after', given: '2880m', allowed: /less than the deadline of 2880m/ },
  ],
  ['a veto where nobody is asked', board('vetoRoles: [risk]'), { path: 'approvals.vetoRoles', allowed: /requiredRoles/ }],
  ['a lane where nobody is asked', board('deadline: 48h', lanes('name: tuning, changes: [behaviour]')), { path: 'lanes' }],
  [
    'a lane of something else',
    board(BOARD, lanes('name: tuning, changes: [kpis]')),
    { path: 'lanes[0].changes[0]', allowed: /model, serving or behaviour/ },
  ],
  ['a lane for nothing', board(BOARD, lanes('name: tuning, changes: []')), { path: 'lanes[0].changes' }],
  [
    'limits of what may not change',
    board(BOARD, lanes('name: tuning, changes: [behaviour.threshold], within: { behaviour.limit: [1, 2] }')),
    { path: 'lanes[0].within."behaviour.limit"', allowed: /behaviour.threshold/ },
  ],
  [
    'limits upside down',
    board(BOARD, lanes('name: tuning, changes: [behaviour.threshold], within: { behaviour.threshold: [2, 1] }')),
    { path: 'lanes[0].within."behaviour.threshold"', allowed: /smallest and the largest/ },
  ],
  ['a lane twice', board(BOARD, lanes(LANE, LANE)), { path: 'lanes[1].name', allowed: /each name once/ }],
  ['a lane whose quorum is too large', board(BOARD, lanes(`${LANE}, quorum: 2`)), { path: 'lanes[0].quorum', allowed: /at most 1/ }],
])('%s is refused', (_, text, expected) => {
  const [problem, ...others] = refused(text);
  expect(others).toEqual([]);
  expect(problem).toMatchObject({ path: expected.path, ...(expected.given === undefined ? {} : { given: expected.given }) });
  expect(problem?.allowed).toMatch(expected.allowed ?? /./);
});

describe('approvals by different people', () => {
  const withRisk = (principals: string, approvals = BOARD): string =>
    changed(
      "risk: { principals: ['arn:aws:iam::111122223333:role/ModelRisk'] }",
      `risk: { principals: [${principals}] }`,
      board(approvals),
    );
  const lead = "'arn:aws:iam::111122223333:role/MlLead'";

  test('cannot come from the one principal that both roles have', () => {
    expect(refused(withRisk(lead))).toMatchObject([{ path: 'approvals.requiredRoles', allowed: expect.stringContaining('now 1 can') }]);
  });

  test.each([
    ['another principal in one of the roles', withRisk(`${lead}, 'arn:aws:iam::111122223333:role/ModelRisk'`)],
    [
      'a role of Identity Center, which many people have',
      withRisk("'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Risk_0a1b2c3d'"),
    ],
    ['a quorum of one', withRisk(lead, `${BOARD}, quorum: 1`)],
    ['doing without separation of duties', withRisk(lead, `${BOARD}, separationOfDuties: false`)],
  ])('can with %s', (_, text) => {
    expect(accepted(text).approvals.requiredRoles).toEqual(['quality', 'risk']);
  });

  test('are found by moving others aside', () => {
    const owners = `owners:
  process: { principals: ['arn:aws:iam::111122223333:role/A', 'arn:aws:iam::111122223333:role/B'] }
  quality: { principals: ['arn:aws:iam::111122223333:role/A'] }
  risk: { principals: ['arn:aws:iam::111122223333:role/B', 'arn:aws:iam::111122223333:role/C'] }
kpis:`;
    const text = changed(/^owners:[^]*?^kpis:/m, owners, board('requiredRoles: [process, quality, risk]'));
    expect(accepted(text).approvals.requiredRoles).toHaveLength(3);
    expect(refused(text.replace(", 'arn:aws:iam::111122223333:role/C'", ''))).toMatchObject([{ path: 'approvals.requiredRoles' }]);
  });
});

describe('high risk', () => {
  const high = (approvals: string, more = ''): string => changed('risk: limited', 'risk: high', board(approvals, more));

  test.each([
    ['one role', 'requiredRoles: [risk]', 'approvals.requiredRoles'],
    ['one of two', `${BOARD}, quorum: 1`, 'approvals.quorum'],
    ['one person in two roles', `${BOARD}, separationOfDuties: false`, 'approvals.separationOfDuties'],
    ['silence', `${BOARD}, onDeadline: approve`, 'approvals.onDeadline'],
    ['a tool that proves nobody', `${BOARD}, callback: true`, 'approvals.callback'],
  ])('is not content with %s', (_, approvals, path) => {
    expect(refused(high(approvals))).toMatchObject([{ path, message: 'is not enough where charter.risk is high' }]);
  });

  test('has the whole board look at every release, and says so', () => {
    const text = high(BOARD, lanes(LANE));
    expect(specOf(text).lanes).toBeUndefined();
    expect(effectlessSettings(accepted(text)).map(({ path }) => path)).toContain('lanes');
    expect(effectlessSettings(accepted(board(BOARD, lanes(LANE)))).map(({ path }) => path)).not.toContain('lanes');
    expect(SAMPLE).not.toContain('lanes:');
  });
});
