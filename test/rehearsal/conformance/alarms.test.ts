import { CASES } from './alarms';
import { GUIDE, type AlarmCase } from './alarms/case';
import { observe } from './alarms/run';

const ALL = Object.values(CASES).flat();
const differs = async (test: AlarmCase): Promise<boolean> => {
  const { states, actions } = await observe(test);
  return states !== test.states || (test.actions !== undefined && actions !== test.actions);
};

describe.each(Object.entries(CASES))('%s', (_topic, cases) => {
  test.each(cases.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
    const { states, actions } = await observe(one);
    expect({ states, actions: one.actions === undefined ? undefined : actions }).toEqual({ states: one.states, actions: one.actions });
  });
});

test('the table is large enough, its names are unique, and each case says where it comes from', () => {
  expect(ALL.length).toBeGreaterThanOrEqual(60);
  expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length);
  for (const { cites } of ALL) expect(cites).toMatch(/^(User guide|API reference), /);
  const cited = ALL.map(({ cites }) => cites).join('\n');
  expect(Object.values(GUIDE).filter((section) => !cited.includes(section))).toEqual([]);
});

describe('the runner bites', () => {
  test('an alarm that can never go off fails every case of a metric alarm that does', async () => {
    const deaf = ALL.filter(
      ({ alarms, states, startState, calls }) =>
        alarms.length === 1 &&
        states.includes('A') &&
        startState === undefined &&
        calls === undefined &&
        alarms[0]!.ComparisonOperator === 'GreaterThanThreshold',
    )
      .filter(({ alarms }) => alarms[0]!.TreatMissingData !== 'breaching')
      .map((one) => ({ ...one, alarms: [{ ...one.alarms[0], Threshold: 1e12 }] }));
    expect(deaf.length).toBeGreaterThan(30);
    for (const one of deaf) expect([one.name, await differs(one)]).toEqual([one.name, true]);
  });

  test.each([
    ['M', { DatapointsToAlarm: 1 }],
    ['the treatment of missing data', { TreatMissingData: 'breaching' }],
    ['the comparison', { ComparisonOperator: 'LessThanThreshold' }],
  ])('another value of %s fails some cases', async (_what, extra) => {
    const changed = CASES['missing data']!.map((one) => ({ ...one, alarms: [{ ...one.alarms[0], ...extra }] }));
    const failed = await Promise.all(changed.map(differs));
    expect(failed.filter(Boolean).length).toBeGreaterThan(20);
  });

  test('an expected state, or action, that is one minute off is found', async () => {
    const [early] = CASES['M of N']!;
    expect(await differs({ ...early!, states: 'OOOAOOOOO' })).toBe(true);
    const muted = CASES['mute rules']!.find(({ name }) => name.startsWith('scenario 2'))!;
    expect(await differs({ ...muted, actions: 'O------A----' })).toBe(true);
    expect(await differs({ ...muted, mutes: [] })).toBe(true);
    const suppressed = CASES['actions suppressor']!.find(({ name }) => name.startsWith('example 2'))!;
    const [, ...others] = suppressed.alarms;
    const unsuppressed = others.map(({ ActionsSuppressor: _one, ...alarm }) => alarm);
    expect(await differs({ ...suppressed, alarms: unsuppressed })).toBe(true);
  });
});
