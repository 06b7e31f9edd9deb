import { GUIDE, mOfN, threshold, type AlarmCase } from './case';

const short = (extra = {}) => threshold({ Period: 10, ...extra });
const DISABLE = { operation: 'DisableAlarmActions', input: { AlarmNames: ['watched'] } };
const ENABLE = { operation: 'EnableAlarmActions', input: { AlarmNames: ['watched'] } };
const SET = (StateValue: string) => ({ operation: 'SetAlarmState', input: { AlarmName: 'watched', StateValue, StateReason: 'a drill' } });

export const specialCases: AlarmCase[] = [
  {
    name: 'high resolution: a period of 10 s is evaluated every 10 s',
    cites: GUIDE.highResolution,
    alarms: [short()],
    data: { m: '0X00XX0' },
    states: 'OAOOAAO',
    stepSeconds: 10,
    fine: true,
  },
  {
    name: 'high resolution: 3 out of 3 periods of 10 s',
    cites: GUIDE.highResolution,
    alarms: [short({ EvaluationPeriods: 3 })],
    data: { m: '000XX0XXX0' },
    states: 'OOOOOOOOAO',
    stepSeconds: 10,
    fine: true,
  },
  {
    name: 'high resolution: 2 out of 3 periods of 10 s, with a gap',
    cites: GUIDE.highResolution,
    alarms: [short({ EvaluationPeriods: 3, DatapointsToAlarm: 2 })],
    data: { m: '000X-X00' },
    // 00X-: 0 0 X; 0X-X: 0 X X; X-X0: X X 0; -X00: X 0 0
    states: 'OOOOOAAO',
    stepSeconds: 10,
    fine: true,
  },
  {
    name: 'high resolution: a period of 30 s adds what came in its three tens of seconds',
    cites: GUIDE.highResolution,
    alarms: [short({ Period: 30, TreatMissingData: 'notBreaching' })],
    data: { m: '000222333000' },
    // Sums of 30 s: 0 0 0 2 4 6 7 8 9 6 3 0
    states: 'OOOOOAAAAAOO',
    stepSeconds: 10,
    fine: true,
  },
  {
    name: 'a metric of standard resolution under a period of 10 s lapses into insufficient data',
    cites: GUIDE.period,
    alarms: [short()],
    data: { m: 'X-----X--' },
    // The value stands at the start of its minute and stays in the range of three periods.
    states: 'AAAIIIAAA',
    stepSeconds: 10,
  },
  {
    name: 'a metric of high resolution under a period of a minute is summed up by the minute',
    cites: GUIDE.highResolution,
    alarms: [threshold({ Threshold: 25 })],
    data: { m: '000000XXX000-' },
    // Each minute is known ten seconds after it; thirty came in the second.
    states: 'IIIIIIOOOOOOA',
    stepSeconds: 10,
    fine: true,
  },
  {
    name: 'a late data point: the alarm evaluates what it sees, and again once it is there',
    cites: GUIDE.late,
    alarms: [threshold()],
    data: { m: '000----' },
    late: [{ metric: 'm', step: 3, bySteps: 2, value: 10 }],
    // The fourth minute's breach comes at 09:05:01, before the fifth evaluation: 0 X -, then X - -, then - - -.
    states: 'OOOOAAI',
  },
  {
    name: 'a late data point changes a minute that was judged',
    cites: GUIDE.late,
    alarms: [mOfN(2, 3)],
    data: { m: '000X000' },
    late: [{ metric: 'm', step: 4, bySteps: 2, value: 9 }],
    // The fifth minute was 0 when it was judged and is 9 at the next evaluation: X 9 0, then 9 0 0.
    states: 'OOOOOAO',
  },
  {
    name: 'late data outside the evaluation range changes nothing',
    cites: GUIDE.late,
    alarms: [threshold()],
    data: { m: '0000000' },
    late: [{ metric: 'm', step: 1, bySteps: 5, value: 10 }],
    states: 'OOOOOOO',
  },
  {
    name: 'SetAlarmState lasts until the next evaluation',
    cites: GUIDE.setState,
    alarms: [threshold()],
    data: { m: '000000' },
    calls: [{ step: 3, ...SET('ALARM') }],
    // Set at 09:03:00 and evaluated at 09:03:10: the action of ALARM runs, then that of OK.
    states: 'OOOOOO',
    actions: 'O-(AO)---',
  },
  {
    name: 'SetAlarmState without data under ignore stays',
    cites: GUIDE.setState,
    alarms: [threshold({ TreatMissingData: 'ignore' })],
    data: {},
    calls: [{ step: 2, ...SET('ALARM') }],
    states: 'IAAA',
    actions: '-A--',
  },
  {
    name: 'actions run on transitions only, not while a state lasts',
    cites: GUIDE.actions,
    alarms: [threshold()],
    data: { m: '0XXX0X' },
    states: 'OAAAOA',
    actions: 'OA--OA',
  },
  {
    name: 'actions of INSUFFICIENT_DATA run when the metric stops',
    cites: GUIDE.actions,
    alarms: [threshold()],
    data: { m: '0-----' },
    states: 'OOOIII',
    actions: 'O--I--',
  },
  {
    name: 'disabled actions do not run, also not when they are enabled again',
    cites: GUIDE.common,
    alarms: [threshold()],
    data: { m: '00XX0XX' },
    calls: [
      { step: 2, ...DISABLE },
      { step: 5, ...ENABLE },
    ],
    // Disabled from 09:02 to 09:05: ALARM of the third minute stays silent, OK of the fifth is known after 09:05.
    states: 'OOAAOAA',
    actions: 'O---OA-',
  },
];
