import type { Cloud, ResourceType } from '../../cloud/types';
import { StepFunctions } from './double';
import { stateMachineResource } from './resource';

export { StepFunctions } from './double';

export function createStepFunctions(cloud: Cloud): StepFunctions {
  return new StepFunctions(cloud);
}

export const sfnResources: ResourceType[] = [stateMachineResource];
