import type { ReleaseSpec, VerdictRecord } from '../../../core/contracts';
import { cleanCases, cleanCounters, cleanEvidence, evidenceOf, largestDifference, type CleanCase } from './clean-stream';
import { deploys, kpiJob, kpisWith } from './canary';
import { recorded, type Recording } from '../support/recording';

jest.setTimeout(600_000);

const MINUTE_MILLIS = 60_000;
const SAME = 1e-9;

/**
 * The candidate is no other than stable. Its weight grows, traffic and outcomes swing with the hours, outcomes come late, some after
 * their window, some twice, one overtakes the other: the evidence of each minute is what the clean stream gives.
 */
const NULL_CELL = {
  duration: '4h',
  traffic: { perMinute: 8, daily: 0.8, source: 'traffic.mjs' },
  outcomes: 'outcomes-daily.mjs',
  kpiEvents: {
    // Late enough to be rejected for sure; everything else arrives within 29 of the window's 30 minutes.
    delay: { share: 0.1, by: '35m' },
    duplicate: { share: 0.3, by: '40m' },
    reorder: { share: 0.6, by: '7m' },
    lose: { share: 0.02 },
  },
  actions: deploys({
    // Too strict to be promoted: the canary lasts to the end.
    kpis: kpisWith('mistakes', { margin: 0.02, mustImprove: true }).filter(({ type }) => type !== 'latency'),
    rollout: {
      steps: [
        { weight: 0.05, bake: '25m' },
        { weight: 0.2, bake: '25m' },
        { weight: 0.35, bake: '25m' },
        { weight: 0.5, bake: '10h' },
      ],
      maxDuration: '24h',
    },
  }),
};

interface Compared {
  at: string;
  difference: number;
}

describe('ramp, daily rhythm, late and duplicated outcomes, event by event through intake, ledger and verdict', () => {
  let recording: Recording;
  let spec: ReleaseSpec;
  let cases: Map<string, CleanCase>;
  let looks: VerdictRecord[];

  const compare = (stream: Iterable<CleanCase>): Compared[] => {
    const counters = cleanCounters(stream, spec.kpis);
    return looks.map((look) => ({
      at: look.at,
      difference: largestDifference(evidenceOf(look), cleanEvidence(counters, spec, Date.parse(look.at))),
    }));
  };

  beforeAll(async () => {
    recording = await recorded(await kpiJob(NULL_CELL));
    const release = recording.releases.at(-1)!;
    spec = release.spec;
    cases = cleanCases(recording, release.id, spec.kpis);
    looks = recording.looks.map(({ item }) => JSON.parse(String(item.verdict)) as VerdictRecord);
  });

  test('is what it is meant to be', () => {
    const { kpiEvents, outcome, invariants, traffic } = recording.result;
    expect(invariants.filter(({ held }) => !held)).toEqual([]);
    expect(outcome).toBe('none');
    expect(traffic.map(({ candidateShare }) => candidateShare)).toEqual([0, 0.05, 0.2, 0.35, 0.5]);
    for (const what of ['duplicates', 'late', 'lost', 'counted'] as const) expect(kpiEvents[what]).toBeGreaterThan(50);
    expect(new Set([...cases.values()].map(({ arm }) => arm))).toEqual(new Set(['baseline', 'stable', 'candidate']));
  });

  test('the verdict looks every minute', () => {
    const atMillis = looks.map(({ at }) => Date.parse(at));
    const gaps = atMillis.slice(1).map((at, index) => at - atMillis[index]!);
    expect(looks.length).toBeGreaterThan(200);
    expect(gaps.filter((gap) => Math.abs(gap - MINUTE_MILLIS) > 1000)).toEqual([]);
  });

  test('the evidence of every minute equals that of the clean stream, and does not ask for a rollback', () => {
    expect(compare(cases.values()).filter(({ difference }) => !(difference <= SAME))).toEqual([]);
    expect(Math.max(...looks.map(({ combinedRollbackEvidence }) => combinedRollbackEvidence))).toBeLessThan(20);
    // It does move, with every stratum of five minutes: a constant would prove nothing.
    expect(new Set(looks.map(({ combinedRollbackEvidence }) => combinedRollbackEvidence)).size).toBeGreaterThan(35);
  });

  test('and so does what is published as metrics', () => {
    const { startMillis, points } = published(recording);
    const wrong = looks.filter((look) => {
      const minute = Math.floor(Date.parse(look.at) / MINUTE_MILLIS) * MINUTE_MILLIS;
      const log10 = points.get(Math.round((minute - startMillis) / 1000));
      return !(log10 !== undefined && Math.abs(log10 - Math.log10(look.combinedRollbackEvidence)) <= SAME);
    });
    expect(wrong.map(({ at }) => at)).toEqual([]);
  });

  test.each([
    ['an outcome is missing', (copy: CleanCase) => copy.outcomes.delete('mistakes')],
    ['a cost is another', (copy: CleanCase) => copy.outcomes.set('cost', { ...copy.outcomes.get('cost')!, value: 1 })],
    ['a case is counted five minutes later', (copy: CleanCase) => (copy.minuteMillis += 5 * MINUTE_MILLIS)],
  ])('it would differ where %s', (_what, breakIt) => {
    const one = [...cases.values()].find(
      ({ arm, outcomes }) => arm === 'candidate' && outcomes.get('mistakes')?.value === 1 && (outcomes.get('cost')?.value ?? 0) > 5,
    )!;
    const copy = { ...one, outcomes: new Map(one.outcomes) };
    breakIt(copy);
    const differing = compare(new Map(cases).set(one.unit, copy).values()).filter(({ difference }) => difference > 1e-6);
    expect(differing.length).toBeGreaterThan(50);
  });
});

function published({ series, result }: Recording): { startMillis: number; points: Map<number, number> } {
  const combined = series.evidence.find(({ name }) => name === 'all KPIs together');
  expect(result.virtualSeconds).toBe(4 * 3600);
  return { startMillis: Date.parse('2026-03-02T09:00:00Z'), points: new Map(combined?.points.map(({ t, log10 }) => [t, log10])) };
}
