import type { AcceleratorKind, InstanceFacts } from './facts';

interface Family {
  accelerator: Exclude<AcceleratorKind, 'none'>;
  name: string;
  /** Of each accelerator, as AWS lists it. */
  memoryGib: number;
  localDisk: boolean;
  /** Size → [vCPUs, GiB, accelerators]. */
  sizes: Record<string, [number, number, number]>;
}

const G5_SIZES: Family['sizes'] = {
  xlarge: [4, 16, 1],
  '2xlarge': [8, 32, 1],
  '4xlarge': [16, 64, 1],
  '8xlarge': [32, 128, 1],
  '16xlarge': [64, 256, 1],
  '12xlarge': [48, 192, 4],
  '24xlarge': [96, 384, 4],
  '48xlarge': [192, 768, 8],
};

const FAMILIES: Record<string, Family> = {
  g4dn: {
    accelerator: 'gpu',
    name: 'NVIDIA T4',
    memoryGib: 16,
    localDisk: true,
    sizes: {
      xlarge: [4, 16, 1],
      '2xlarge': [8, 32, 1],
      '4xlarge': [16, 64, 1],
      '8xlarge': [32, 128, 1],
      '16xlarge': [64, 256, 1],
      '12xlarge': [48, 192, 4],
    },
  },
  g5: { accelerator: 'gpu', name: 'NVIDIA A10G', memoryGib: 24, localDisk: true, sizes: G5_SIZES },
  g6: { accelerator: 'gpu', name: 'NVIDIA L4', memoryGib: 24, localDisk: true, sizes: G5_SIZES },
  g6e: {
    accelerator: 'gpu',
    name: 'NVIDIA L40S',
    memoryGib: 48,
    localDisk: true,
    sizes: {
      xlarge: [4, 32, 1],
      '2xlarge': [8, 64, 1],
      '4xlarge': [16, 128, 1],
      '8xlarge': [32, 256, 1],
      '16xlarge': [64, 512, 1],
      '12xlarge': [48, 384, 4],
      '24xlarge': [96, 768, 4],
      '48xlarge': [192, 1536, 8],
    },
  },
  g7e: {
    accelerator: 'gpu',
    name: 'NVIDIA RTX PRO 6000 Blackwell',
    memoryGib: 96,
    localDisk: true,
    sizes: {
      '2xlarge': [8, 64, 1],
      '4xlarge': [16, 128, 1],
      '8xlarge': [32, 256, 1],
      '12xlarge': [48, 512, 2],
      '24xlarge': [96, 1024, 4],
      '48xlarge': [192, 2048, 8],
    },
  },
  p2: {
    accelerator: 'gpu',
    name: 'NVIDIA K80',
    memoryGib: 12,
    localDisk: false,
    sizes: { xlarge: [4, 61, 1], '8xlarge': [32, 488, 8], '16xlarge': [64, 732, 16] },
  },
  p3: {
    accelerator: 'gpu',
    name: 'NVIDIA V100',
    memoryGib: 16,
    localDisk: false,
    sizes: { '2xlarge': [8, 61, 1], '8xlarge': [32, 244, 4], '16xlarge': [64, 488, 8] },
  },
  p4d: { accelerator: 'gpu', name: 'NVIDIA A100', memoryGib: 40, localDisk: true, sizes: { '24xlarge': [96, 1152, 8] } },
  p4de: { accelerator: 'gpu', name: 'NVIDIA A100', memoryGib: 80, localDisk: true, sizes: { '24xlarge': [96, 1152, 8] } },
  p5: {
    accelerator: 'gpu',
    name: 'NVIDIA H100',
    memoryGib: 80,
    localDisk: true,
    sizes: { '4xlarge': [16, 256, 1], '48xlarge': [192, 2048, 8] },
  },
  p5e: { accelerator: 'gpu', name: 'NVIDIA H200', memoryGib: 141, localDisk: true, sizes: { '48xlarge': [192, 2048, 8] } },
  p5en: { accelerator: 'gpu', name: 'NVIDIA H200', memoryGib: 141, localDisk: true, sizes: { '48xlarge': [192, 2048, 8] } },
  inf1: {
    accelerator: 'inferentia',
    name: 'AWS Inferentia',
    memoryGib: 8,
    localDisk: false,
    sizes: { xlarge: [4, 8, 1], '2xlarge': [8, 16, 1], '6xlarge': [24, 48, 4], '24xlarge': [96, 192, 16] },
  },
  inf2: {
    accelerator: 'inferentia',
    name: 'AWS Inferentia2',
    memoryGib: 32,
    localDisk: false,
    sizes: { xlarge: [4, 16, 1], '8xlarge': [32, 128, 1], '24xlarge': [96, 384, 6], '48xlarge': [192, 768, 12] },
  },
  trn1: {
    accelerator: 'trainium',
    name: 'AWS Trainium',
    memoryGib: 32,
    localDisk: true,
    sizes: { '2xlarge': [8, 32, 1], '32xlarge': [128, 512, 16] },
  },
  trn1n: { accelerator: 'trainium', name: 'AWS Trainium', memoryGib: 32, localDisk: true, sizes: { '32xlarge': [128, 512, 16] } },
  trn2: { accelerator: 'trainium', name: 'AWS Trainium2', memoryGib: 96, localDisk: true, sizes: { '48xlarge': [192, 2048, 16] } },
};

export function acceleratedFacts(type: string, family: string, size: string): InstanceFacts | undefined {
  const known = Object.hasOwn(FAMILIES, family) ? FAMILIES[family] : undefined;
  const listed = known !== undefined && Object.hasOwn(known.sizes, size) ? known.sizes[size] : undefined;
  if (known === undefined || listed === undefined) return undefined;
  const [vcpus, memoryGib, accelerators] = listed;
  return {
    type,
    family,
    vcpus,
    memoryGib,
    accelerator: known.accelerator,
    accelerators,
    acceleratorName: known.name,
    acceleratorMemoryGib: known.memoryGib,
    localDisk: known.localDisk,
  };
}

export const acceleratedTypes = (): string[] =>
  Object.entries(FAMILIES).flatMap(([family, { sizes }]) => Object.keys(sizes).map((size) => `ml.${family}.${size}`));
