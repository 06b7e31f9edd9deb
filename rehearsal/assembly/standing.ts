import type { CreatedResource, Members } from '../cloud/types';
import { constructPathOf } from './construct-path';
import type { Template } from './load';

/** A resource of a stack that was made, and is not gone. */
export interface Standing {
  type: string;
  properties: Members;
  created: CreatedResource;
  retained: boolean;
}

/** A resource as it stands after a deploy. */
export interface DeployedResource {
  stackName: string;
  logicalId: string;
  constructPath: string;
  type: string;
  ref: string;
  attributes: Record<string, unknown>;
  properties: Members;
  /** Stays when the stack goes. */
  retained: boolean;
}

export const isCustom = (type: string): boolean => type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
export const carriesNothing = (type: string): boolean => type === 'AWS::CDK::Metadata';

export function deployedResource(
  stackName: string,
  logicalId: string,
  template: Template | undefined,
  { type, properties, created, retained }: Standing,
): DeployedResource {
  const constructPath = template === undefined ? '' : constructPathOf(template, logicalId);
  return { stackName, logicalId, constructPath, type, ref: created.ref, attributes: created.attributes, properties, retained };
}
