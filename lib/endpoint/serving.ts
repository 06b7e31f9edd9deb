import type {
  AsynchronousServingProps,
  ComponentProps,
  EndpointVariantProps,
  InferenceComponentsServingProps,
  InstanceProps,
  RealTimeServingProps,
  ServedModelProps,
  ServerlessServingProps,
} from './serving-props';
import { EndpointMode } from './model-endpoint-ref';

/** @internal A variant, whatever the mode. */
export interface VariantParts extends InstanceProps {
  readonly name: string;
  readonly weight?: number;
  /** Missing where inference components bring the models. */
  readonly served?: ServedModelProps;
  readonly serverless?: ServerlessServingProps;
  readonly managed?: { readonly minCount: number; readonly maxCount: number };
}

/** @internal What an endpoint is made of. */
export interface ServingParts {
  readonly mode: EndpointMode;
  readonly variants: VariantParts[];
  readonly shadow?: VariantParts;
  readonly asynchronous?: AsynchronousServingProps;
  readonly components?: ComponentProps[];
  readonly regionTakesZero?: boolean;
}

const SINGLE = 'AllTraffic';

/**
 * How an endpoint serves.
 *
 * @example
 * const serving = Serving.realTime({
 *   variants: [
 *     {
 *       name: 'main',
 *       model: ModelSource.modelPackage('arn:aws:sagemaker:eu-west-1:111122223333:model-package/support-triage/7'),
 *       instance: EndpointInstance.G5_XLARGE,
 *       initialCount: 2,
 *     },
 *   ],
 * });
 */
export abstract class Serving {
  /**
   * Instances that answer at once, within 60 seconds.
   *
   * @param props variants and a shadow
   */
  static realTime(props: RealTimeServingProps): Serving {
    const { variants, shadow } = props;
    return new PlainServing({
      mode: EndpointMode.REAL_TIME,
      variants: variants.map(withInstances),
      ...(shadow === undefined ? {} : { shadow: withInstances(shadow) }),
    });
  }

  /**
   * Instances that take requests from a queue and put answers into a bucket, within an hour. Scaling may take them to zero. The endpoint
   * answers no request at once.
   *
   * @param props model, instances and bucket
   */
  static asynchronous(props: AsynchronousServingProps): Serving {
    return new PlainServing({ mode: EndpointMode.ASYNC, variants: [withInstances(props.variant)], asynchronous: props });
  }

  /**
   * No instances: SageMaker runs the container while there are requests. No GPU, no VPC, no data capture, 4 MB and 60 seconds a request.
   *
   * @param props model, memory and concurrency
   */
  static serverless(props: ServerlessServingProps): Serving {
    return new PlainServing({
      mode: EndpointMode.SERVERLESS,
      variants: [{ name: props.name ?? SINGLE, served: props, serverless: props }],
    });
  }

  /**
   * Models that share instances, each as copies, and go to zero on their own. Callers name the component.
   *
   * @param props instances and models
   */
  static inferenceComponents(props: InferenceComponentsServingProps): Serving {
    const { name, minCount, maxCount, regionTakesZero, ...instances } = props.instances;
    const initialCount = instances.initialCount ?? 1;
    const managed = { minCount: minCount ?? 0, maxCount: maxCount ?? initialCount + 1 };
    return new PlainServing({
      mode: EndpointMode.INFERENCE_COMPONENTS,
      variants: [{ ...instances, initialCount, name: name ?? SINGLE, managed }],
      components: props.components,
      ...(regionTakesZero === undefined ? {} : { regionTakesZero }),
    });
  }

  /** @internal */
  abstract readonly _parts: ServingParts;
}

class PlainServing extends Serving {
  constructor(override readonly _parts: ServingParts) {
    super();
  }
}

const withInstances = (variant: EndpointVariantProps): VariantParts => ({
  ...variant,
  initialCount: variant.initialCount ?? 1,
  weight: variant.weight ?? 1,
  served: variant,
});
