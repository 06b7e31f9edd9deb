import { deploy, play, STRANGER, wrong } from './play';

jest.setTimeout(120_000);

const approve = { do: 'approve-package', as: 'arn:aws:iam::123456789012:role/Risk' };

test('registry: an approved version is released, and a deploy whose charter is unchanged leaves it', async () => {
  const result = await play({
    actions: [
      { at: '1m', ...approve, release: 'good' },
      { at: '2h', do: 'deploy', release: 'stable', change: { tags: { team: 'other' }, rollout: { maxDuration: '4h' } } },
    ],
    expect: { outcomes: ['promoted'] },
  });
  expect(wrong(result)).toEqual([]);
});

test('registry: a version that is not approved is refused, and so is whoever is no owner', async () => {
  const result = await play({
    actions: [
      { at: '1m', do: 'release', release: 'good', package: 'pending' },
      { at: '2m', do: 'release', release: 'good', package: 'approved', as: STRANGER },
    ],
    expect: { outcomes: [] },
  });
  expect(wrong(result)).toEqual([]);
  expect(result.refusals).toMatchObject([
    { what: 'release', reason: expect.stringContaining('PendingManualApproval') },
    { what: 'release', by: STRANGER },
  ]);
});

test('owner: a release by hand takes the place of a canary only when told so', async () => {
  const result = await play({
    actions: [
      deploy('good'),
      { at: '15m', do: 'release', release: 'good', package: 'approved' },
      { at: '25m', do: 'release', behaviour: { threshold: 0.7 }, supersede: true },
    ],
    expect: { outcomes: ['superseded', 'superseded', 'promoted'] },
  });
  expect(wrong(result)).toEqual([]);
});

test('freeze: a release waits for its end', async () => {
  const freezes = [{ reason: 'trade', from: '2026-01-01T00:00Z', to: '2026-03-02T10:00Z' }];
  const actions = (more: Record<string, unknown>) => [deploy('good', '1m', more)];
  const usual = await play({ actions: actions({}), expect: { outcomes: ['promoted'] } });
  const frozen = await play({ actions: actions({ change: { rollout: { freezes } } }), expect: { outcomes: ['promoted'] } });
  expect([wrong(usual), wrong(frozen)]).toEqual([[], []]);
  const firstShare = ({ traffic }: typeof usual): number => traffic.find(({ candidateShare }) => candidateShare > 0)?.t ?? 0;
  // Scenarios begin at 09:00: the freeze ends 59 minutes after the deploy.
  expect(firstShare(frozen) - firstShare(usual)).toBeCloseTo(3540, -2);
});
