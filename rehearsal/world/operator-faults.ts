import { BadInputError } from '../../core/errors';
import { AwsError } from '../cloud/types';
import type { Laptop } from './laptop';
import type { ScenarioFault } from './scenario-schema';

const MINUTE_MILLIS = 60_000;
const LONGEST_MUTE_MINUTES = 15 * 24 * 60;

/** As an operator silences alarms: a mute rule over those that there are. */
export function muteAlarms(laptop: Laptop, fault: Extract<ScenarioFault, { alarm: string }>, where: string): void {
  const known = laptop.cloudWatch.alarms().map(({ name }) => name);
  const muted = known.filter((name) => fault.name === undefined || name.includes(fault.name));
  // With no stack there is nothing to silence.
  if (known.length === 0) return;
  if (muted.length === 0)
    throw new BadInputError(
      `${where}.name: there is no such alarm at this time\n  given:   ${fault.name ?? ''}\n  allowed: part of one of ${known.join(', ')}`,
    );
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
  const operator = { kind: 'world', principalArn: `arn:aws:iam::${cloud.accountId}:role/Operator` } as const;
  const ask = (operation: 'DisableRule' | 'EnableRule') => async (): Promise<void> => {
    for (const arn of cloud.constructs.arnsAt(fault.rule)) {
      const [bus, name] = busAndName(arn);
      try {
        await cloud.call('eventbridge', operation, { Name: name, ...(bus === undefined ? {} : { EventBusName: bus }) }, operator);
      } catch (error) {
        // It went with its stack.
        if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error;
      }
    }
  };
  clock.at(atMillis, ask('DisableRule'));
  if (fault.for !== undefined) clock.at(atMillis + fault.for, ask('EnableRule'));
}

/** Full enough that SageMaker stops capturing; a new endpoint begins with the second. */
const FULL_DISK_PERCENT = 80;
const USUAL_DISK_PERCENT = 10;

/** What fills the disks of the endpoints that there are, until somebody empties them. */
export function fillDisks(
  { clock, sageMaker }: Laptop,
  { for: lasts }: Extract<ScenarioFault, { capture: string }>,
  atMillis: number,
): void {
  const fill = (percent: number) => (): void => {
    for (const { endpointName } of sageMaker.endpoints()) sageMaker.setDiskUtilization(endpointName, percent);
  };
  clock.at(atMillis, fill(FULL_DISK_PERCENT));
  if (lasts !== undefined) clock.at(atMillis + lasts, fill(USUAL_DISK_PERCENT));
}

function busAndName(ruleArn: string): [string | undefined, string] {
  const parts = ruleArn.slice(ruleArn.indexOf(':rule/') + ':rule/'.length).split('/');
  return parts.length === 1 ? [undefined, parts[0] ?? ''] : [parts[0], parts[1] ?? ''];
}
