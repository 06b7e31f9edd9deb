import { instanceFacts, modelsThatFit } from '../../core/instances';
import { BUILT_IN_PRICES, instancePrice, offeredIn } from '../../core/prices';

/** What an instance type has, where the catalogue does not know it or is to be corrected. */
export interface EndpointInstanceFacts {
  /**
   * GPUs, Inferentia or Trainium chips; 0 for none.
   *
   * @default - as in the catalogue of instance types, else unknown
   */
  readonly accelerators?: number;

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
   * The only regions that have it.
   *
   * @default - as in the price book, else unknown
   */
  readonly regions?: string[];
}

/**
 * An instance type of SageMaker's endpoints. The list is open: `EndpointInstance.of('ml.…')` takes any. What is not known of a type is
 * undefined, and nothing is refused for it.
 *
 * @example
 * const instance = EndpointInstance.of('ml.g9.xlarge', { accelerators: 1, hasLocalDisk: true, regions: ['us-east-1'] });
 */
export class EndpointInstance {
  /** 2 vCPUs, 8 GiB. */
  static readonly M5_LARGE = EndpointInstance.of('ml.m5.large');
  /** 4 vCPUs, 16 GiB. */
  static readonly M5_XLARGE = EndpointInstance.of('ml.m5.xlarge');
  /** 2 vCPUs, 8 GiB, Graviton: only for images for ARM. */
  static readonly M6G_LARGE = EndpointInstance.of('ml.m6g.large');
  /** 2 vCPUs, 8 GiB. */
  static readonly M7I_LARGE = EndpointInstance.of('ml.m7i.large');
  /** 4 vCPUs, 16 GiB. */
  static readonly M7I_XLARGE = EndpointInstance.of('ml.m7i.xlarge');
  /** 4 vCPUs, 8 GiB. */
  static readonly C5_XLARGE = EndpointInstance.of('ml.c5.xlarge');
  /** 4 vCPUs, 8 GiB. */
  static readonly C7I_XLARGE = EndpointInstance.of('ml.c7i.xlarge');
  /** 1 NVIDIA T4 with 16 GiB. */
  static readonly G4DN_XLARGE = EndpointInstance.of('ml.g4dn.xlarge');
  /** 1 NVIDIA A10G with 24 GiB. */
  static readonly G5_XLARGE = EndpointInstance.of('ml.g5.xlarge');
  /** 1 NVIDIA A10G with 24 GiB. */
  static readonly G5_2XLARGE = EndpointInstance.of('ml.g5.2xlarge');
  /** 4 NVIDIA A10G with 24 GiB each. */
  static readonly G5_12XLARGE = EndpointInstance.of('ml.g5.12xlarge');
  /** 8 NVIDIA A10G with 24 GiB each. */
  static readonly G5_48XLARGE = EndpointInstance.of('ml.g5.48xlarge');
  /** 1 NVIDIA L4 with 24 GiB. */
  static readonly G6_XLARGE = EndpointInstance.of('ml.g6.xlarge');
  /** 1 NVIDIA L4 with 24 GiB. */
  static readonly G6_2XLARGE = EndpointInstance.of('ml.g6.2xlarge');
  /** 4 NVIDIA L4 with 24 GiB each. */
  static readonly G6_12XLARGE = EndpointInstance.of('ml.g6.12xlarge');
  /** 1 NVIDIA L40S with 48 GiB. */
  static readonly G6E_XLARGE = EndpointInstance.of('ml.g6e.xlarge');
  /** 1 NVIDIA L40S with 48 GiB. */
  static readonly G6E_2XLARGE = EndpointInstance.of('ml.g6e.2xlarge');
  /** 4 NVIDIA L40S with 48 GiB each. */
  static readonly G6E_12XLARGE = EndpointInstance.of('ml.g6e.12xlarge');
  /** 8 NVIDIA L40S with 48 GiB each. */
  static readonly G6E_48XLARGE = EndpointInstance.of('ml.g6e.48xlarge');
  /** 8 NVIDIA A100 with 40 GiB each. */
  static readonly P4D_24XLARGE = EndpointInstance.of('ml.p4d.24xlarge');
  /** 1 NVIDIA H100 with 80 GiB. */
  static readonly P5_4XLARGE = EndpointInstance.of('ml.p5.4xlarge');
  /** 8 NVIDIA H100 with 80 GiB each. */
  static readonly P5_48XLARGE = EndpointInstance.of('ml.p5.48xlarge');
  /** 1 Inferentia2: for models compiled with Neuron. */
  static readonly INF2_XLARGE = EndpointInstance.of('ml.inf2.xlarge');
  /** 6 Inferentia2: for models compiled with Neuron. */
  static readonly INF2_24XLARGE = EndpointInstance.of('ml.inf2.24xlarge');
  /** 1 Trainium: for models compiled with Neuron. */
  static readonly TRN1_2XLARGE = EndpointInstance.of('ml.trn1.2xlarge');
  /** 16 Trainium: for models compiled with Neuron. */
  static readonly TRN1_32XLARGE = EndpointInstance.of('ml.trn1.32xlarge');

