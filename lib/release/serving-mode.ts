/** A serverless endpoint. */
export interface ServerlessMode {
  /**
   * Memory of a container, in MiB: 1024, 2048, 3072, 4096, 5120 or 6144.
   *
   * @default 2048
   */
  readonly memoryMib?: number;

  /**
   * Requests at once, from 1 to 200.
   *
   * @default 20
   */
  readonly maxConcurrency?: number;

  /**
   * Containers that are kept warm, at most `maxConcurrency`. They cost all the time.
   *
   * @default - none
   */
  readonly provisionedConcurrency?: number;
}

/** An endpoint whose requests wait in a queue. */
export interface AsynchronousMode {
  /**
   * Requests at once and instance, from 1 to 1000.
   *
   * @default - SageMaker's
   */
  readonly concurrentPerInstance?: number;
}

/** A model as copies on an endpoint's instances. */
export interface InferenceComponentsMode {
  /** Memory of one copy, in MiB, from 128. */
  readonly memoryMib: number;

  /**
   * CPU cores of one copy.
   *
   * @default - SageMaker's
   */
  readonly cpus?: number;

  /**
   * GPUs or chips of one copy.
   *
   * @default - none
   */
  readonly accelerators?: number;

  /**
   * Fewest copies; 0: none while nobody asks, where `scaling` is set.
   *
   * @default 1
   */
  readonly minCopies?: number;

  /**
   * Most copies.
   *
   * @default - as many as `minCopies`, at least 1
   */
  readonly maxCopies?: number;
}

/**
 * How a release answers. In every mode but real-time each release has an endpoint of its own, between which the control record moves traffic.
 *
 * @example
 * const mode = ServingMode.serverless({ memoryMib: 3072, maxConcurrency: 50 });
 */
export abstract class ServingMode {
  /** Instances that answer at once: releases share an endpoint. */
  static realTime(): ServingMode {
    return new PlainMode({ mode: 'real-time' });
  }

  /**
   * No instances: SageMaker runs the container while there are requests. No GPU, no VPC, no data capture.
   *
   * @param options memory and concurrency
   */
  static serverless(options?: ServerlessMode): ServingMode {
    const { memoryMib = 2048, maxConcurrency, provisionedConcurrency } = options ?? {};
    return new PlainMode({ mode: 'serverless', serverless: { memoryMb: memoryMib, maxConcurrency, provisionedConcurrency } });
  }

  /**
   * Requests wait in a queue and answers go to a bucket. Scales to zero where `minInstances` is 0 and `scaling` is set.
   *
   * @param options concurrency
   */
  static asynchronous(options?: AsynchronousMode): ServingMode {
    return new PlainMode({ mode: 'async', async: { concurrentPerInstance: options?.concurrentPerInstance } });
  }

  /**
   * Copies of the model on the endpoint's instances. Scales to zero where `minCopies` and `minInstances` are 0 and `scaling` is set.
   *
   * @param options what one copy takes, and how many there are
   */
  static inferenceComponents(options: InferenceComponentsMode): ServingMode {
    const { memoryMib, cpus, accelerators, minCopies = 1, maxCopies = Math.max(1, minCopies) } = options;
    const component = { memoryMb: memoryMib, cpus, accelerators, copies: { min: minCopies, max: maxCopies } };
    return new PlainMode({ mode: 'inference-components', component });
  }

  /** @internal The same as the charter would write it. */
  abstract readonly _charter: Record<string, unknown>;
}

class PlainMode extends ServingMode {
  constructor(override readonly _charter: Record<string, unknown>) {
    super();
  }
}
