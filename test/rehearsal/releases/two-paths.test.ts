import { deploy, play, wrong } from './play';

jest.setTimeout(180_000);

/** The verdict is out of the game: nobody else may be faster than the alarm. */
const NO_VERDICT = { at: '1m', service: 'lambda', function: 'Verdict/Handler', error: 'crash' };

/** A candidate that fails in its first step: the alarm on it takes it off traffic. */
const FAILING = {
  duration: '1h',
  actions: [deploy('failing')],
  expect: { outcomes: ['rolled-back'], stage: 'canary:0.3', reason: 'Alarm ', incidents: [{ kind: 'rollback' }] },
};

type Timeline = Awaited<ReturnType<typeof play>>['timeline'];

/** Seconds from the alarm to the write that takes the traffic away. */
function secondsToCommit(timeline: Timeline): number {
  const alarm = timeline.find(
    ({ source, event, detail }) => source === 'alarm' && event === 'state-changed' && detail['state'] === 'ALARM',
  );
  const commit = timeline.find(({ source, event }) => source === 'control' && event === 'candidate-removed');
  return (commit?.t ?? Number.NaN) - (alarm?.t ?? Number.NaN);
}

test.each([
  ['both ways', []],
  ['the event rule disabled', [{ at: '1m', rule: 'Rollback/AlarmRule', state: 'disabled' }]],
  ['the actions of alarms muted', [{ at: '1m', alarm: 'mute', for: '1h' }]],
])('a failing candidate is rolled back with %s', async (_, faults) => {
  const result = await play({ ...FAILING, faults: [NO_VERDICT, ...faults] });
  expect(wrong(result)).toEqual([]);
  expect(secondsToCommit(result.timeline)).toBeLessThanOrEqual(2);
});
