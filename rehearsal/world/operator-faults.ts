import { BadInputError } from '../../core/errors';
import type { Laptop } from './laptop';
import type { ScenarioFault } from './scenario-schema';

const MINUTE_MILLIS = 60_000;
const LONGEST_MUTE_MINUTES = 15 * 24 * 60;

/** As an operator silences alarms: a mute rule over those that there are. */
export function muteAlarms(laptop: Laptop, fault: Extract<ScenarioFault, { alarm: string }>, where: string): void {
  const known = laptop.cloudWatch.alarms().map(({ name }) => name);
  const muted = known.filter((name) => fault.name === undefined || name.includes(fault.name));
  if (muted.length === 0) {
    const listed = known.length === 0 ? 'none yet' : known.join(', ');
    throw new BadInputError(
      `${where}.name: there is no such alarm at this time\n  given:   ${fault.name ?? 'none'}\n  allowed: part of one of ${listed}`,
    );
  }
  const nowMillis = laptop.clock.now();
  // Mute rules know minutes only.
  const fromMillis = Math.floor(nowMillis / MINUTE_MILLIS) * MINUTE_MILLIS;
  const minutes = fault.for === undefined ? LONGEST_MUTE_MINUTES : Math.ceil((nowMillis + fault.for - fromMillis) / MINUTE_MILLIS);
  laptop.cloudWatch.putMuteRule({
    Name: where.replace(/\W+/g, '-'),
    MuteTargets: { AlarmNames: muted },
    Rule: {
      Schedule: {
        Expression: `at(${new Date(fromMillis).toISOString().slice(0, 16)})`,
        Duration: `PT${Math.min(minutes, LONGEST_MUTE_MINUTES)}M`,
        Timezone: 'UTC',
      },
    },
  });
}

/** As an operator switches a rule off, and on again when the time is over. */
export function disableRule(laptop: Laptop, fault: Extract<ScenarioFault, { rule: string }>, atMillis: number): void {
  const { cloud, clock } = laptop;
  const ask = (operation: 'DisableRule' | 'EnableRule') => async (): Promise<void> => {
    for (const arn of cloud.constructs.arnsAt(fault.rule)) {
      const [bus, name] = busAndName(arn);
      const operator = { kind: 'world', principalArn: `arn:aws:iam::${cloud.accountId}:role/Operator` } as const;
      await cloud.call('eventbridge', operation, { Name: name, ...(bus === undefined ? {} : { EventBusName: bus }) }, operator);
    }
  };
  clock.at(atMillis, ask('DisableRule'));
  if (fault.for !== undefined) clock.at(atMillis + fault.for, ask('EnableRule'));
}

function busAndName(ruleArn: string): [string | undefined, string] {
  const parts = ruleArn.slice(ruleArn.indexOf(':rule/') + ':rule/'.length).split('/');
  return parts.length === 1 ? [undefined, parts[0] ?? ''] : [parts[0], parts[1] ?? ''];
}
