import { toReleaseSpec } from '../../../core/charter';
import { accepted, changed, refused } from './sample';

const withFreezes = (freezes: string): string => changed(/^rollout:\n/m, `rollout:\n  freezes: ${freezes}\n`);

describe('rollout.freezes', () => {
  test('are a part of the week, or from one time to another', () => {
    const charter = accepted(
      withFreezes(
        '[{ reason: weekend, weekly: fri 16:00 – mon 08:00 }, { reason: trade, from: 2026-12-20T16:00Z, to: 2027-01-02T06:00:30Z }, { reason: night, weekly: tue 22:00-wed 06:30 }]',
      ),
    );
    expect(toReleaseSpec(charter, { behaviourFiles: {} }).rollout.freezes).toEqual([
      { kind: 'weekly', reason: 'weekend', fromMinute: 4 * 1440 + 960, toMinute: 480 },
      { kind: 'once', reason: 'trade', from: '2026-12-20T16:00:00.000Z', to: '2027-01-02T06:00:30.000Z' },
      { kind: 'weekly', reason: 'night', fromMinute: 1440 + 1320, toMinute: 2 * 1440 + 390 },
    ]);
  });

  test('are none unless written', () => {
    expect(toReleaseSpec(accepted(changed('24h', '25h')), { behaviourFiles: {} }).rollout).not.toHaveProperty('freezes');
  });

  test.each([
    ['no time', '[{ reason: x, from: 2026-12-20, to: 2026-12-21T00:00Z }]', 'freezes[0].from', /a time in UTC/],
    ['a day that is not there', '[{ reason: x, from: 2026-02-30T00:00Z, to: 2026-12-21T00:00Z }]', 'freezes[0].from', /a time in UTC/],
    ['an end before the beginning', '[{ reason: x, from: 2026-12-20T00:00Z, to: 2026-12-19T00:00Z }]', 'freezes[0].to', /after from/],
    ['half a window', '[{ reason: x, from: 2026-12-20T00:00Z }]', 'freezes[0]', /either weekly/],
    ['both kinds', '[{ reason: x, from: 2026-12-20T00:00Z, weekly: fri 16:00 – mon 08:00 }]', 'freezes[0]', /either weekly/],
    ['no reason', '[{ weekly: fri 16:00 – mon 08:00 }]', 'freezes[0].reason', /a text/],
    ['a day in full', '[{ reason: x, weekly: friday 16:00 – mon 08:00 }]', 'freezes[0].weekly', /fri 16:00 – mon 08:00/],
    ['the hour 24', '[{ reason: x, weekly: fri 24:00 – mon 08:00 }]', 'freezes[0].weekly', /fri 16:00 – mon 08:00/],
    ['the whole week', '[{ reason: x, weekly: fri 16:00 – fri 16:00 }]', 'freezes[0].weekly', /leaves time/],
    [
      'windows without a gap',
      '[{ reason: x, weekly: fri 16:00 – mon 08:00 }, { reason: y, weekly: mon 08:00 – sat 00:00 }]',
      'freezes',
      /leave a part/,
    ],
    ['none', '[]', 'freezes', /at least 1/],
  ])('%s is refused', (_, freezes, path, allowed) => {
    expect(refused(withFreezes(freezes))).toMatchObject([{ path: `rollout.${path}`, allowed: expect.stringMatching(allowed) }]);
  });
});

describe('release.registry', () => {
  const withGroup = (group: string): string => changed(/^release:.*\n/m, `release:\n  registry: { group: ${group} }\n`);

  test.each(['support-triage', "'arn:aws:sagemaker:eu-west-1:222233334444:model-package-group/Support-Triage'"])(
    'names a group: %s',
    (group) => {
      expect(accepted(withGroup(group)).release.registry).toEqual({ group: group.replace(/'/g, '') });
    },
  );

  test.each(['support_triage', "'arn:aws:sagemaker:eu-west-1:222233334444:model-package/support-triage/7'", '-a'])(
    'refuses %s',
    (group) => {
      expect(refused(withGroup(group))).toMatchObject([
        { path: 'release.registry.group', allowed: expect.stringContaining('model package group') },
      ]);
    },
  );
});
