import type { Members } from '../../../../rehearsal/cloud/types';
import { pass, setUp, single, type Setup } from '../sagemaker/support';

const scope = {
  ServiceNamespace: 'sagemaker',
  ResourceId: 'endpoint/Live/variant/a',
  ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
};
const call = (setup: Setup, operation: string, input: Members = {}): Promise<Members> =>
  setup.call(operation, { ...scope, ...input }, 'application-auto-scaling');
const instances = (setup: Setup): number => setup.sageMaker.endpoints()[0]!.variants[0]!.instanceCount;

/** Monday 2 March 2026, some minutes after nine in the morning (UTC). */
async function scaled(): Promise<Setup> {
  const setup = setUp();
  await single(setup, { InitialInstanceCount: 1 });
  await call(setup, 'RegisterScalableTarget', { MinCapacity: 1, MaxCapacity: 4 });
  return setup;
}

const schedule = (setup: Setup, Schedule: string, more: Members = {}): Promise<Members> =>
  call(setup, 'PutScheduledAction', {
    ScheduledActionName: 'open',
    Schedule,
    ScalableTargetAction: { MinCapacity: 3, MaxCapacity: 6 },
    ...more,
  });

const until = ({ cloud }: Setup, iso: string): Promise<void> => cloud.clock.run(Date.parse(iso));
const bounds = async (setup: Setup): Promise<unknown> => {
  const [{ MinCapacity, MaxCapacity }] = (await call(setup, 'DescribeScalableTargets')).ScalableTargets as [Members];
  return [MinCapacity, MaxCapacity];
};

