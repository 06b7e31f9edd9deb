import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadScenarios } from '../../../rehearsal/world/load-scenario';
import { ratePerMinute, scheduleArrivals } from '../../../rehearsal/world/traffic';
import { FakeCloud } from '../support/fake-cloud';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Arrivals of each of some hours. */
async function arrivals(traffic: Parameters<typeof scheduleArrivals>[2], hours: number): Promise<number[]> {
  const cloud = new FakeCloud();
  const startMillis = cloud.clock.now();
  const byHour = Array.from({ length: hours }, () => 0);
  scheduleArrivals(cloud, cloud.random.fork('arrivals'), traffic, startMillis + hours * HOUR, () => {
    byHour[Math.floor((cloud.clock.now() - startMillis) / HOUR)]! += 1;
  });
  await cloud.clock.run();
  return byHour;
}

test('nobody asks while it is quiet, and bursts take the place of the rhythm', async () => {
  const quiet = [{ from: HOUR, to: 3 * HOUR }];
  const bursts = [{ from: 2.5 * HOUR, to: 4 * HOUR, perMinute: 30 }];
  const byHour = await arrivals({ perMinute: 4, daily: 0.5, quiet, bursts }, 6);
  expect(byHour.slice(1, 3)).toEqual([0, 0]);
  expect(byHour[3]! / 1800).toBeCloseTo(1, 0);
  expect(byHour[3]).toBeGreaterThan(1500);
  for (const hour of [0, 4, 5]) {
    expect(byHour[hour]).toBeGreaterThan(100);
    expect(byHour[hour]).toBeLessThan(400);
  }
});

test('without them arrivals are what they were', async () => {
  const plain = await arrivals({ perMinute: 4, daily: 0.5 }, 3);
  expect(await arrivals({ perMinute: 4, daily: 0.5, quiet: [], bursts: [] }, 3)).toEqual(plain);
});

test('a time belongs to what begins then', () => {
  const traffic = { perMinute: 2, daily: 0, quiet: [{ from: 10, to: 20 }], bursts: [{ from: 20, to: 30, perMinute: 9 }] };
  expect([1009, 1010, 1019, 1020, 1029, 1030].map((at) => ratePerMinute(traffic, at, 1000))).toEqual([2, 0, 0, 9, 9, 2]);
});

function load(traffic: string): unknown {
  const directory = mkdtempSync(path.join(tmpdir(), 'traffic-'));
  mkdirSync(path.join(directory, 'scenarios'));
  const text = `title: t\nduration: 1d\narms: { stable: { model: m.mjs } }\ntraffic: ${traffic}\n`;
  writeFileSync(path.join(directory, 'scenarios', 's.yaml'), text);
  return loadScenarios(directory, 's')[0]!.scenario.traffic;
}

test('the language of traffic', () => {
  expect(load('{ perMinute: 1, quiet: [{ from: 2h, to: 8h }], bursts: [{ from: 9h, to: 10h, perMinute: 60 }] }')).toMatchObject({
    quiet: [{ from: 2 * HOUR, to: 8 * HOUR }],
    bursts: [{ from: 9 * HOUR, to: 10 * HOUR, perMinute: 60 }],
  });
  expect(load('{ perMinute: 1 }')).toMatchObject({ quiet: [], bursts: [] });
  expect(() => load('{ perMinute: 1, quiet: [{ from: 8h, to: 2h }] }')).toThrow(/traffic\.quiet\[0\][\s\S]*`to` comes after `from`/);
  expect(() => load('{ perMinute: 1, bursts: [{ from: 1h, to: 2h }] }')).toThrow(/traffic\.bursts\[0\]\.perMinute: is missing/);
});
