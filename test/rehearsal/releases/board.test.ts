import { deploy, play, STRANGER, wrong } from './play';

jest.setTimeout(180_000);

const DARK = { candidateRequestsAtMost: 0 };
const AT_ONCE = { rollout: { strategy: 'all-at-once', steps: undefined } };
const DEPUTY = 'arn:aws:iam::123456789012:role/Deputy';
const QUALITY = 'arn:aws:iam::123456789012:role/Quality';

test('by the wrong role, by a stranger, twice and late: refused with the reason, and recorded', async () => {
  const result = await play({
    charter: { ...AT_ONCE, approvals: { requiredRoles: ['quality', 'risk'] } },
    duration: '3h',
    people: [
      { role: 'quality', after: '5m', decision: 'approve', times: 2 },
      { role: 'risk', as: 'platform', after: '10m', decision: 'approve' },
      { role: 'risk', as: STRANGER, after: '12m', decision: 'approve' },
      { role: 'quality', after: '15m', decision: 'reject', comment: 'on second thoughts' },
    ],
    actions: [deploy('good'), { at: '2h', do: 'approve', as: 'risk', reason: 'better late' }],
    expect: {
      outcomes: ['rejected'],
      stage: 'approval',
      reason: '1 of 2 approvals',
      refusals: [
        { what: 'approve', reason: "cannot approve as 'risk' here" },
        { what: 'approve', reason: 'is no owner of this use case' },
        { what: 'reject', reason: 'has decided: approve' },
        { what: 'approve', reason: 'has ended' },
      ],
      ...DARK,
    },
  });
  expect(wrong(result)).toEqual([]);
});

test('a role lent to somebody the charter names decides on its behalf; to nobody else', async () => {
  const result = await play({
    charter: { ...AT_ONCE, owners: { quality: { delegates: [DEPUTY] } } },
    duration: '2h',
    people: [{ role: 'quality', as: DEPUTY, after: '10m', decision: 'approve' }],
    actions: [
      deploy('good'),
      { at: '2m', do: 'delegate', as: 'quality', to: STRANGER, reason: 'a friend' },
      { at: '3m', do: 'delegate', as: 'quality', to: DEPUTY, for: '1h', reason: 'on leave' },
    ],
    expect: { outcomes: ['promoted'], refusals: [{ what: 'delegate', reason: 'cannot be delegated to' }] },
  });
  expect(wrong(result)).toEqual([]);
});

test('who asked for a release cannot approve it', async () => {
  const result = await play({
    charter: AT_ONCE,
    duration: '2h',
    actions: [deploy('stable'), { at: '5m', do: 'release', behaviour: { threshold: 0.6 }, as: 'quality', reason: 'tuning' }],
    expect: { outcomes: ['rejected'], refusals: [{ what: 'approve', reason: `${QUALITY} asked for` }] },
  });
  expect(wrong(result)).toEqual([]);
});

describe('a lane', () => {
  const charter = {
    ...AT_ONCE,
    approvals: { requiredRoles: ['quality', 'risk'] },
    lanes: [
      { name: 'tuning', changes: ['behaviour.threshold'], within: { 'behaviour.threshold': [0.4, 0.6] }, requiredRoles: ['quality'] },
    ],
  };
  const tuned = (threshold: number) => ({
    charter,
    duration: '3h',
    actions: [deploy('stable'), { at: '5m', do: 'release', behaviour: { threshold }, as: 'process', reason: 'tuning' }],
  });

  test('needs fewer approvals inside', async () => {
    expect(wrong(await play({ ...tuned(0.6), expect: { outcomes: ['promoted'] } }))).toEqual([]);
  });

  test('and all of them outside', async () => {
    const result = await play({ ...tuned(0.61), expect: { outcomes: ['rejected'], reason: '1 of 2 approvals' } });
    expect(wrong(result)).toEqual([]);
  });
});

describe('an answer over the callback API', () => {
  const people = [{ role: 'quality', after: '5m', decision: 'approve', through: 'callback' }];

  test('is refused, rejects and is recorded where the charter does not allow it', async () => {
    const result = await play({
      charter: AT_ONCE,
      duration: '1h',
      people,
      actions: [deploy('good')],
      expect: { outcomes: ['rejected'], stage: 'approval', refusals: [{ what: 'callback' }], ...DARK },
    });
    expect(wrong(result)).toEqual([]);
  });

  test('decides where it does', async () => {
    const charter = { ...AT_ONCE, approvals: { callback: true } };
    const result = await play({ charter, duration: '1h', people, actions: [deploy('good')], expect: { outcomes: ['promoted'] } });
    expect(wrong(result)).toEqual([]);
  });
});

test('roles and a chat are told what concerns them', async () => {
  const result = await play({
    charter: {
      ...AT_ONCE,
      owners: { risk: { notify: ['risk@example.com'] }, quality: { notify: ['quality@example.com', 'risk@example.com'] } },
      platform: { chatWebhook: 'chat/model-ops' },
    },
    duration: '1h',
    actions: [deploy('good')],
    expect: {
      outcomes: ['promoted'],
      timeline: [
        { source: 'chat', event: 'message', detail: { text: 'asks for approval (release) by quality' } },
        { source: 'chat', event: 'message', detail: { text: 'promoted' } },
      ],
    },
  });
  expect(wrong(result)).toEqual([]);
});

test('an approval that could not be announced is announced again', async () => {
  const result = await play({
    charter: AT_ONCE,
    duration: '2h',
    faults: [{ at: '2m', service: 'sns', operation: 'Publish', error: 'ThrottledException', for: '15m' }],
    actions: [deploy('good')],
    expect: { outcomes: ['promoted'] },
  });
  expect(wrong(result)).toEqual([]);
});
