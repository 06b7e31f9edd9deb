import { follows, GUIDE, type AlarmCase } from './case';

/**
 * The guide's examples, a time unit a minute: WaitPeriod 2 units, ExtensionPeriod 3. The guide's t0 is the fifth minute, so that
 * what the creation of the alarm sets off (OK, after a WaitPeriod) is over by then.
 */
const LEAD = 4;
const lead = (data: string): string => '0'.repeat(LEAD) + data;

function example(
  name: string,
  states: { composite: string; suppressor: string; actions: string },
  extra: Partial<AlarmCase> = {},
): AlarmCase {
  return {
    name,
    cites: GUIDE.suppression,
    alarms: [
      follows('suppressor'),
      follows('child'),
      {
        AlarmName: 'composite',
        AlarmRule: 'ALARM(child)',
        ActionsSuppressor: 'suppressor',
        ActionsSuppressorWaitPeriod: 120,
        ActionsSuppressorExtensionPeriod: 180,
      },
    ],
    data: {
      child: lead(states.composite.replaceAll('A', 'X').replaceAll('O', '0')),
      suppressor: lead(states.suppressor.replaceAll('A', 'X').replaceAll('O', '0')),
    },
    states: 'O'.repeat(LEAD) + states.composite,
    actions: `-O--${states.actions}`,
    ...extra,
  };
}

export const suppressionCases: AlarmCase[] = [
  //                                                               t0123456789
  example('example 1: not suppressed after WaitPeriod', { composite: 'OOAAAAA', suppressor: 'OOOOOOO', actions: '----A--' }),
  example('example 2: suppressed by alarm before WaitPeriod expires', {
    composite: 'OOAAAAAAA',
    suppressor: 'OOOAAAAAA',
    actions: '---------',
  }),
  example('example 3: a state transition while suppressed by WaitPeriod', {
    composite: 'OOAOOOO',
    suppressor: 'OOOOOOO',
    actions: '-----O-',
  }),
  example('example 4: a state transition while suppressed by alarm', { composite: 'OOAAAAA', suppressor: 'OAAAAAA', actions: '-------' }),
  example('example 5: not suppressed after ExtensionPeriod', {
    composite: 'OOAAAAAAAAA',
    suppressor: 'OOOAAAOOOOO',
    actions: '---------A-',
  }),
  example('example 6: a state transition while suppressed by ExtensionPeriod', {
    composite: 'OOAAAAAOOOO',
    suppressor: 'OOOAAAOOOOO',
    actions: '---------O-',
  }),
  example(
    'nothing waits when both periods are 0',
    { composite: 'OOAAO', suppressor: 'OOOOO', actions: '--A-O' },
    {
      cites: GUIDE.suppressionPeriods,
      alarms: [
        follows('suppressor'),
        follows('child'),
        {
          AlarmName: 'composite',
          AlarmRule: 'ALARM(child)',
          ActionsSuppressor: 'suppressor',
          ActionsSuppressorWaitPeriod: 0,
          ActionsSuppressorExtensionPeriod: 0,
        },
      ],
      actions: '------A-O',
    },
  ),
  example(
    'a suppressor that is itself the child never lets the action through',
    { composite: 'OOAAAA', suppressor: 'OOAAAA', actions: '------' },
    { cites: GUIDE.suppressionPeriods },
  ),
];