// https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-policy-overview.html
describe('a scheduled action', () => {
  test('sets new bounds at its time, and the count at once', async () => {
    const setup = await scaled();
    await schedule(setup, 'at(2026-03-02T10:00:00)');
    await until(setup, '2026-03-02T09:59:59Z');
    expect(await bounds(setup)).toEqual([1, 4]);
    await until(setup, '2026-03-02T10:00:01Z');
    expect(await bounds(setup)).toEqual([3, 6]);
    await pass(setup, 8);
    expect(instances(setup)).toBe(3);
    expect((await call(setup, 'DescribeScalingActivities')).ScalingActivities).toMatchObject([
      { Description: 'Setting desired instance count to 3.', Cause: 'minimum capacity was set to 3', StatusCode: 'Successful' },
      { Description: 'Setting min capacity to 3 and max capacity to 6', Cause: 'scheduled action name open was triggered' },
    ]);
  });

  test('of a time zone follows its clocks into summer', async () => {
    const setup = await scaled();
    // Dublin: UTC until 29 March 2026, an hour ahead from then on.
    await schedule(setup, 'cron(0 8 * * ? *)', { Timezone: 'Europe/Dublin' });
    await until(setup, '2026-03-28T23:00:00Z');
    await call(setup, 'RegisterScalableTarget', { MinCapacity: 1, MaxCapacity: 4 });
    await until(setup, '2026-03-29T06:59:00Z');
    expect(await bounds(setup)).toEqual([1, 4]);
    await until(setup, '2026-03-29T07:01:00Z');
    expect(await bounds(setup)).toEqual([3, 6]);
  });

  test('at a time that the clocks skip comes an hour later on them, at one that they show twice it comes once', async () => {
    const setup = await scaled();
    const actions = { ScheduledActionName: 'skipped', Timezone: 'Europe/Dublin' };
    await schedule(setup, 'cron(30 1 29 3 ? 2026)', actions);
    await until(setup, '2026-03-29T01:29:00Z');
    expect(await bounds(setup)).toEqual([1, 4]);
    await until(setup, '2026-03-29T01:31:00Z');
    expect(await bounds(setup)).toEqual([3, 6]);
    await schedule(setup, 'cron(30 2 5 4 ? 2026)', { Timezone: 'Australia/Sydney', ScheduledActionName: 'twice' });
    await until(setup, '2026-04-05T00:00:00Z');
    const { ScalingActivities } = await call(setup, 'DescribeScalingActivities');
    expect((ScalingActivities as Members[]).filter(({ Cause }) => Cause === 'scheduled action name twice was triggered')).toHaveLength(1);
  });

  test('comes again at a rate, within its start and its end', async () => {
    const setup = await scaled();
    const StartTime = new Date('2026-03-02T12:00:00Z');
    const EndTime = new Date('2026-03-02T13:30:00Z');
    await schedule(setup, 'rate(1 hour)', { StartTime, EndTime });
    const forget = (): Promise<Members> => call(setup, 'RegisterScalableTarget', { MinCapacity: 1, MaxCapacity: 4 });
    await until(setup, '2026-03-02T11:59:00Z');
    expect(await bounds(setup)).toEqual([1, 4]);
    for (const hour of ['12', '13']) {
      await until(setup, `2026-03-02T${hour}:01:00Z`);
      expect(await bounds(setup)).toEqual([3, 6]);
      await forget();
    }
    await until(setup, '2026-03-02T15:00:00Z');
    expect(await bounds(setup)).toEqual([1, 4]);
  });

  test('does nothing while scheduled scaling is suspended', async () => {
    const setup = await scaled();
    await schedule(setup, 'at(2026-03-02T10:00:00)');
    await call(setup, 'RegisterScalableTarget', { SuspendedState: { ScheduledScalingSuspended: true } });
    await until(setup, '2026-03-02T11:00:00Z');
    expect(await bounds(setup)).toEqual([1, 4]);
  });

  test('that would turn the bounds around fails', async () => {
    const setup = await scaled();
    await schedule(setup, 'at(2026-03-02T10:00:00)', { ScalableTargetAction: { MinCapacity: 5 } });
    await until(setup, '2026-03-02T11:00:00Z');
    expect(await bounds(setup)).toEqual([1, 4]);
    expect((await call(setup, 'DescribeScalingActivities')).ScalingActivities).toMatchObject([{ StatusCode: 'Failed' }]);
  });

  test('waits with the count until the endpoint takes changes', async () => {
    const setup = await scaled();
    await schedule(setup, 'at(2026-03-02T10:00:00)');
    await until(setup, '2026-03-02T09:59:58Z');
    await setup.call('UpdateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'first' });
    await pass(setup, 2);
    expect(await bounds(setup)).toEqual([3, 6]);
    expect(setup.cloud.log.some(({ event }) => event === 'scaled')).toBe(false);
    await pass(setup, 20);
    expect(instances(setup)).toBe(3);
  });

  test('is changed in what is named, loses a start that is not, and goes with its target', async () => {
    const setup = await scaled();
    await schedule(setup, 'rate(1 day)', { StartTime: new Date('2026-03-05T00:00:00Z'), Timezone: 'Europe/Dublin' });
    await call(setup, 'PutScheduledAction', { ScheduledActionName: 'open', ScalableTargetAction: { MaxCapacity: 2 } });
    const [action] = (await call(setup, 'DescribeScheduledActions')).ScheduledActions as Members[];
    expect(action).toMatchObject({ Schedule: 'rate(1 day)', Timezone: 'Europe/Dublin', ScalableTargetAction: { MaxCapacity: 2 } });
    expect(action).not.toHaveProperty('StartTime');
    expect(action!.ScheduledActionARN).toMatch(
      /:scheduledAction:.*:resource\/sagemaker\/endpoint\/Live\/variant\/a:scheduledActionName\/open$/,
    );
    await call(setup, 'DeregisterScalableTarget');
    expect((await call(setup, 'DescribeScheduledActions')).ScheduledActions).toEqual([]);
  });

  test('is deleted by name', async () => {
    const setup = await scaled();
    await schedule(setup, 'at(2026-03-02T10:00:00)');
    await call(setup, 'DeleteScheduledAction', { ScheduledActionName: 'open' });
    await until(setup, '2026-03-02T11:00:00Z');
    expect(await bounds(setup)).toEqual([1, 4]);
  });

  test.each<[string, string, Members]>([
    ['Schedule must be specified', '', { Schedule: undefined }],
    ['Schedule expression is not valid', 'cron(0 8 * * * *)', {}],
    ['Schedule expression is not valid', 'daily', {}],
    ['Timezone Mars/Olympus is not known', 'at(2026-03-02T10:00:00)', { Timezone: 'Mars/Olympus' }],
    ['ScalableTargetAction must be specified', 'rate(1 day)', { ScalableTargetAction: undefined }],
    ['MinCapacity, MaxCapacity, or both', 'rate(1 day)', { ScalableTargetAction: {} }],
    ['cannot be less than minimum', 'rate(1 day)', { ScalableTargetAction: { MinCapacity: 3, MaxCapacity: 2 } }],
    [
      'must be later than its start time',
      'rate(1 day)',
      { StartTime: new Date('2026-03-05T00:00:00Z'), EndTime: new Date('2026-03-04T00:00:00Z') },
    ],
  ])('is refused: %s', async (message, expression, more) => {
    const setup = await scaled();
    await expect(schedule(setup, expression, more)).rejects.toThrow(message);
  });
});
