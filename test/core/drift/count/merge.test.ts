import fc from 'fast-check';
import { createProfiler, createSampler, mergeProfiles, mergeSkipped, profileSample, type Sample } from '../../../../core/drift/count';
import { SkippedTally } from '../../../../core/drift/count/skipped';
import type { Profile, Row, Skipped } from '../../../../core/drift/types';
import { layout, policy, row } from './scene';

interface Bad {
  file: string;
  line: number;
  problem: string;
}

/** What one function sees. */
interface Shard {
  rows: Row[];
  bad: Bad[];
}

const bad: fc.Arbitrary<Bad> = fc.record({
  file: fc.constantFrom('a', 'b', 'a:b'),
  line: fc.integer({ min: 1, max: 200 }),
  problem: fc.constantFrom('x', 'y'),
});
const things = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: row.map((one) => ({ row: one })) },
    bad.map((one) => ({ bad: one })),
  ),
  { maxLength: 60 },
);

/** Any things in any order, in any number of shards, some of them empty. */
const split = things.chain((all) =>
  fc.record({
    all: fc.constant(all),
    shards: fc
      .tuple(
        fc.shuffledSubarray(
          all.map((_, index) => index),
          { minLength: all.length },
        ),
        fc.array(fc.nat(6), { minLength: all.length, maxLength: all.length }),
      )
      .map(([order, places]) =>
        Array.from({ length: 7 }, (_, shard) => order.filter((_item, at) => places[at] === shard).map((index) => all[index])),
      ),
    tree: fc.integer({ min: 1, max: 4 }),
  }),
);

type Thing = { row: Row } | { bad: Bad };

const shardOf = (all: Thing[]): Shard => ({
  rows: all.flatMap((thing) => ('row' in thing ? [thing.row] : [])),
  bad: all.flatMap((thing) => ('bad' in thing ? [thing.bad] : [])),
});

function skippedOf({ bad: lines }: Shard): Skipped {
  const tally = new SkippedTally();
  for (const { file, line, problem } of lines) tally.add(file, line, problem);
  return tally.result();
}

function profileOf(shard: Shard): Profile {
  const profiler = createProfiler(layout, policy);
  for (const one of shard.rows) profiler.add(one);
  return profiler.profile(skippedOf(shard));
}

function sampleOf({ rows }: Shard, size: number): Sample {
  const sampler = createSampler(policy, size);
  for (const one of rows) sampler.add(one);
  return sampler.sample();
}

/** Through JSON, as S3 has it; so many at a time. */
function tree<Part>(parts: Part[], merge: (some: Part[]) => Part, width: number): Part {
  let level = parts;
  while (level.length > 1 || level === parts) {
    const next: Part[] = [];
    for (let at = 0; at < level.length; at += width + 1)
      next.push(JSON.parse(JSON.stringify(merge(level.slice(at, at + width + 1)))) as Part);
    level = next;
  }
  return level[0] as Part;
}

