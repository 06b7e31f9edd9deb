import { setTimeout as realSleep } from 'node:timers/promises';
import { VirtualClock } from '../../../rehearsal/kernel/clock';
import { StableHeap } from '../../../rehearsal/kernel/heap';
import { createRandom } from '../../../rehearsal/kernel/random';

const clockAt = (startMillis = 0) => new VirtualClock({ startMillis, watchdogMillis: 200 });

describe('StableHeap', () => {
  it('gives the smallest first, equals in the order they came', () => {
    const heap = new StableHeap<string>();
    const random = createRandom(3);
    const expected = Array.from({ length: 500 }, (_, index) => ({ priority: random.integer(20), label: String(index) }));
    for (const { priority, label } of expected) heap.push(priority, label);
    expected.sort((one, other) => one.priority - other.priority);
    expect(expected.map(() => heap.pop())).toEqual(expected.map(({ label }) => label));
    expect(heap.pop()).toBeUndefined();
  });
});

describe('VirtualClock', () => {
  it('runs what is due in order and stops at the given time', async () => {
    const clock = clockAt(100);
    const seen: string[] = [];
    clock.after(20, () => void seen.push(`b${clock.now()}`));
    clock.after(10, () => void seen.push(`a${clock.now()}`));
    clock.after(20, () => void seen.push(`c${clock.now()}`));
    const cancelled = clock.after(15, () => void seen.push('never'));
    clock.cancel(cancelled);
    clock.after(30, () => void seen.push('later'));
    await clock.run(125);
    expect(seen).toEqual(['a110', 'b120', 'c120']);
    expect(clock.now()).toBe(125);
  });

  it('lets everything that an action set off come to rest before time moves', async () => {
    const clock = clockAt();
    const seen: string[] = [];
    clock.at(10, async () => {
      for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
      await new Promise<void>((resolve) => process.nextTick(resolve));
      seen.push(`settled at ${clock.now()}`);
      await clock.sleep(5);
      seen.push(`slept until ${clock.now()}`);
    });
    clock.at(11, () => void seen.push(`next at ${clock.now()}`));
    await clock.run(100);
    expect(seen).toEqual(['settled at 10', 'next at 11', 'slept until 15']);
  });

  it('drains all but background timers', async () => {
    const clock = clockAt();
    let polls = 0;
    const poll = (): void => {
      polls += 1;
      clock.atInBackground(clock.now() + 10, poll);
    };
    poll();
    clock.at(35, () => undefined);
    expect(await clock.drain()).toBe(true);
    expect(polls).toBe(4);
    expect(await clock.drain(clock.now() + 100, () => false)).toBe(false);
  });

  it('stands still while real work is held, and names what never ends', async () => {
    const clock = clockAt();
    clock.at(10, () => {
      const release = clock.hold('a model on loopback');
      void realSleep(20).then(release);
    });
    const seen: number[] = [];
    clock.at(11, () => void seen.push(clock.now()));
    await clock.run(20);
    expect(seen).toEqual([11]);
    clock.hold('a stuck model');
    await expect(clock.run(30)).rejects.toThrow(/200 ms of wall time: a stuck model/);
  });

  it('ends the run with what an action throws', async () => {
    const clock = clockAt();
    clock.at(1, async () => {
      await Promise.resolve();
      throw new RangeError('broken');
    });
    await expect(clock.run(10)).rejects.toThrow('broken');
  });

  it('completes work that waits for virtual time, and refuses work that waits for nothing', async () => {
    const clock = clockAt();
    await expect(clock.complete(clock.sleep(50).then(() => 'done'))).resolves.toBe('done');
    await expect(clock.complete(new Promise(() => undefined))).rejects.toThrow(/never happens/);
    expect(() => clock.at(Number.NaN, () => undefined)).toThrow(RangeError);
  });
});

describe('SeededRandom', () => {
  it('gives the same stream for the same seed and label, whatever else draws', () => {
    const one = createRandom(1);
    one.next();
    one.fork('other').next();
    const values = (random = createRandom(1)) => Array.from({ length: 5 }, () => random.fork('a').next());
    expect(one.fork('a').uuid()).toBe(createRandom(1).fork('a').uuid());
    expect(values()).toEqual(values());
    expect(createRandom(1).fork('a').uuid()).not.toBe(createRandom(2).fork('a').uuid());
    expect(createRandom(1).fork('a').uuid()).not.toBe(createRandom(1).fork('b').uuid());
  });

  it('is even, and makes valid UUIDs', () => {
    const random = createRandom('even');
    const counts = Array.from({ length: 10 }, () => 0);
    for (let draw = 0; draw < 10_000; draw += 1) counts[random.integer(10)]! += 1;
    expect(Math.min(...counts)).toBeGreaterThan(900);
    expect(Math.max(...counts)).toBeLessThan(1100);
    expect(random.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(random.bytes(7)).toHaveLength(7);
    expect(() => random.integer(0)).toThrow(RangeError);
  });
});
