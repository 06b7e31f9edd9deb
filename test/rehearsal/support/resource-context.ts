import type { ResourceContext } from '../../../rehearsal/cloud/types';
import type { FakeCloud } from './fake-cloud';

/** Where CloudFormation would create one resource. */
export function resourceContext(cloud: FakeCloud, logicalId = 'Thing', assets: Record<string, string> = {}): ResourceContext {
  return {
    cloud,
    logicalId,
    constructPath: `stack/${logicalId}`,
    stackName: 'stack',
    stackId: 'arn:aws:cloudformation:us-east-1:111111111111:stack/stack/1',
    physicalName: (maxLength = 64) => `stack-${logicalId}-ABC`.slice(0, maxLength),
    assetPath: (bucket, key) => assets[`${bucket}/${key}`],
  };
}
