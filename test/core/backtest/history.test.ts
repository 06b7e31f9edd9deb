import { parquetWriteBuffer } from 'hyparquet-writer';
import { csvOf, simulated } from './histories';
import { backtestOf, planFor } from './run';

const KPI = ['converted:binary:higher'];
const at = (minute: number): string => new Date(Date.UTC(2026, 2, 2, 0, minute)).toISOString();
const row = (arm: string, minute: number, converted: unknown, more: object = {}): object => ({ arm, time: at(minute), converted, ...more });

describe('what a row counts as', () => {
  test('without a unit column each row is a unit; an empty outcome did not happen', async () => {
    const result = await backtestOf(planFor(KPI), csvOf([row('A', 0, 1), row('B', 0, ''), row('B', 1, 'true'), row('A', 2, 'no')]));
    expect(result.history).toMatchObject({ candidate: { name: 'B', units: 2 }, control: { name: 'A', units: 2 }, minutes: 3 });
    expect(result.history.rows).toMatchObject({ read: 4, used: 4, bad: 0 });
    expect(result.kpis[0]!.evidence).toMatchObject({ candidateUnits: 2, candidateEvents: 1, controlUnits: 2, controlEvents: 1 });
  });

  test('rows of a unit count once, in the arm and minute of its earliest row; a later outcome counts for it', async () => {
    const rows = [
      row('B', 9, 1, { user: 'u1' }),
      row('B', 2, 0, { user: 'u1' }),
      row('A', 12, 1, { user: 'u1' }),
      row('A', 3, 1, { user: 'u2' }),
      row('A', 4, 1, { user: 'u2' }),
    ];
    const result = await backtestOf(planFor(KPI, { columns: { arm: 'arm', time: 'time', unit: 'user' } }), csvOf(rows));
    expect(result.history).toMatchObject({ candidate: { units: 1 }, control: { units: 1 }, unitColumn: 'user' });
    expect(result.kpis[0]!.evidence).toMatchObject({ candidateUnits: 1, candidateEvents: 1, controlUnits: 1, controlEvents: 1 });
    // The same whatever the order of the rows.
    const reversed = await backtestOf(planFor(KPI, { columns: { arm: 'arm', time: 'time', unit: 'user' } }), csvOf(rows.toReversed()));
    expect(reversed.kpis).toEqual(result.kpis);
    expect(result.history.rows).toMatchObject({ used: 5, crossedOver: 1, repeated: 2 });
  });

  test('rows that are outcomes, one KPI each', async () => {
    const event = (arm: string, minute: number, kpi: string, value: unknown): object => ({ arm, time: at(minute), kpi, value });
    const plan = planFor(['converted:binary:higher:column=value', 'spent:mean:higher:column=value:cap=10:mean=5:sd=2'], {
      columns: { arm: 'arm', time: 'time', kpi: 'kpi' },
    });
    const rows = [
      event('A', 0, 'converted', 1),
      event('B', 0, 'converted', 0),
      event('A', 1, 'spent', 4),
      event('B', 1, 'spent', 8),
      event('B', 1, 'other', 'x'),
    ];
    const result = await backtestOf(plan, csvOf(rows));
    expect(result.history.rows).toMatchObject({ used: 4, otherKpis: 1, bad: 0 });
    expect(result.kpis[0]!.evidence).toMatchObject({ candidateUnits: 1, candidateEvents: 0, controlUnits: 1, controlEvents: 1 });
    expect(result.kpis[1]!.evidence).toMatchObject({ candidateUnits: 1, controlUnits: 1, candidateMean: 8, controlMean: 4 });
    await expect(
      backtestOf(planFor(['missing:binary:higher:column=value'], { columns: { arm: 'arm', time: 'time', kpi: 'kpi' } }), csvOf(rows)),
    ).rejects.toThrow(/KPI missing: column kpi never names it\n {2}it names: converted, spent, other/);
  });

  test('bad rows are counted and shown, and change nothing else', async () => {
    const good = simulated({ seed: 2, hours: 2, unitsPerMinute: 4, rateA: 0.3, rateB: 0.3 });
    const bad = [
      { arm: 'A', time: 'never', converted: 1, basket: 1 },
      { arm: '', time: at(1), converted: 1, basket: 1 },
      { arm: 'B', time: at(1), converted: 'maybe', basket: 1 },
      { arm: 'B', time: at(1), converted: 1, basket: -2 },
      { arm: 'B', time: at(1), converted: 1, basket: Number.NaN },
      { arm: 'B', time: at(1), converted: 1, basket: Number.POSITIVE_INFINITY },
    ];
    const plan = planFor([...KPI, 'basket:mean:higher:cap=200:mean=40:sd=40']);
    const clean = await backtestOf(plan, csvOf(good));
    const mixed = await backtestOf(plan, csvOf([...bad, ...good]) + 'A,only-two\n');
    expect(mixed.history.rows).toMatchObject({ read: good.length + 7, used: good.length, bad: 7 });
    expect(mixed.history.rows.badSamples).toEqual([
      { line: 2, problem: expect.stringMatching(/^time: "never" is no time; allowed: ISO 8601/) },
      { line: 3, problem: 'no arm: a row must say which arm it belongs to' },
      { line: 4, problem: 'converted: "maybe" is no outcome of converted: true, false, 1, 0, yes or no' },
      { line: 5, problem: 'basket: -2 is below 0: basket (mean) takes values from 0' },
      { line: 6, problem: 'basket: "NaN" is no number, as basket (mean) needs' },
    ]);
    expect({ ...mixed, history: 0 }).toEqual({ ...clean, history: 0 });
  });

  test('other arms are left out', async () => {
    const rows = simulated({ seed: 2, hours: 1, unitsPerMinute: 4, rateA: 0.3, rateB: 0.3 });
    const clean = await backtestOf(planFor(KPI), csvOf(rows));
    const mixed = await backtestOf(planFor(KPI), csvOf([...rows, { ...rows[0]!, arm: 'C' }]));
    expect(mixed.history.rows.otherArms).toBe(1);
    expect(mixed.kpis).toEqual(clean.kpis);
  });
});

