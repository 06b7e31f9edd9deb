import type { Cloud } from '../cloud/types';

/** Queues are named by ARN in templates, and by URL in SQS's API. */
export function queueUrlOf({ partition }: Cloud, queueArn: string): string {
  const [, , , region, accountId, name] = queueArn.split(':');
  const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `https://sqs.${region}.${suffix}/${accountId}/${name}`;
}
