import type { Cloud, ResourceType } from '../../cloud/types';
import { StepFunctions } from './double';
import { activityResource } from './activity-resource';
import { stateMachineResource } from './resource';

export { StepFunctions } from './double';
export type { WaitingTask } from './waiting-task';

export function createStepFunctions(cloud: Cloud): StepFunctions {
  return new StepFunctions(cloud);
}

export const sfnResources: ResourceType[] = [stateMachineResource, activityResource];