  /**
   * Any instance type.
   *
   * @param typeName such as `ml.g5.xlarge`
   * @param facts what it has
   */
  static of(typeName: string, facts?: EndpointInstanceFacts): EndpointInstance {
    return new EndpointInstance(typeName, facts ?? {});
  }

  private constructor(
    /** Name of the type, such as `ml.g5.xlarge`: also the key of its price in a price book. */
    readonly typeName: string,
    private readonly given: EndpointInstanceFacts,
  ) {}

  /** @internal Whether the catalogue has it. */
  get _isListed(): boolean {
    return instanceFacts(this.typeName) !== undefined;
  }

  /** @internal The only regions that have it, where the app says so. */
  get _regions(): string[] | undefined {
    return this.given.regions;
  }

  /** GPUs; undefined: unknown. */
  get gpus(): number | undefined {
    const known = instanceFacts(this.typeName);
    if (known === undefined) return this.given.accelerators;
    return known.accelerator === 'gpu' ? this.accelerators : 0;
  }

  /** GPUs, Inferentia or Trainium chips; undefined: unknown. */
  get accelerators(): number | undefined {
    return this.given.accelerators ?? instanceFacts(this.typeName)?.accelerators;
  }

  /** Memory of each GPU or chip, in GiB; undefined: unknown, or none. */
  get acceleratorMemoryGib(): number | undefined {
    return instanceFacts(this.typeName)?.acceleratorMemoryGib;
  }

  /** Memory of the instance, in GiB; undefined: unknown. */
  get memoryGib(): number | undefined {
    return this.given.memoryGib ?? instanceFacts(this.typeName)?.memoryGib;
  }

  /** Virtual CPUs; undefined: unknown. */
  get vcpus(): number | undefined {
    return this.given.vcpus ?? instanceFacts(this.typeName)?.vcpus;
  }

  /** Whether it has disks of its own; undefined: unknown. */
  get hasLocalDisk(): boolean | undefined {
    return this.given.hasLocalDisk ?? instanceFacts(this.typeName)?.localDisk;
  }

  /** Whether only models that were compiled with Neuron run on its chips; undefined: unknown. */
  get needsNeuron(): boolean | undefined {
    const accelerator = instanceFacts(this.typeName)?.accelerator;
    return accelerator === undefined ? undefined : accelerator === 'inferentia' || accelerator === 'trainium';
  }

  /** Parameters, in thousand millions, of the largest model in 16 bits that its memory takes, a rule of thumb; undefined: unknown. */
  get largestModelBillions(): number | undefined {
    const known = instanceFacts(this.typeName);
    return known === undefined ? undefined : modelsThatFit(known).parametersBillion16Bit;
  }

  /**
   * Price per instance and hour, in US dollars, as the built-in price book has it; undefined: unknown, never free.
   *
   * @param region such as `eu-west-1`
   */
  pricePerHour(region: string): number | undefined {
    const price = instancePrice(BUILT_IN_PRICES, region, this.typeName);
    return price.known ? price.perHour : undefined;
  }

  /**
   * Whether a region has it; undefined: unknown.
   *
   * @param region such as `eu-west-1`
   */
  isOfferedIn(region: string): boolean | undefined {
    return this.given.regions === undefined ? offeredIn(BUILT_IN_PRICES, region, this.typeName) : this.given.regions.includes(region);
  }
}
