/** How an endpoint that is aware of prefixes routes. */
export interface PrefixAwareRoutingProps {
  /**
   * How much of a request's beginning is compared, in bytes, from 1024 to 65 536.
   *
   * @default 4096
   */
  readonly prefixLengthBytes?: number;

  /**
   * Requests under way on an instance or copy from which on another one is chosen, from 1 to 1024.
   *
   * @default 16
   */
  readonly concurrencyThreshold?: number;
}

/**
 * Which instance of a variant gets a request.
 *
 * @example
 * const routing = Routing.prefixAware({ prefixLengthBytes: 8192, concurrencyThreshold: 8 });
 */
export class Routing {
  /** The one with the fewest requests under way: for models whose answers take long and unevenly. */
  static leastOutstanding(): Routing {
    return new Routing('least-outstanding');
  }

  /** Any. */
  static random(): Routing {
    return new Routing('random');
  }

  /**
   * The one that answered a request with the same beginning before: its cache of the prompt is warm.
   *
   * @param props prefix and threshold
   */
  static prefixAware(props?: PrefixAwareRoutingProps): Routing {
    return new Routing('prefix-aware', props?.prefixLengthBytes ?? 4096, props?.concurrencyThreshold ?? 16);
  }

  private constructor(
    /** @internal */
    readonly _strategy: 'least-outstanding' | 'random' | 'prefix-aware',
    /** @internal */
    readonly _prefixLength?: number,
    /** @internal */
    readonly _concurrencyThreshold?: number,
  ) {}
}
