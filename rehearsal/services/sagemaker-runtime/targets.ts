import { AwsError, type Cloud, type Members, type Random } from '../../cloud/types';
import type { ComponentRecord } from '../sagemaker/components';
import type { SageMaker } from '../sagemaker';
import type { Container, EndpointRecord, ModelImage, Variant } from '../sagemaker/state';
import { chooseVariant, refused } from './request';

/** What answers: the containers of a variant, or a copy of an inference component. */
export interface Worker {
  container: Container;
  model: ModelImage;
  inFlight: number;
  busyMillis: number;
}

export interface Target {
  variant: Variant;
  worker: Worker;
  component: ComponentRecord | undefined;
}

/** Both messages are SageMaker's own. */
const NAME_NEEDED =
  'Inference Component Name header is required for endpoints to which you plan to deploy inference components. ' +
  'Please include Inference Component Name header or consider using SageMaker models.';
const NAME_NOT_ALLOWED =
  'Inference Component Name header is not allowed for endpoints to which you dont plan to deploy inference components. ' +
  'Please remove the Inference Component Name header and try again.';
const NO_CAPACITY =
  'Inference Component has no capacity to process this request. ApplicationAutoScaling may be in-progress (if configured) ' +
  'or try to increase the capacity by invoking UpdateInferenceComponentRuntimeConfig API.';

export class NoCopyError extends AwsError {
  constructor(readonly component: ComponentRecord) {
    super('ValidationError', NO_CAPACITY);
  }
}

/** Finds who answers a request. */
export class Targets {
  private readonly random: Random;

  constructor(
    private readonly cloud: Cloud,
    private readonly splits: Random,
  ) {
    this.random = cloud.random.fork('sagemaker-runtime:copies');
  }

  choose(sageMaker: SageMaker, endpoint: EndpointRecord, input: Members): Target {
    const hosts = endpoint.variants[0]?.hosts !== undefined;
    if (!hosts) {
      if (input.InferenceComponentName !== undefined) throw refused(NAME_NOT_ALLOWED);
      const variant = chooseVariant(this.cloud, this.splits, endpoint, input);
      return { variant, worker: variant, component: undefined };
    }
    if (input.InferenceComponentName === undefined) throw refused(NAME_NEEDED);
    if (input.TargetVariant !== undefined) throw refused('TargetVariant cannot be used with an inference component.');
    const component = sageMaker.findComponent(String(input.InferenceComponentName));
    const variant = endpoint.variants.find(({ variantName }) => variantName === component?.variantName);
    if (component?.endpointArn !== endpoint.arn || variant === undefined)
      throw refused(
        `Inference Component ${String(input.InferenceComponentName)} not found for endpoint ${endpoint.name} of account ${this.cloud.accountId}.`,
      );
    return { variant, worker: this.copyOf(component, variant), component };
  }

  /** A copy at random, or by default the one with the fewest requests in flight. */
  private copyOf(component: ComponentRecord, { routing }: Variant): Worker {
    const copies = component.copies.filter(({ answers }) => answers);
    if (copies.length === 0) throw new NoCopyError(component);
    if (copies.length === 1) return copies[0]!;
    if (routing?.RoutingStrategy === 'RANDOM') return copies[this.random.integer(copies.length)]!;
    const fewest = Math.min(...copies.map(({ inFlight }) => inFlight));
    const free = copies.filter(({ inFlight }) => inFlight === fewest);
    return free[this.random.integer(free.length)]!;
  }
}
