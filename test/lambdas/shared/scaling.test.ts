import type { ScalingWish } from '../../../core/scaling';
import { applyScaling, deregisterScaling, suspendScaling } from '../../../lambdas/shared/scaling';
import { FakeScaling } from '../endpoint-scaling/fake-scaling';

const resource = { kind: 'variant', endpointName: 'Triage', variantName: 'main' } as const;
const NOON = Date.parse('2026-03-02T12:00:00Z');
const window = (fromMinute: number) => ({ days: [1], fromMinute, toMinute: fromMinute + 60, timeZone: 'UTC' });
const wish = (extra: Partial<ScalingWish> = {}): ScalingWish => ({
  resource,
  mode: 'async',
  bounds: { min: 0, max: 3 },
  schedules: [600, 800, 1000].map((from, index) => ({
    name: 's',
    window: window(from),
    bounds: { min: index + 1, max: 5 },
    warmUpMinutes: 0,
  })),
  tracking: { metric: 'backlog', targetValue: 5, scaleOutCooldownSeconds: 60, scaleInCooldownSeconds: 600 },
  ...extra,
});

describe('applying scaling', () => {
  test('sends everything once, and nothing that already is', async () => {
    const fake = new FakeScaling();
    const changes = await applyScaling(fake.parts, wish(), NOON);
    expect(changes).toContain('registered 0 to 3');
    expect(fake.policies.size).toBe(2);
    expect(fake.actions.size).toBe(6);
    expect([...fake.alarms.values()]).toMatchObject([
      { AlarmName: 'sluice-from-zero-Triage-main', AlarmActions: ['arn:sluice-from-zero'] },
    ]);
    fake.changes();
    expect(await applyScaling(fake.parts, wish(), NOON)).toEqual([]);
    // An alarm is put in any case: somebody may have deleted it.
    expect(fake.changes()).toEqual(['PutMetricAlarm']);
  });

  test('takes away what of ours is no longer wanted, and leaves what others made', async () => {
    const fake = new FakeScaling();
    await applyScaling(fake.parts, wish(), NOON);
    fake.policies.set('theirs', { PolicyName: 'theirs', PolicyARN: 'arn:theirs' });
    fake.actions.set('theirs', { ScheduledActionName: 'theirs' });
    const changes = await applyScaling(fake.parts, wish({ bounds: { min: 1, max: 3 }, schedules: [] }), NOON);
    expect(changes).toContain('no policy sluice-from-zero');
    expect([...fake.policies.keys()].sort()).toEqual(['sluice-backlog', 'theirs']);
    expect([...fake.actions.keys()]).toEqual(['theirs']);
    expect(fake.alarms.size).toBe(0);
  });

  test('changes a target alone where only that changed', async () => {
    const fake = new FakeScaling();
    await applyScaling(fake.parts, wish(), NOON);
    fake.changes();
    const other = wish({ tracking: { ...wish().tracking!, targetValue: 7 } });
    expect(await applyScaling(fake.parts, other, NOON)).toEqual(['policy sluice-backlog']);
    expect(fake.changes()).toEqual(['PutScalingPolicy', 'PutMetricAlarm']);
  });

  test('suspends what is protected, and resumes it', async () => {
    const fake = new FakeScaling();
    const suspended = () => fake.targets.get('endpoint/Triage/variant/main')?.['SuspendedState'];
    await applyScaling(fake.parts, wish({ protected: true }), NOON);
    expect(suspended()).toMatchObject({ DynamicScalingInSuspended: true, DynamicScalingOutSuspended: false });
    await applyScaling(fake.parts, wish(), NOON);
    expect(suspended()).toMatchObject({ DynamicScalingInSuspended: false });
    expect(await suspendScaling(fake.parts, resource, 'all')).toBe(true);
    expect(suspended()).toEqual({ DynamicScalingInSuspended: true, DynamicScalingOutSuspended: true, ScheduledScalingSuspended: true });
    expect(fake.targets.get('endpoint/Triage/variant/main')).toMatchObject({ MinCapacity: 0, MaxCapacity: 3 });
  });

  test('hides no error', async () => {
    const fake = new FakeScaling();
    fake.fails = { PutScalingPolicy: Object.assign(new Error('no'), { name: 'LimitExceededException' }) };
    await expect(applyScaling(fake.parts, wish(), NOON)).rejects.toThrow('no');
  });
});

describe('taking scaling away', () => {
  test('takes the alarm along; what is not there is no error', async () => {
    const fake = new FakeScaling();
    await applyScaling(fake.parts, wish(), NOON);
    expect(await deregisterScaling(fake.parts, resource)).toBe(true);
    expect([fake.targets.size, fake.alarms.size]).toEqual([0, 0]);
    expect(await deregisterScaling(fake.parts, resource)).toBe(false);
    expect(await suspendScaling(fake.parts, resource, 'scale-in')).toBe(false);
  });

  test('hides no other error', async () => {
    const fake = new FakeScaling();
    fake.fails = { DeregisterScalableTarget: Object.assign(new Error('denied'), { name: 'AccessDeniedException' }) };
    await expect(deregisterScaling(fake.parts, resource)).rejects.toThrow('denied');
  });
});
