/** What an instance type has. What is not given is unknown, and nothing is refused for it. */
export interface EndpointInstanceFacts {
  /**
   * GPUs, 0 for none.
   *
   * @default - as in the catalogue of instance types, else unknown
   */
  readonly gpus?: number;

  /**
   * Memory of all GPUs or accelerators together, in GiB.
   *
   * @default - as in the catalogue of instance types, else unknown
   */
  readonly acceleratorMemoryGib?: number;

  /**
   * Inferentia or Trainium chips, 0 for none.
   *
   * @default - as in the catalogue of instance types, else unknown
   */
  readonly neuronChips?: number;

  /**
   * Memory, in GiB.
   *
   * @default - as in the catalogue of instance types, else unknown
   */
  readonly memoryGib?: number;

  /**
   * Virtual CPUs.
   *
   * @default - as in the catalogue of instance types, else unknown
   */
  readonly vcpus?: number;

  /**
   * Whether it has disks of its own: SageMaker then takes no volume size and no key of the customer.
   *
   * @default - as in the catalogue of instance types, else unknown
   */
  readonly hasLocalDisk?: boolean;

  /**
   * Regions that have it.
   *
   * @default - as in the catalogue of instance types, else unknown
   */
  readonly regions?: string[];
}
