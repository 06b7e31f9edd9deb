import { acceleratedTypes } from './accelerated';
import { generalTypes } from './general';

export type { AcceleratorKind, InstanceFacts } from './facts';
export { instanceFacts } from './facts';
export type { ModelSize, ModelsThatFit } from './fit';
export { FIT_RULE, fits, memoryNeededGib, modelMemoryGib, modelsThatFit } from './fit';

/** Every type of which something is known, in a fixed order. */
export const knownInstanceTypes = (): string[] => [...acceleratedTypes(), ...generalTypes()];
