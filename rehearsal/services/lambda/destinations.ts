import { AwsError } from '../../cloud/types';
import type { Caller } from '../../cloud/types';
import type { LaptopCloud } from '../../kernel/cloud';
import type { LambdaFunction } from './function';

/** Sends as the function's role, as Lambda does; what the role may not do is lost, and recorded. */
export async function sendTo(
  cloud: LaptopCloud,
  owner: LambdaFunction,
  targetArn: string,
  body: string,
  detailType: string,
): Promise<void> {
  const caller: Caller = { kind: 'role', roleArn: owner.configuration.roleArn };
  try {
    await send(cloud, caller, targetArn, body, detailType);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const { code, message } = error;
    cloud.record('lambda', 'destination-failed', { function: owner.name, target: targetArn, error: code, message });
  }
}

async function send(cloud: LaptopCloud, caller: Caller, targetArn: string, body: string, detailType: string): Promise<void> {
  const [, , service = '', , account, ...rest] = targetArn.split(':');
  if (service === 'sqs') {
    const QueueUrl = `https://sqs.${cloud.region}.amazonaws.com/${account}/${rest.join(':')}`;
    await cloud.call('sqs', 'SendMessage', { QueueUrl, MessageBody: body }, caller);
  } else if (service === 'sns') {
    await cloud.call('sns', 'Publish', { TopicArn: targetArn, Message: body }, caller);
  } else if (service === 'lambda') {
    const Payload = new TextEncoder().encode(body);
    await cloud.call('lambda', 'Invoke', { FunctionName: targetArn, InvocationType: 'Event', Payload }, caller);
  } else {
    const entry = { EventBusName: targetArn, Source: 'lambda', DetailType: detailType, Detail: body, Resources: [targetArn] };
    await cloud.call('eventbridge', 'PutEvents', { Entries: [entry] }, caller);
  }
}
