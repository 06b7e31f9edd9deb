import { deploy, play, STRANGER, wrong } from './play';

jest.setTimeout(180_000);

const AT_ONCE = { strategy: 'all-at-once', steps: undefined };
const DARK = { candidateRequestsAtMost: 0 };
const principal = (name: string): string => `arn:aws:iam::123456789012:role/${name}`;

describe('an approval', () => {
  test('by somebody who merely says that he is quality is refused: who it is says the signature', async () => {
    const result = await play({
      duration: '2h',
      people: [{ role: 'quality', as: STRANGER, after: '5m', decision: 'approve', comment: 'trust me' }],
      actions: [deploy('good')],
      expect: { outcomes: ['rejected'], refusals: [{ what: 'approve', reason: 'is no owner' }], ...DARK },
    });
    expect(wrong(result)).toEqual([]);
    expect(result.refusals).toMatchObject([{ by: STRANGER }]);
  });

  test('by an owner of another role is refused, whatever role the request names', async () => {
    const result = await play({
      duration: '2h',
      people: [
        { role: 'quality', as: 'platform', after: '5m', decision: 'approve' },
        { role: 'platform', after: '6m', decision: 'approve' },
      ],
      actions: [deploy('good')],
      expect: { outcomes: ['rejected'], refusals: [{ what: 'approve' }], ...DARK },
    });
    expect(wrong(result)).toEqual([]);
    expect(result.refusals).toHaveLength(2);
  });

  test('given twice counts once', async () => {
    const result = await play({
      charter: { approvals: { requiredRoles: ['quality', 'risk'] } },
      duration: '2h',
      people: [{ role: 'quality', after: '5m', decision: 'approve', times: 2 }],
      actions: [deploy('good')],
      expect: { outcomes: ['rejected'], ...DARK },
    });
    expect(wrong(result)).toEqual([]);
  });

  test('by one person in two roles is refused', async () => {
    const both = principal('Both');
    const owners = { quality: { principals: [principal('Quality'), both] }, risk: { principals: [principal('Risk'), both] } };
    const result = await play({
      charter: { owners, approvals: { requiredRoles: ['quality', 'risk'] } },
      duration: '2h',
      people: [
        { role: 'quality', as: both, after: '5m', decision: 'approve' },
        { role: 'risk', as: both, after: '6m', decision: 'approve' },
      ],
      actions: [deploy('good')],
      expect: { outcomes: ['rejected'], refusals: [{ what: 'approve' }], ...DARK },
    });
    expect(wrong(result)).toEqual([]);
  });

  test('by whoever asked for the release is refused', async () => {
    const result = await play({
      duration: '2h',
      actions: [{ at: '1m', do: 'release', package: 'approved', release: 'good', as: 'quality' }],
      expect: { outcomes: ['rejected'], refusals: [{ what: 'approve' }], ...DARK },
    });
    expect(wrong(result)).toEqual([]);
  });

  test('that comes after the deadline is refused', async () => {
    const result = await play({
      duration: '2h',
      people: [{ role: 'quality', after: '70m', decision: 'approve' }],
      actions: [deploy('good')],
      expect: { outcomes: ['rejected'], refusals: [{ what: 'approve' }], ...DARK },
    });
    expect(wrong(result)).toEqual([]);
  });

  test('of a release that has ended is refused', async () => {
    const result = await play({
      charter: { rollout: AT_ONCE, approvals: { requiredRoles: ['quality', 'risk'], quorum: 1 } },
      duration: '1h',
      actions: [deploy('good'), { at: '40m', do: 'approve', as: 'risk' }, { at: '45m', do: 'reject', as: 'risk', reason: 'too late' }],
      expect: { outcomes: ['promoted'], refusals: [{ what: 'approve' }, { what: 'reject' }] },
    });
    expect(wrong(result)).toEqual([]);
  });

  test('over the callback API counts only where the charter takes it', async () => {
    const people = [{ role: 'quality', after: '5m', decision: 'approve', through: 'callback' }];
    const story = { people, duration: '1h', actions: [deploy('good')] };
    const refused = await play({ ...story, expect: { outcomes: ['rejected'], ...DARK } });
    expect(wrong(refused)).toEqual([]);
    const taken = await play({
      ...story,
      charter: { rollout: AT_ONCE, approvals: { callback: true } },
      expect: { outcomes: ['promoted'] },
    });
    expect(wrong(taken)).toEqual([]);
  });

  test('by whom the role was delegated to counts, as long as that lasts', async () => {
    const deputy = principal('Deputy');
    const owners = { quality: { principals: [principal('Quality')], delegates: [deputy] } };
    const people = [{ role: 'quality', as: deputy, after: '5m', decision: 'approve' }];
    const delegated = (minutes: string) => ({ at: '30s', do: 'delegate', as: 'quality', to: deputy, for: minutes, reason: 'holidays' });
    const story = { charter: { rollout: AT_ONCE, owners }, people, duration: '90m' };
    // Whoever delegates needs the charter that names the deputy.
    const first = deploy('stable', '1s');
    const taken = await play({ ...story, actions: [first, delegated('1h'), deploy('good', '2m')], expect: { outcomes: ['promoted'] } });
    expect(wrong(taken)).toEqual([]);
    const over = await play({
      ...story,
      actions: [first, delegated('5m'), deploy('good', '2m')],
      expect: { outcomes: ['rejected'], refusals: [{ what: 'approve' }], ...DARK },
    });
    expect(wrong(over)).toEqual([]);
  });
});

test('a rejection without a comment is refused', async () => {
  const result = await play({
    charter: { rollout: AT_ONCE },
    duration: '1h',
    people: [
      { role: 'quality', after: '5m', decision: 'reject' },
      { role: 'quality', after: '10m', decision: 'approve' },
    ],
    actions: [deploy('good')],
    expect: { outcomes: ['promoted'], refusals: [{ what: 'reject', reason: 'comment' }] },
  });
  expect(wrong(result)).toEqual([]);
});

test('a gate that answers garbage has not passed', async () => {
  const functions = { check: 'gates/garbage.mjs' };
  const functionArn = 'arn:aws:lambda:eu-west-1:123456789012:function:check';
  const result = await play({
    charter: { gates: [{ name: 'legal', custom: { function: functionArn } }] },
    functions,
    duration: '1h',
    actions: [deploy('good')],
    expect: { outcomes: ['rejected'], stage: 'gate:legal', ...DARK },
  });
  expect(wrong(result)).toEqual([]);
});

test('what nobody may ask for is refused and kept: a stranger rolls back, kills and revives', async () => {
  const asked = (at: string, what: string) => ({ at, do: what, as: STRANGER, reason: 'because' });
  const result = await play({
    duration: '2h',
    actions: [deploy('good'), asked('15m', 'rollback'), asked('16m', 'kill'), asked('17m', 'revive'), asked('18m', 'release')].map(
      (action) => (action['do'] === 'release' ? { ...action, behaviour: { threshold: 0.9 } } : action),
    ),
    expect: {
      outcomes: ['promoted'],
      refusals: ['rollback', 'kill', 'revive', 'release'].map((what) => ({ what, reason: 'is no owner' })),
    },
  });
  expect(wrong(result)).toEqual([]);
});
