import { UnsupportedError, type Cloud } from '../cloud/types';
import type { Exports } from './exports';
import type { ResolutionScope } from './intrinsics';
import type { Template } from './load';
import type { Standing } from './standing';

export interface StackFacts {
  cloud: Cloud;
  name: string;
  stackId: string;
  template: Template;
  standing: ReadonlyMap<string, Standing>;
  parameters: ReadonlyMap<string, unknown>;
  /** Names of the exports that are asked for go in here. */
  imported: Set<string>;
  exports: Exports;
}

/** What CloudFormation knows by itself. */
export const pseudoParameters = ({ accountId, region, partition }: Cloud, name: string, stackId: string): Record<string, unknown> => ({
  'AWS::AccountId': accountId,
  'AWS::Region': region,
  'AWS::Partition': partition,
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': name,
  'AWS::StackId': stackId,
  'AWS::NotificationARNs': [],
});

/** What intrinsic functions mean in a stack that is being deployed. */
export function stackScope({ cloud, name, stackId, template, standing, parameters, imported, exports }: StackFacts): ResolutionScope {
  const standingOf = (logicalId: string): Standing => {
    const found = standing.get(logicalId);
    if (found === undefined) throw new UnsupportedError(`stack ${name}: ${logicalId} is referred to but not in the template`);
    return found;
  };
  return {
    template,
    pseudo: pseudoParameters(cloud, name, stackId),
    ref: (logicalId) => standingOf(logicalId).created.ref,
    attribute: (logicalId, attribute) => {
      const { type, created } = standingOf(logicalId);
      if (!(attribute in created.attributes))
        throw new UnsupportedError(`Fn::GetAtt ${logicalId}.${attribute}: ${type} has no such attribute here`);
      return created.attributes[attribute];
    },
    parameters,
    importValue: (exported) => {
      imported.add(exported);
      return exports.value(exported);
    },
    stackOutput: (stackName, outputName) => exports.output(stackName, outputName),
  };
}
