import type { DeployedResource } from '../assembly/standing';

const isMapping = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** ARNs that a property names as where goes what could not be delivered or processed. */
function deadLetterArns(value: unknown): unknown[] {
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    if (key === 'deadLetterTargetArn') return [member];
    if (key === 'DeadLetterConfig' && isMapping(member)) return [member['TargetArn'], member['Arn']];
    if (key === 'OnFailure' && isMapping(member)) return [member['Destination']];
    return deadLetterArns(typeof member === 'string' && key === 'RedrivePolicy' ? JSON.parse(member) : member);
  });
}

/** Construct paths of the queues that others send to what they give up. */
export function deadLetterQueues(deployed: readonly DeployedResource[]): string[] {
  const arns = new Set(deployed.flatMap(({ properties }) => deadLetterArns(properties)));
  return deployed
    .filter(({ type, attributes }) => type === 'AWS::SQS::Queue' && arns.has(attributes['Arn']))
    .map(({ constructPath }) => constructPath);
}
