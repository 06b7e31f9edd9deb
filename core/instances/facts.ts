import { acceleratedFacts } from './accelerated';
import { generalFacts } from './general';

/** `gpu`: NVIDIA or Gaudi; `inferentia` and `trainium` run models that were compiled for them. */
export type AcceleratorKind = 'none' | 'gpu' | 'inferentia' | 'trainium';

/** What AWS says that an instance of this type has. */
export interface InstanceFacts {
  /** Such as ml.g5.xlarge. */
  type: string;
  /** Such as g5. */
  family: string;
  vcpus: number;
  memoryGib: number;
  accelerator: AcceleratorKind;
  /** How many; 0 where there is none. */
  accelerators: number;
  /** Such as NVIDIA A10G. */
  acceleratorName?: string;
  /** Of each one. */
  acceleratorMemoryGib?: number;
  /** The instance brings its own disks: SageMaker takes no volume size for it. */
  localDisk: boolean;
}

const TYPE = /^ml\.([a-z][a-z0-9-]*)\.([a-z0-9]+)$/;

/** What is known of an instance type; undefined where nothing is: then nothing may be concluded from it. */
export function instanceFacts(type: string): InstanceFacts | undefined {
  const [, family, size] = TYPE.exec(type) ?? [];
  if (family === undefined || size === undefined) return undefined;
  return acceleratedFacts(type, family, size) ?? generalFacts(type, family, size);
}
