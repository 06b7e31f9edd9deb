import type { CloudEvent, IamReport } from '../cloud/types';
import type { Naming } from './naming';
import { isTold, type TimelineEntry } from '../world/timeline';

/** Beside what every rehearsal tells. */
const TOLD: Record<string, RegExp> = {
  inputs: /./,
  lambda: /^(error|event-dropped|destination-failed|logs-denied|poll-failed|delete-failed)$/,
  sqs: /^dead-letter$/,
  sns: /./,
  eventbridge: /^(delivery-failed|dead-letter-failed)$/,
  scheduler: /^(delivery-failed|dead-letter-failed)$/,
  s3: /./,
  apigateway: /./,
  cloudwatch: /./,
};

const isOurs = (event: CloudEvent): boolean => isTold(event) || (TOLD[event.source]?.test(event.event) ?? false);

/** Everything worth telling, calls that IAM denied among them; the deployment has times before zero. */
export function applicationTimeline(
  log: readonly CloudEvent[],
  denied: IamReport['denied'],
  startMillis: number,
  naming: Naming,
): TimelineEntry[] {
  const told = log.filter(isOurs).map(({ atMillis, source, event, detail }) => ({ atMillis, source, event, detail }));
  const refused = denied.map(({ atMillis, role, action, resource }) => ({
    atMillis,
    source: 'iam',
    event: 'denied',
    detail: { role, action, resource } as Record<string, unknown>,
  }));
  return [...told, ...refused]
    .sort((one, other) => one.atMillis - other.atMillis)
    .map(({ atMillis, source, event, detail }) => ({
      t: Math.round((atMillis - startMillis) / 1000),
      source,
      event,
      detail: naming.named(detail),
    }));
}
