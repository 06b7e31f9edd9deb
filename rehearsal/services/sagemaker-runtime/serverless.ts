import type { Cloud, Random } from '../../cloud/types';
import type { EndpointRecord, Variant } from '../sagemaker/state';
import type { InvocationMetrics } from './metrics';
import { checkServerless } from './request';

/** A serverless container that nobody used for so long has to start again. */
const IDLE_MILLIS = 5 * 60_000;
const START_MILLIS: [number, number] = [1000, 6000];

/** Starts the containers of serverless endpoints. */
export class Serverless {
  constructor(
    private readonly cloud: Cloud,
    private readonly random: Random,
    private readonly metrics: InvocationMetrics,
  ) {}

  /** How long a request waited for its container. As many at once as concurrency is provisioned find one that runs. */
  async warmUp({ name }: EndpointRecord, variant: Variant, body: Uint8Array): Promise<number> {
    checkServerless(variant, body);
    const now = this.cloud.clock.now();
    const provisioned = variant.inFlight < (variant.serverless?.provisionedConcurrency ?? 0);
    const cold = !provisioned && now - variant.lastUsedMillis > IDLE_MILLIS;
    variant.lastUsedMillis = now;
    if (!cold) return 0;
    const [least, most] = START_MILLIS;
    const setupMillis = Math.round(least + (most - least) * this.random.next());
    this.metrics.publishSetup(name, variant.variantName, setupMillis);
    await this.cloud.clock.sleep(setupMillis);
    return setupMillis;
  }
}