test('an outcome observed before its exposure, or not at all', async () => {
  const columns = { arm: 'arm', time: 'time', observed: 'seen' };
  const rows = [
    row('A', 5, 1, { seen: at(4) }),
    row('A', 5, 1, { seen: '' }),
    row('A', 5, 1, { seen: at(9) }),
    row('B', 5, 0, { seen: at(9) }),
  ];
  const result = await backtestOf(planFor(KPI, { columns }), csvOf(rows));
  expect(result.history.rows).toMatchObject({ used: 3, bad: 1 });
  expect(result.history.rows.badSamples[0]!.problem).toMatch(/seen "2026.*" lies before time "2026/);
  expect(result.kpis[0]).toMatchObject({
    fromHistory: ['window'],
    policy: { windowMinutes: 4 },
    evidence: { controlUnits: 2, controlEvents: 1 },
  });
});

test('CSV, JSONL and Parquet say the same', async () => {
  const rows = simulated({ seed: 2, hours: 2, unitsPerMinute: 4, rateA: 0.3, rateB: 0.1 });
  const plan = planFor([...KPI, 'basket:mean:higher']);
  const csv = await backtestOf(plan, csvOf(rows));
  const jsonl = rows.map((one) => JSON.stringify({ ...one, time: Date.parse(one.time), converted: one.converted === 1 })).join('\n');
  expect(await backtestOf(plan, jsonl, 'jsonl')).toEqual(csv);
  const parquet = parquetWriteBuffer({
    columnData: [
      { name: 'arm', data: rows.map(({ arm }) => arm) },
      { name: 'time', data: rows.map(({ time }) => new Date(time)) },
      { name: 'converted', data: rows.map(({ converted }) => converted) },
      { name: 'basket', data: rows.map(({ basket }) => basket) },
    ],
  });
  expect(await backtestOf(plan, new Uint8Array(parquet), 'parquet')).toEqual(csv);
});

describe('what the history suggests', () => {
  const rows = simulated({ seed: 2, hours: 8, unitsPerMinute: 20, rateA: 0.3, rateB: 0.3 });
  const control = rows.filter(({ arm }) => arm === 'A').map(({ basket }) => basket);

  test('cap, typical values, base rate, hours and margins', async () => {
    const { kpis } = await backtestOf(planFor([...KPI, 'basket:mean:higher', 'slow:latency:lower:column=basket']), csvOf(rows));
    const [converted, basket, slow] = kpis;
    const quantile = (q: number): number => control.toSorted((left, right) => left - right)[Math.ceil(q * control.length) - 1]!;
    const { cap, typical, passedMargins } = basket!.suggestion;
    expect(cap! / quantile(0.995)).toBeCloseTo(1, 1);
    expect(typical!.mean).toBeCloseTo(40, -1);
    expect(typical!.standardDeviation).toBeCloseTo(40, -1);
    expect(basket!).toMatchObject({ fromHistory: ['cap', 'typical'], policy: { cap, typical } });
    expect(passedMargins).toContain(0.3);
    expect(slow!.suggestion.aboveMillis! / quantile(0.95)).toBeCloseTo(1, 1);
    expect(converted!.suggestion.baseRate).toBeCloseTo(0.36, 1);
    expect(converted!.suggestion.unitsNeeded).toBeGreaterThan(500);
    // 9 600 units, half and half: 5 an hour and minute of n_c·n_b/n each.
    expect(converted!.suggestion.hoursNeeded! / (converted!.suggestion.unitsNeeded! / 300)).toBeCloseTo(1, 1);
    expect(converted!.suggestion.worstCase).toBeLessThan(0.2);
  });

  test('tighter margins take longer, and what passes stands in the interval', async () => {
    const { margins, kpis } = await backtestOf(planFor(KPI), csvOf(rows));
    const minutes = margins.slice(1).map((outcome) => outcome.kpis[0]!.passedAt?.minutes ?? Number.POSITIVE_INFINITY);
    expect(minutes).toEqual(minutes.toSorted((left, right) => right - left));
    expect(margins.map(({ margin }) => margin)).toEqual([undefined, 0.05, 0.1, 0.2, 0.3]);
    const { ratio } = kpis[0]!.interval!;
    expect(ratio.low).toBeLessThan(1);
    expect(ratio.high).toBeGreaterThan(1);
  });

  test('where the values say nothing, it is asked for', async () => {
    const constant = csvOf([row('A', 0, 1, { cost: 5 }), row('B', 0, 1, { cost: 5 })]);
    await expect(backtestOf(planFor(['cost:mean:lower']), constant)).rejects.toThrow(
      /all of the control's values are 5.*\n {2}say it: mean=…:sd=…/,
    );
    const zero = csvOf([row('A', 0, 1, { cost: 0 }), row('B', 0, 1, { cost: 5 })]);
    await expect(backtestOf(planFor(['cost:mean:lower']), zero)).rejects.toThrow(/nearly all of the control's values are 0/);
    const none = csvOf([row('A', 0, 1, { cost: '' }), row('B', 0, 1, { cost: 5 })]);
    await expect(backtestOf(planFor(['cost:mean:lower']), none)).rejects.toThrow(/column cost has no value in any row of the control/);
  });
});

test('a split that is not the intended one holds, where the intended one is said', async () => {
  const rows = simulated({ seed: 2, hours: 6, unitsPerMinute: 10, share: 0.3, rateA: 0.3, rateB: 0.3 });
  const strict = await backtestOf(planFor(['converted:binary:higher:margin=0.05'], { share: 0.5 }), csvOf(rows));
  expect(strict.verdict).toMatchObject({ decision: 'hold', reason: expect.stringMatching(/the split is wrong/) });
  const open = await backtestOf(planFor(['converted:binary:higher:margin=0.05']), csvOf(rows));
  expect(open.verdict.decision).toBe('continue');
});

test('proof of improvement is asked for where the KPI must improve', async () => {
  const rows = simulated({ seed: 9, hours: 12, unitsPerMinute: 10, rateA: 0.3, rateB: 0.3 });
  const same = await backtestOf(planFor(['converted:binary:higher:margin=0.3:must-improve=true']), csvOf(rows));
  expect(same.verdict.decision).toBe('continue');
  expect(same.kpis[0]!.passedAt).toBeDefined();
  expect(same.margins[0]!.decision).toBe('continue');
  const better = await backtestOf(
    planFor(['converted:binary:higher:margin=0.3:must-improve=true']),
    csvOf(simulated({ seed: 9, hours: 12, unitsPerMinute: 10, rateA: 0.3, rateB: 0.4 })),
  );
  expect(better.verdict.decision).toBe('promote');
  expect(better.margins[0]!.at!.minutes).toBe(better.verdict.minutes);
});

describe('no history', () => {
  const cases: [string, string, RegExp, Parameters<typeof planFor>[1]][] = [
    ['only a header', 'arm,time,converted\n', /the history has no rows/, {}],
    [
      'one arm, and bad rows of another',
      csvOf([row('A', 0, 1), row('B', 0, 'x')]),
      /one value only: A[\s\S]*rows that cannot be used: 1, such as\n {2}line 3: converted: "x"/,
      {},
    ],
    ['only one arm', csvOf([row('A', 0, 1)]), /column arm has one value only: A \(1 rows\)/, {}],
    [
      'a missing column',
      csvOf([{ arm: 'A', tme: at(0), converted: 1 }]),
      /--time-column: there is no column "time"; Did you mean "tme"\?\n {2}columns: arm, tme, converted/,
      {},
    ],
    ['a missing KPI column', csvOf([{ arm: 'A', time: at(0), conversion: 1 }]), /KPI converted: there is no column "converted"/, {}],
    ['only bad rows', csvOf([row('A', 0, 'x'), row('B', 0, 'z')]), /none of the 2 rows can be used\n {2}line 2: converted: "x"/, {}],
    [
      'an unknown arm',
      csvOf([row('A', 0, 1), row('B', 0, 1)]),
      /--candidate Bb: column arm has no such value\n {2}values: A \(1 rows\), B \(1 rows\)/,
      { candidate: 'Bb' },
    ],
    ['arms of no usual name', csvOf([row('x', 0, 1), row('y', 0, 1)]), /say it: {2}--candidate y --control x/, {}],
    ['one arm against itself', csvOf([row('x', 0, 1), row('y', 0, 1)]), /are both x/, { candidate: 'x', control: 'x' }],
    [
      'an arm column of units',
      csvOf(Array.from({ length: 60 }, (_, unit) => row(`u${unit}`, 0, 1))),
      /column arm has more than 50 values: u0, u1/,
      {},
    ],
  ];

  test.each(cases)('%s', async (_, content, message, change) => {
    await expect(backtestOf(planFor(KPI, change), content)).rejects.toThrow(message);
  });

  test('an outcome that first comes after a thousand rows is no missing column', async () => {
    const rows = Array.from({ length: 1500 }, (_, index) => ({
      arm: index % 2 === 0 ? 'A' : 'B',
      time: at(index),
      ...(index > 1400 ? { converted: true } : {}),
    }));
    const jsonl = rows.map((one) => JSON.stringify(one)).join('\n');
    expect((await backtestOf(planFor(KPI), jsonl, 'jsonl')).history.rows.used).toBe(1500);
  });
});

test.each([
  [{ candidate: 'y' }, 'y', 'x'],
  [{ control: 'y' }, 'x', 'y'],
])('one of two arms is enough: %j', async (given, candidate, control) => {
  const { history } = await backtestOf(planFor(KPI, given), csvOf([row('x', 0, 1), row('y', 0, 1)]));
  expect([history.candidate.name, history.control.name]).toEqual([candidate, control]);
});
