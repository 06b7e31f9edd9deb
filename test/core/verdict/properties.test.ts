import fc from 'fast-check';
import type { Arm, KpiPolicy } from '../../../core/contracts';
import type { ArmCounts, Counters, MinuteCounts } from '../../../core/verdict';
import { judge, logEvidence, mergeMinutes, valueScaleOf } from '../../../core/verdict';
import { BetTable } from '../../../core/verdict/evidence';
import { inputOf, minutes, missedSpam, rollout } from './fixtures';
import { complaints, countsOf, handlingTime } from './values-fixtures';

const kpis: KpiPolicy[] = [missedSpam, handlingTime, complaints];
const now = 200;

/** What one unit adds: to a minute, an arm, and every KPI. */
interface Unit {
  minute: number;
  arm: Arm;
  happened: boolean;
  value?: number;
  complaints: number;
}

const unit: fc.Arbitrary<Unit> = fc.record(
  {
    minute: fc.integer({ min: 0, max: 60 }),
    arm: fc.constantFrom<Arm>('candidate', 'candidate', 'stable', 'stable', 'baseline'),
    happened: fc.boolean(),
    value: fc.integer({ min: 0, max: 90 }),
    complaints: fc.constantFrom(0, 0, 0, 1, 2, 30),
  },
  { requiredKeys: ['minute', 'arm', 'happened', 'complaints'] },
);
const units = fc.array(unit, { minLength: 20, maxLength: 120 });

function countersOf(list: Unit[]): Record<string, MinuteCounts[]> {
  const entries = (counts: (one: Unit) => ArmCounts): MinuteCounts[] =>
    list.map((one) => ({ minuteMillis: minutes(one.minute), arms: { [one.arm]: counts(one) } }));
  const values = (kpi: KpiPolicy, value: number | undefined): ArmCounts =>
    countsOf(valueScaleOf(kpi), value === undefined ? [] : [value], 1);
  return {
    'error-rate': entries(() => ({ n: 1, x: 0 })),
    'missed-spam': entries(({ happened }) => ({ n: 1, x: happened ? 1 : 0 })),
    'handling-time': entries(({ value }) => values(handlingTime, value)),
    complaints: entries((one) => values(complaints, one.complaints)),
  };
}

const judged = (counters: Counters) => judge(inputOf(now, counters, { spec: { rollout, kpis } }));
const merged = (counters: Record<string, MinuteCounts[]>): Counters =>
  Object.fromEntries(Object.entries(counters).map(([name, entries]) => [name, mergeMinutes(entries)]));
const sharded = (list: Unit[], shardOf: (index: number) => number): Record<string, MinuteCounts[]> => {
  const shards = [0, 1, 2].map((shard) => merged(countersOf(list.filter((_, index) => shardOf(index) === shard))));
  return Object.fromEntries(Object.keys(countersOf([])).map((name) => [name, shards.flatMap((shard) => shard[name] ?? [])]));
};

