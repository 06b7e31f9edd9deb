import type { InstanceFacts } from './facts';

interface Family {
  memoryGibPerVcpu: number;
  sizes: string;
  localDisk?: true;
}

const GRAVITON = 'large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge';
const INTEL_6 = 'large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge';
const INTEL_7 = 'large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge';
const GRAVITON_4 = `medium ${INTEL_7}`;
const COMPUTE_5 = 'large xlarge 2xlarge 4xlarge 9xlarge 18xlarge';
const MEMORY_5 = 'large xlarge 2xlarge 4xlarge 12xlarge 24xlarge';

/** Families in which memory grows with vCPUs. Sizes are those that SageMaker hosts. */
const FAMILIES: Record<string, Family> = {
  c5: { memoryGibPerVcpu: 2, sizes: COMPUTE_5 },
  c5d: { memoryGibPerVcpu: 2, sizes: COMPUTE_5, localDisk: true },
  c6g: { memoryGibPerVcpu: 2, sizes: GRAVITON },
  c6gd: { memoryGibPerVcpu: 2, sizes: GRAVITON, localDisk: true },
  c6gn: { memoryGibPerVcpu: 2, sizes: GRAVITON },
  c6i: { memoryGibPerVcpu: 2, sizes: INTEL_6 },
  c6in: { memoryGibPerVcpu: 2, sizes: INTEL_6 },
  c7g: { memoryGibPerVcpu: 2, sizes: GRAVITON },
  c7i: { memoryGibPerVcpu: 2, sizes: INTEL_7 },
  c8g: { memoryGibPerVcpu: 2, sizes: GRAVITON_4 },
  m4: { memoryGibPerVcpu: 4, sizes: 'xlarge 2xlarge 4xlarge 10xlarge 16xlarge' },
  m5: { memoryGibPerVcpu: 4, sizes: MEMORY_5 },
  m5d: { memoryGibPerVcpu: 4, sizes: MEMORY_5, localDisk: true },
  m6g: { memoryGibPerVcpu: 4, sizes: GRAVITON },
  m6gd: { memoryGibPerVcpu: 4, sizes: GRAVITON, localDisk: true },
  m6i: { memoryGibPerVcpu: 4, sizes: INTEL_6 },
  m7i: { memoryGibPerVcpu: 4, sizes: INTEL_7 },
  m8g: { memoryGibPerVcpu: 4, sizes: GRAVITON_4 },
  r5: { memoryGibPerVcpu: 8, sizes: MEMORY_5 },
  r5d: { memoryGibPerVcpu: 8, sizes: MEMORY_5, localDisk: true },
  r6g: { memoryGibPerVcpu: 8, sizes: GRAVITON },
  r6gd: { memoryGibPerVcpu: 8, sizes: GRAVITON, localDisk: true },
  r6i: { memoryGibPerVcpu: 8, sizes: INTEL_6 },
  r7gd: { memoryGibPerVcpu: 8, sizes: `medium ${GRAVITON}`, localDisk: true },
  r7i: { memoryGibPerVcpu: 8, sizes: INTEL_7 },
  r8g: { memoryGibPerVcpu: 8, sizes: GRAVITON_4 },
};

/** Types that follow no such rule: [vCPUs, GiB]. */
const OTHERS: Record<string, [number, number]> = {
  'c4.large': [2, 3.75],
  'c4.xlarge': [4, 7.5],
  'c4.2xlarge': [8, 15],
  'c4.4xlarge': [16, 30],
  'c4.8xlarge': [36, 60],
  't2.medium': [2, 4],
  't2.large': [2, 8],
  't2.xlarge': [4, 16],
  't2.2xlarge': [8, 32],
};

const SMALL_VCPUS: Record<string, number> = { medium: 1, large: 2, xlarge: 4 };

export function generalFacts(type: string, family: string, size: string): InstanceFacts | undefined {
  const plain = { type, family, accelerator: 'none', accelerators: 0 } as const;
  const listed = OTHERS[`${family}.${size}`];
  if (listed !== undefined) return { ...plain, vcpus: listed[0], memoryGib: listed[1], localDisk: false };
  const known = Object.hasOwn(FAMILIES, family) ? FAMILIES[family] : undefined;
  if (known === undefined || !known.sizes.split(' ').includes(size)) return undefined;
  const vcpus = SMALL_VCPUS[size] ?? 4 * Number.parseInt(size, 10);
  return { ...plain, vcpus, memoryGib: vcpus * known.memoryGibPerVcpu, localDisk: known.localDisk === true };
}

export const generalTypes = (): string[] => [
  ...Object.keys(OTHERS).map((name) => `ml.${name}`),
  ...Object.entries(FAMILIES).flatMap(([family, { sizes }]) => sizes.split(' ').map((size) => `ml.${family}.${size}`)),
];
