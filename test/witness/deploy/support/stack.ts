import { query, valuesOf } from './query';

export interface StackResource {
  logicalId: string;
  physicalId: string;
  type: string;
  status: string;
}

const VERSION = '2010-05-15';

export async function stackResources(StackName: string): Promise<StackResource[]> {
  const xml = await query('cloudformation', { Action: 'DescribeStackResources', Version: VERSION, StackName });
  return [...xml.matchAll(/<member>(.*?)<\/member>/gs)].map(([, member = '']) => {
    const value = (name: string): string => valuesOf(member, name)[0] ?? '';
    return {
      logicalId: value('LogicalResourceId'),
      physicalId: value('PhysicalResourceId'),
      type: value('ResourceType'),
      status: value('ResourceStatus'),
    };
  });
}

/** The one resource of a type whose logical id begins so. */
export async function resourceOf(stackName: string, type: string, logicalId: string): Promise<string> {
  const found = (await stackResources(stackName)).filter((one) => one.type === type && one.logicalId.startsWith(logicalId));
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${stackName} has ${found.length} of ${type} ${logicalId}…`);
  return found[0].physicalId;
}

export async function stackStatus(StackName: string): Promise<string | undefined> {
  return valuesOf(await query('cloudformation', { Action: 'DescribeStacks', Version: VERSION, StackName }), 'StackStatus')[0];
}