describe('counters', () => {
  test('merged from shards, in whatever order, give the very same verdict', () => {
    fc.assert(
      fc.property(
        units,
        fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 120, maxLength: 120 }),
        fc.integer(),
        (list, shards, seed) => {
          const clean = judged(merged(countersOf(list)));
          const shuffled = list.map((one, index) => ({ one, rank: Math.imul(index + 1, seed | 1) })).sort((a, b) => a.rank - b.rank);
          const parts = sharded(
            shuffled.map(({ one }) => one),
            (index) => shards[index] ?? 0,
          );
          const reversed = Object.fromEntries(Object.entries(parts).map(([name, entries]) => [name, mergeMinutes([...entries].reverse())]));
          expect(judged(reversed)).toEqual(clean);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('the order of minutes makes no difference, even unmerged', () => {
    fc.assert(
      fc.property(units, (list) => {
        const counters = countersOf(list);
        const backwards = Object.fromEntries(Object.entries(counters).map(([name, entries]) => [name, [...entries].reverse()]));
        expect(judged(backwards)).toEqual(judged(merged(counters)));
      }),
      { numRuns: 60 },
    );
  });

  test('a unit counted twice would be seen', () => {
    const list: Unit[] = Array.from({ length: 60 }, (_, index) => ({
      minute: index % 30,
      arm: index % 2 === 0 ? 'candidate' : 'stable',
      happened: index % 3 === 0,
      value: index,
      complaints: index % 4,
    }));
    const clean = judged(merged(countersOf(list))).kpis;
    const twice = judged(merged(countersOf([...list, ...list.slice(0, 1)]))).kpis;
    clean.forEach((kpi, index) => {
      if (kpi.kpi !== 'error-rate') expect(twice[index]?.rollbackEvidence).not.toBe(kpi.rollbackEvidence);
    });
  });

  test('merging leaves its parts as they are', () => {
    const parts = countersOf([
      { minute: 1, arm: 'candidate', happened: true, value: 3, complaints: 1 },
      { minute: 1, arm: 'candidate', happened: false, value: 5, complaints: 0 },
    ]);
    const before = JSON.stringify(parts);
    merged(parts);
    expect(JSON.stringify(parts)).toBe(before);
  });

  test('a young minute changes nothing that is proven in favour', () => {
    fc.assert(
      fc.property(units, unit, (list, late) => {
        const young = { ...late, minute: now - 3 };
        const favour = (counters: Counters) => judged(counters).kpis.map(({ promotionEvidence, burnIn }) => [promotionEvidence, burnIn]);
        expect(favour(merged(countersOf([...list, young])))).toEqual(favour(merged(countersOf(list))));
      }),
      { numRuns: 40 },
    );
  });
});

describe('evidence', () => {
  const stratum = fc
    .record({
      nC: fc.integer({ min: 0, max: 300 }),
      nB: fc.integer({ min: 0, max: 300 }),
      c: fc.double(shareOf()),
      b: fc.double(shareOf()),
    })
    .map(({ nC, nB, c, b }) => ({ nC, nB, xC: Math.round(c * nC), xB: Math.round(b * nB) }));

  test('does not depend on the order of strata', () => {
    fc.assert(
      fc.property(fc.array(stratum, { maxLength: 30 }), fc.constantFrom(1, 0.8, 1.2), (strata, psi0) => {
        const forwards = logEvidence(strata, psi0, [0.5, 2, 6]);
        expect(logEvidence([...strata].reverse(), psi0, [0.5, 2, 6])).toBeCloseTo(forwards, 9);
      }),
    );
  });

  test('of two bets at once is that of each alone, remembered or not', () => {
    fc.assert(
      fc.property(fc.array(stratum, { maxLength: 10 }), (strata) => {
        const bets = [
          { psi0: 1, grid: [1.1, 50] },
          { psi0: 1.2, grid: [1, 0.9] },
        ];
        const both = new BetTable(bets);
        bets.forEach(({ psi0, grid }, index) => {
          const alone = new BetTable([{ psi0, grid }]).logEvidence(strata, 0);
          // A shared polynomial may end a few terms later.
          expect(both.logEvidence(strata, index)).toBeCloseTo(alone, 9);
          expect(both.logEvidence(strata, index)).toBe(both.logEvidence(strata, index));
        });
      }),
    );
  });

  test('is turned round by counting what did not happen', () => {
    fc.assert(
      fc.property(fc.array(stratum, { maxLength: 10 }), (strata) => {
        const others = strata.map(({ nC, nB, xC, xB }) => ({ nC, nB, xC: nC - xC, xB: nB - xB }));
        expect(logEvidence(others, 1, [1 / 3])).toBeCloseTo(logEvidence(strata, 1, [3]), 8);
      }),
    );
  });
});

function shareOf(): fc.DoubleConstraints {
  return { min: 0, max: 1, noNaN: true };
}
