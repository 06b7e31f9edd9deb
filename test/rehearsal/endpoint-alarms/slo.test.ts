import { EndpointSlo, SloObjective } from '../../../lib';
import { MINUTE, pass } from '../endpoint-scaling/scaled';
import { realTime, repeat, Watched } from './watched';

jest.setTimeout(120_000);

const slo =
  (objective: SloObjective) =>
  (...[stack, endpoint]: Parameters<Parameters<typeof Watched.inLaptop>[1]>): void => {
    new EndpointSlo(stack, 'Slo', { endpoint, objective });
  };
const composites = (names: string[]): string[] => names.filter((name) => /page|ticket/.test(name));

describe('99 % availability', () => {
  const available = slo(SloObjective.availability(0.99));

  test('pages when the budget burns 14.4 times too fast, and is over within the hour after the trouble is', async () => {
    await Watched.inLaptop(realTime(), available, async (watched) => {
      await watched.publish(70, { Invocations: repeat(1, 20), Invocation5XXErrors: [0] });
      expect(await watched.raised()).toEqual([]);
      // 20 % fail: 20 times the budget.
      await watched.publish(60, { Invocations: repeat(1, 20), Invocation5XXErrors: repeat(1, 4) });
      expect(composites(await watched.raised())).toEqual(['Slo-page']);
      await watched.publish(10, { Invocations: repeat(1, 20), Invocation5XXErrors: [0] });
      expect(await watched.raised()).toContain('Slo-burn-14.4-in-1h');
      await watched.publish(40, { Invocations: repeat(1, 20), Invocation5XXErrors: [0] });
      expect(composites(await watched.raised())).toEqual([]);
    });
  });

  test('does not page for a spike of two minutes', async () => {
    await Watched.inLaptop(realTime(), available, async (watched) => {
      await watched.publish(120, { Invocations: repeat(1, 20), Invocation5XXErrors: [0] });
      await watched.publish(2, { Invocations: repeat(1, 20), Invocation5XXErrors: repeat(1, 20) });
      expect(composites(await watched.raised())).toEqual([]);
    });
  });

  test('opens a ticket for what creeps, and pages nobody', async () => {
    await Watched.inLaptop(realTime(), available, async (watched) => {
      // 2 % fail for more than three days: twice the budget.
      for (let hour = 0; hour < 76; hour += 1) {
        await watched.publish(1, { Invocations: repeat(1, 50), Invocation5XXErrors: [1] });
        await pass(watched.laptop, 59 * MINUTE);
      }
      expect(composites(await watched.raised())).toEqual(['Slo-ticket']);
    });
  });
});

test('a latency objective counts requests that are slower than so many milliseconds', async () => {
  await Watched.inLaptop(realTime(), slo(SloObjective.latency(300, 0.95)), async (watched) => {
    const mixed = (slow: number, micros: number) => ({
      Invocations: repeat(1, 20),
      ModelLatency: [...repeat(100_000, 20 - slow), ...repeat(micros, slow)],
    });
    // All of them slower than 300 microseconds: wrong units would page.
    await watched.publish(70, mixed(20, 299_000));
    expect(await watched.raised()).toEqual([]);
    // 15 of 20 are too slow: 15 times the budget of 5 %.
    await watched.publish(60, mixed(15, 301_000));
    expect(composites(await watched.raised())).toEqual(['Slo-page']);
  });
});
