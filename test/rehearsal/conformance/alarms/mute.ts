import type { Members } from '../../../../rehearsal/cloud/types';
import { GUIDE, threshold, type AlarmCase } from './case';

/** The cases start on Monday, 2 March 2026, 09:00 UTC; the state of a minute is known ten seconds after it. */
const at = (time: string, duration: string, extra: Members = {}, name = 'rule'): Members => ({
  Name: name,
  MuteTargets: { AlarmNames: ['watched'] },
  Rule: { Schedule: { Expression: `at(2026-03-02T${time})`, Duration: duration } },
  ...extra,
});
const scheduled = (Expression: string, Duration: string, Timezone?: string, extra: Members = {}): Members =>
  at('', '', { Rule: { Schedule: { Expression, Duration, ...(Timezone === undefined ? {} : { Timezone }) } }, ...extra });

/** ALARM is entered in the sixth minute (09:06:10): unmuted, the action runs at once. */
const breach = (name: string, mutes: Members[], actions: string, cites: string = GUIDE.mute): AlarmCase => ({
  name,
  cites,
  alarms: [threshold()],
  data: { m: '00000XXXXXXX' },
  states: 'OOOOOAAAAAAA',
  mutes,
  actions,
});

export const muteCases: AlarmCase[] = [
  breach('without a mute rule the action runs once, as the state changes', [], 'O----A------', GUIDE.actions),
  {
    name: 'scenario 1: muted, and back to OK before the window ends: no ALARM action',
    cites: GUIDE.mute,
    alarms: [threshold({ OKActions: [] })],
    data: { m: '00000XX00000' },
    states: 'OOOOOAAOOOOO',
    mutes: [at('09:05', 'PT5M')],
    actions: '------------',
  },
  {
    name: 'scenario 1 for an alarm that has actions for OK: it still is in the state whose action was muted last',
    cites: `${GUIDE.mute}, note on states`,
    alarms: [threshold()],
    data: { m: '00000XX00000' },
    states: 'OOOOOAAOOOOO',
    mutes: [at('09:05', 'PT5M')],
    actions: 'O--------O--',
  },
  breach('scenario 2: muted, and still in ALARM when the window ends: the action runs then', [at('09:05', 'PT4M')], 'O-------A---'),
  breach(
    'scenario 3: of overlapping windows the last to end counts',
    [at('09:05', 'PT4M', {}, 'rule 1'), at('09:07', 'PT4M', {}, 'rule 2')],
    'O---------A-',
  ),
  {
    name: 'actions of OK are muted, too',
    cites: `${GUIDE.mute}, note on states`,
    alarms: [threshold()],
    data: { m: '0XX000000000' },
    states: 'OAAOOOOOOOOO',
    mutes: [at('09:03', 'PT4M')],
    actions: 'OA----O-----',
  },
  breach('a window that ended before mutes nothing', [at('09:02', 'PT2M')], 'O----A------'),
  breach('a window that has not begun mutes nothing', [at('10:00', 'PT4M')], 'O----A------'),
  breach(
    'a rule mutes only the alarms that it targets',
    [at('09:05', 'PT4M', { MuteTargets: { AlarmNames: [] } })],
    'O----A------',
    GUIDE.muteRule,
  ),
  breach('a cron expression, each day at 09:05', [scheduled('cron(5 9 * * *)', 'PT4M')], 'O-------A---', GUIDE.muteSchedule),
  breach('a cron expression of Mondays in March', [scheduled('cron(5 9 * MAR MON)', 'PT4M')], 'O-------A---', GUIDE.muteSchedule),
  breach('a cron expression of other days', [scheduled('cron(5 9 * * TUE-SAT)', 'PT4M')], 'O----A------', GUIDE.muteSchedule),
  breach(
    'a cron expression of Sundays: the window of more than a day has long begun',
    [scheduled('cron(5 9 * * SUN)', 'P1DT4M')],
    // Also the OK of the first minute is muted.
    '--------A---',
    GUIDE.muteSchedule,
  ),
  breach(
    'a time zone: 04:05 in New York is 09:05 in UTC',
    [scheduled('cron(5 4 * * *)', 'PT4M', 'America/New_York')],
    'O-------A---',
    GUIDE.muteSchedule,
  ),
  breach(
    'a rule that starts later mutes nothing yet',
    [scheduled('cron(5 9 * * *)', 'PT4M', undefined, { StartDate: new Date('2026-03-03T00:00:00Z') })],
    'O----A------',
    GUIDE.muteRule,
  ),
  breach(
    'a rule that expires lets go',
    [scheduled('cron(5 9 * * *)', 'PT4M', undefined, { ExpireDate: new Date('2026-03-02T09:08:00Z') })],
    'O------A----',
    GUIDE.muteRule,
  ),
  {
    ...breach('deleting a rule unmutes at once', [at('09:05', 'PT1H')], 'O--------A--', GUIDE.muteDelete),
    // At 09:10.
    calls: [{ step: 10, operation: 'DeleteAlarmMuteRule', input: { AlarmMuteRuleName: 'rule' } }],
  },
];
