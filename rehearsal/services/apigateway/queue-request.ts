import { AwsError } from '../../cloud/types';
import type { Members } from '../../cloud/types';
import type { LaptopCloud } from '../../kernel/cloud';

/** Numbers among the parameters of SQS's older protocol, in which integrations speak. */
const numbers = new Set(['DelaySeconds', 'MaxNumberOfMessages', 'VisibilityTimeout', 'WaitTimeSeconds']);
const texts = new Set(['MessageBody', 'MessageDeduplicationId', 'MessageGroupId', 'ReceiptHandle', 'QueueName']);

/** A request on the queue that the path names, `/<account>/<queue>`, or the parameter QueueUrl. */
export function queueRequest(
  { region, partition }: LaptopCloud,
  path: string,
  action: string | undefined,
  parameters: URLSearchParams,
): { operation: string; input: Members } {
  const operation = action ?? parameters.get('Action') ?? '';
  const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  const own = /^\/\d{12}\/[^/]+/.exec(path)?.[0];
  const QueueUrl = parameters.get('QueueUrl') ?? (own === undefined ? undefined : `https://sqs.${region}.${suffix}${own}`);
  const input: Members = QueueUrl === undefined ? {} : { QueueUrl };
  const attributes: Record<string, Members> = {};
  for (const [name, value] of parameters) {
    const [, index, member] = /^MessageAttribute\.(\d+)\.(.+)$/.exec(name) ?? [];
    if (index !== undefined && member !== undefined) setAttribute((attributes[index] ??= { value: {} }), member, value);
    else if (numbers.has(name)) input[name] = Number(value);
    else if (texts.has(name)) input[name] = value;
    else if (!['Action', 'QueueUrl', 'Version'].includes(name))
      throw new AwsError('InvalidParameter', `The parameter ${name} is not known to the integration with SQS.`);
  }
  const named = Object.values(attributes).map(({ name, value }) => [String(name), value as Members] as const);
  if (named.length > 0) input['MessageAttributes'] = Object.fromEntries(named);
  return { operation, input };
}

function setAttribute(attribute: Members, member: string, value: string): void {
  if (member === 'Name') attribute['name'] = value;
  else (attribute['value'] as Members)[member.replace(/^Value\./, '')] = value;
}
