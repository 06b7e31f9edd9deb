import { follows, GUIDE, type AlarmCase } from './case';

/** a and b go through all pairs of OK and ALARM; c never reports: INSUFFICIENT_DATA. */
const rule = (AlarmRule: string, states: string, cites: string = GUIDE.composite): AlarmCase => ({
  name: `the rule ${AlarmRule}`,
  cites,
  alarms: [follows('a'), follows('b'), follows('c'), { AlarmName: 'composite', AlarmRule }],
  data: { a: '00XX', b: '0X0X' },
  states,
});

export const compositeCases: AlarmCase[] = [
  rule('ALARM(a) AND ALARM(b)', 'OOOA'),
  rule('ALARM("a") OR ALARM("b")', 'OAAA'),
  rule('NOT ALARM(a)', 'AAOO'),
  rule('OK(a)', 'AAOO'),
  rule('ALARM(a) AND NOT ALARM(b)', 'OOAO'),
  rule('NOT (ALARM(a) OR ALARM(b))', 'AOOO'),
  rule('(ALARM(a) OR ALARM(b)) AND NOT (ALARM(a) AND ALARM(b))', 'OAAO'),
  rule('INSUFFICIENT_DATA(c)', 'AAAA'),
  rule('INSUFFICIENT_DATA(a) OR ALARM(c)', 'OOOO'),
  rule('INSUFFICIENT_DATA(c) AND ALARM(b)', 'OAOA'),
  rule('TRUE', 'AAAA'),
  rule('FALSE OR ALARM(a)', 'OOAA'),
  rule('ALARM(arn:aws:cloudwatch:us-east-1:111111111111:alarm:a)', 'OOAA'),
  rule('AT_LEAST(1, ALARM, (a, b, c))', 'OAAA', GUIDE.compositeAtLeast),
  rule('AT_LEAST(2, ALARM, ("a", "b", "c"))', 'OOOA', GUIDE.compositeAtLeast),
  rule('AT_LEAST(2, NOT OK, (a, b, c))', 'OAAA', GUIDE.compositeAtLeast),
  rule('AT_LEAST(60%, ALARM, (a, b, c))', 'OOOA', GUIDE.compositeAtLeast),
  rule('AT_LEAST(50%, OK, (a, b)) AND NOT AT_LEAST(2, OK, (a, b))', 'OAAO', GUIDE.compositeAtLeast),
  {
    name: 'a composite of a composite',
    cites: GUIDE.composite,
    alarms: [
      follows('a'),
      follows('b'),
      { AlarmName: 'inner', AlarmRule: 'ALARM(a) OR ALARM(b)' },
      { AlarmName: 'outer', AlarmRule: 'OK(inner)' },
    ],
    data: { a: '00XX0', b: '0X0X0' },
    states: 'AOOOA',
  },
  {
    name: 'INSUFFICIENT_DATA is left at once after creation',
    cites: GUIDE.compositeCreation,
    alarms: [follows('a'), { AlarmName: 'composite', AlarmRule: 'ALARM(a)' }],
    data: {},
    states: 'OOO',
  },
  {
    name: 'a state set by hand lasts until a child changes its state',
    cites: GUIDE.setState,
    alarms: [follows('a'), { AlarmName: 'composite', AlarmRule: 'ALARM(a)' }],
    data: { a: '0000X' },
    calls: [{ step: 2, operation: 'SetAlarmState', input: { AlarmName: 'composite', StateValue: 'ALARM', StateReason: 'a drill' } }],
    // Set in the third minute; from the fifth on the child agrees.
    states: 'OAAAA',
  },
  {
    name: 'a state set by hand ends when a child changes',
    cites: GUIDE.setState,
    alarms: [follows('a'), { AlarmName: 'composite', AlarmRule: 'OK(a)' }],
    data: { a: '000X0' },
    calls: [
      { step: 2, operation: 'SetAlarmState', input: { AlarmName: 'composite', StateValue: 'INSUFFICIENT_DATA', StateReason: 'a drill' } },
    ],
    states: 'AIIOA',
  },
];