describe('merging shards of any split, in any order, is one pass, bit for bit', () => {
  test('profiles', () => {
    fc.assert(
      fc.property(split, ({ all, shards, tree: width }) => {
        const whole = profileOf(shardOf(all as Thing[]));
        const merged = tree(
          shards.map((shard) => profileOf(shardOf(shard as Thing[]))),
          mergeProfiles,
          width,
        );
        expect(JSON.stringify(merged)).toBe(JSON.stringify(whole));
      }),
      { numRuns: 400 },
    );
  });

  test.each([1, 7, 1_000])('samples of %i rows', (size) => {
    const merge = (parts: Sample[]): Sample => {
      const sampler = createSampler(policy, size);
      for (const part of parts) sampler.merge(part);
      return sampler.sample();
    };
    fc.assert(
      fc.property(split, ({ all, shards, tree: width }) => {
        const whole = sampleOf(shardOf(all as Thing[]), size);
        const merged = tree(
          shards.map((shard) => sampleOf(shardOf(shard as Thing[]), size)),
          merge,
          width,
        );
        expect(JSON.stringify(merged)).toBe(JSON.stringify(whole));
        expect(whole.rows).toHaveLength(Math.min(size, whole.seen));
      }),
      { numRuns: 200 },
    );
  });

  test('what was skipped', () => {
    fc.assert(
      fc.property(fc.array(bad, { maxLength: 40, size: 'max' }), fc.nat(40), fc.nat(40), (lines, one, other) => {
        const whole = skippedOf({ rows: [], bad: lines });
        const [first = 0, second = 0] = [one, other].sort((left, right) => left - right);
        const parts = [lines.slice(second), lines.slice(0, first), lines.slice(first, second).reverse()].map((part) =>
          skippedOf({ rows: [], bad: part }),
        );
        expect(mergeSkipped(parts)).toEqual(whole);
        expect(whole.samples.length).toBeLessThanOrEqual(10);
      }),
    );
  });

  test('a profile of the whole sample is the profile of the rows', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
        const shard = { rows, bad: [] };
        const sampled = profileSample(layout, policy, sampleOf(shard, 1_000).rows, skippedOf(shard));
        expect(JSON.stringify(sampled)).toBe(JSON.stringify(profileOf(shard)));
      }),
    );
  });
});

test('rows whose hashes meet keep an order', () => {
  const all = createSampler({ features: [] }, 200_000);
  for (let index = 0; index < 200_000; index += 1)
    all.add({
      id: `${(Math.imul(index, 0x9e3779b1) >>> 0).toString(36)} ${(Math.imul(index + 7, 0x85ebca6b) >>> 0).toString(36)}`,
      atMillis: 0,
      cells: [],
    });
  const { rows } = all.sample();
  const pairs = rows.flatMap((one, at) => (rows[at + 1]?.hash === one.hash ? [[one.id, rows[at + 1]?.id ?? '']] : []));
  expect(pairs.length).toBeGreaterThan(0);
  const firstOf = (ids: string[]): string | undefined => {
    const sampler = createSampler({ features: [] }, 1);
    for (const id of ids) sampler.add({ id, atMillis: 0, cells: [] });
    return sampler.sample().rows[0]?.id;
  };
  for (const pair of pairs) expect(firstOf(pair)).toBe(firstOf([...pair].reverse()));
});

describe('what does not merge', () => {
  const empty = profileOf({ rows: [], bad: [] });

  test('nothing, and profiles of different layouts', () => {
    expect(() => mergeProfiles([])).toThrow('no profiles to merge: give at least one');
    expect(() => mergeProfiles([empty, { ...empty, layoutId: 'layout-2' }])).toThrow(
      /profiles of the layouts layout-1 and layout-2 do not merge/,
    );
  });

  test('samples of different sizes', () => {
    expect(() => createSampler(policy, 5).merge(sampleOf({ rows: [], bad: [] }, 6))).toThrow(
      'a sample of 6 rows does not merge into one of 5',
    );
  });

  test('a layout of another policy', () => {
    const other = { ...policy, features: policy.features.map((feature) => ({ ...feature, name: `${feature.name}-2` })) };
    expect(() => createProfiler(layout, other)).toThrow(/the layout has the numeric feature age, the policy has none such/);
  });
});

test('a sample is fair: every row has the same chance, whatever its id', () => {
  const sampler = createSampler({ features: [] }, 1_000);
  for (let index = 0; index < 20_000; index += 1)
    sampler.add({ id: index % 2 === 0 ? 'always the same' : String(index), atMillis: 1_700_000_000_000 + index * 1_000, cells: [] });
  const { rows } = sampler.sample();
  const same = rows.filter(({ id }) => id === 'always the same').length;
  const late = rows.filter(({ atMillis = 0 }) => atMillis >= 1_700_010_000_000).length;
  const odd = rows.filter(({ hash }) => hash % 2 === 1).length;
  // 500 ± 4 standard deviations of 15.8.
  for (const count of [same, late, odd]) expect(Math.abs(count - 500)).toBeLessThan(64);
});
