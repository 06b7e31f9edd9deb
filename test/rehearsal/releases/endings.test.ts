import { deploy, play, wrong } from './play';

jest.setTimeout(180_000);

const DARK = { candidateRequestsAtMost: 0 };

test('rejected by a role that owes its approval', async () => {
  const result = await play({
    duration: '1h',
    people: [{ role: 'quality', after: '5m', decision: 'reject', comment: 'the golden set is old' }],
    actions: [deploy('good')],
    expect: { outcomes: ['rejected'], stage: 'approval', reason: 'vetoed by quality', ...DARK },
  });
  expect(wrong(result)).toEqual([]);
});

test('vetoed by a role that owes no approval, although the others approve', async () => {
  const result = await play({
    charter: { approvals: { requiredRoles: ['quality', 'risk'], quorum: 1, vetoRoles: ['process'] } },
    duration: '1h',
    people: [
      { role: 'process', after: '5m', decision: 'reject', comment: 'the season begins' },
      { role: 'quality', after: '10m', decision: 'approve' },
    ],
    actions: [deploy('good')],
    expect: { outcomes: ['rejected'], stage: 'approval', reason: 'vetoed by process', refusals: [{ what: 'approve' }], ...DARK },
  });
  expect(wrong(result)).toEqual([]);
});

test('nobody decides: rejected at the deadline, after somebody else was asked', async () => {
  const result = await play({
    charter: { approvals: { deadline: '1h', escalation: { after: '30m', roles: ['risk'] } } },
    duration: '2h',
    people: [],
    actions: [deploy('good')],
    expect: { outcomes: ['rejected'], stage: 'approval', ...DARK },
  });
  expect(wrong(result)).toEqual([]);
});

test('nobody decides: approved at the deadline where the charter says so', async () => {
  const result = await play({
    charter: { approvals: { onDeadline: 'approve' }, rollout: { strategy: 'all-at-once', steps: undefined } },
    duration: '2h',
    people: [],
    actions: [deploy('good')],
    expect: { outcomes: ['promoted'] },
  });
  expect(wrong(result)).toEqual([]);
});

test('whoever the request escalates to decides in the place of others', async () => {
  const result = await play({
    charter: {
      approvals: { deadline: '2h', escalation: { after: '30m', roles: ['risk'] } },
      rollout: { strategy: 'all-at-once', steps: undefined },
    },
    duration: '2h',
    people: [{ role: 'risk', after: '45m', decision: 'approve', comment: 'in place of quality' }],
    actions: [deploy('good')],
    expect: { outcomes: ['promoted'] },
  });
  expect(wrong(result)).toEqual([]);
});

describe('held, as the canary says nothing either way', () => {
  const HOLD = {
    charter: { rollout: { inconclusive: 'hold', maxDuration: '1h', steps: [{ weight: 0.3, bake: '15m' }] } },
    arms: { stable: { model: 'models/stable.mjs' }, same: { model: 'models/stable.mjs' } },
    duration: '4h',
    actions: [deploy('same')],
  };
  const approve = { role: 'quality', after: '5m', decision: 'approve' };

  test('then promoted by people', async () => {
    const people = [approve, { role: 'quality', after: '20m', decision: 'approve', comment: 'as good as it was', kind: 'inconclusive' }];
    const result = await play({ ...HOLD, people, expect: { outcomes: ['promoted'] } });
    expect(wrong(result)).toEqual([]);
    expect(result.timeline).toContainEqual(expect.objectContaining({ source: 'control', event: 'weight' }));
  });

  test('then rejected by people', async () => {
    const people = [approve, { role: 'quality', after: '20m', decision: 'reject', comment: 'no gain', kind: 'inconclusive' }];
    const result = await play({ ...HOLD, people, expect: { outcomes: ['rolled-back'], reason: 'vetoed by quality' } });
    expect(wrong(result)).toEqual([]);
  });

  test('then left alone: rolled back at the deadline', async () => {
    const result = await play({ ...HOLD, people: [approve], expect: { outcomes: ['rolled-back'] } });
    expect(wrong(result)).toEqual([]);
  });
});

describe('two releases', () => {
  test('wait for each other: the second is compared with the first', async () => {
    const result = await play({
      arms: { stable: { model: 'models/stable.mjs' }, good: { model: 'models/good.mjs' }, bad: { model: 'models/bad.mjs' } },
      duration: '5h',
      actions: [deploy('good'), deploy('bad', '20m')],
      expect: { outcomes: ['promoted', 'rolled-back'] },
    });
    expect(wrong(result)).toEqual([]);
  });

  test('of which one waits: a third takes its place', async () => {
    const result = await play({
      duration: '5h',
      actions: [deploy('good'), deploy('failing', '20m'), deploy('bad', '25m')],
      expect: { outcomes: ['promoted', 'superseded', 'rolled-back'] },
    });
    expect(wrong(result)).toEqual([]);
  });

  test('of which the newer supersedes the one in its canary, as it is told to', async () => {
    const result = await play({
      duration: '4h',
      actions: [deploy('bad'), { at: '20m', do: 'release', package: 'approved', release: 'good', supersede: true, as: 'process' }],
      expect: { outcomes: ['superseded', 'promoted'] },
    });
    expect(wrong(result)).toEqual([]);
  });
});

test('withdrawn: the deploy goes back to what is stable', async () => {
  const result = await play({
    duration: '2h',
    actions: [deploy('good'), deploy('stable', '30m')],
    expect: { outcomes: ['withdrawn'] },
  });
  expect(wrong(result)).toEqual([]);
});

test('killed by an operator, then revived', async () => {
  const result = await play({
    duration: '4h',
    actions: [deploy('good'), { at: '30m', do: 'kill', reason: 'drill' }, { at: '90m', do: 'revive', reason: 'drill is over' }],
    expect: { outcomes: ['killed', 'promoted'], incidents: [{ kind: 'kill' }] },
  });
  expect(wrong(result)).toEqual([]);
});

test('rolled back by an operator; the incident is acknowledged and resolved', async () => {
  const result = await play({
    duration: '2h',
    actions: [
      deploy('good'),
      { at: '30m', do: 'rollback', as: 'process', reason: 'complaints' },
      { at: '40m', do: 'acknowledge', incident: 'rollback' },
      { at: '50m', do: 'resolve', incident: 'rollback', reason: 'a wrong prompt' },
    ],
    expect: { outcomes: ['rolled-back'], reason: 'complaints', incidents: [{ kind: 'rollback', status: 'resolved' }] },
  });
  expect(wrong(result)).toEqual([]);
});
