import type { Duration } from 'aws-cdk-lib';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { ModelSource } from '../model/model-source';
import type { EndpointInstance } from './endpoint-instance';
import type { Routing } from './routing';

/** A model as an endpoint runs it. */
export interface ServedModelProps {
  /** What SageMaker is asked to run. */
  readonly model: ModelSource;

  /**
   * Environment variables of the container: at most 100, each at most 1024 characters.
   *
   * @default - those of the model
   */
  readonly environment?: Record<string, string>;

  /**
   * Environment variable → secret whose ARN it gets; the container may read the secret.
   *
   * @default - none
   */
  readonly secrets?: Record<string, secretsmanager.ISecret>;

  /**
   * Whether you accept the end-user licence of a gated model, such as JumpStart's, whose artefact lies in S3.
   *
   * @default - SageMaker refuses artefacts that ask for it
   */
  readonly acceptEula?: boolean;
}

/** One of the types that SageMaker may take, by priority. */
export interface InstancePool {
  /** The instance type. */
  readonly instance: EndpointInstance;

  /**
   * 1 is tried first; at most 5.
   *
   * @default - its place in the list
   */
  readonly priority?: number;

  /**
   * A model for this type alone, such as one compiled for its chips.
   *
   * @default - the variant's model
   */
  readonly model?: ModelSource;
}

/** Instances, and how a model comes to stand on them. */
export interface InstanceProps {
  /**
   * The instance type.
   *
   * @default - that of `instancePools`
   */
  readonly instance?: EndpointInstance;

  /**
   * Up to five types in the place of one: where the first has no capacity the next is asked.
   *
   * @default - `instance` alone
   */
  readonly instancePools?: InstancePool[];

  /**
   * Instances when the endpoint is created. Later updates keep the count that scaling or people left: it is never set back.
   *
   * @default 1
   */
  readonly initialCount?: number;

  /**
   * Size of each instance's volume, in GiB, from 1 to 512. Not for types that have disks of their own.
   *
   * @default - SageMaker's
   */
  readonly volumeGib?: number;

  /**
   * How long downloading and unpacking the model may take, from 1 to 60 minutes.
   *
   * @default - SageMaker's
   */
  readonly downloadTimeout?: Duration;

  /**
   * How long the container may take to pass its health check, from 1 to 60 minutes.
   *
   * @default - SageMaker's
   */
  readonly startupTimeout?: Duration;

  /**
   * How long SageMaker may look for capacity, from 5 to 60 minutes.
   *
   * @default - SageMaker's
   */
  readonly provisionTimeout?: Duration;

  /**
   * Which instance gets a request.
   *
   * @default - SageMaker's: random
   */
  readonly routing?: Routing;

  /**
   * Version of SageMaker's machine image, for a driver that the container needs, such as `al2023-ami-sagemaker-inference-gpu-4-1`.
   *
   * @default - SageMaker's
   */
  readonly inferenceAmiVersion?: string;
}

/** A model with instances of its own. */
export interface EndpointVariantProps extends ServedModelProps, InstanceProps {
  /** Name of the variant: at most 63 letters, digits and -. Updates find the variant by it. */
  readonly name: string;

  /**
   * Share of the traffic, over the sum of all variants' weights, when the endpoint is created. With 0 the variant is dark: only callers
   * that name it reach it. Later updates keep the weight that people or releases left: it is never set back.
   *
   * @default 1
   */
  readonly weight?: number;
}

/** Instances that answer at once. */
export interface RealTimeServingProps {
  /** One to ten production variants. */
  readonly variants: EndpointVariantProps[];

  /**
   * A variant that gets a copy of the traffic and whose answers nobody sees. Its weight is the share that is copied, over that of the
   * production variant. With one production variant only.
   *
   * @default - none
   */
  readonly shadow?: EndpointVariantProps;
}

/** Instances behind a queue. */
export interface AsynchronousServingProps {
  /** The model and its instances. */
  readonly variant: EndpointVariantProps;

  /**
   * Requests at once and instance, from 1 to 1000.
   *
   * @default - SageMaker's
   */
  readonly concurrentPerInstance?: number;

  /**
   * Bucket of requests (`requests/`), answers (`answers/`) and failures (`failures/`).
   *
   * @default - a new one, which forgets after `retentionDays`
   */
  readonly bucket?: s3.IBucket;

  /**
   * How long a new bucket keeps requests and answers, in days.
   *
   * @default 7
   */
  readonly retentionDays?: number;

  /**
   * Topic that hears of answers.
   *
   * @default - none
   */
  readonly successTopic?: sns.ITopic;

  /**
   * Topic that hears of failures.
   *
   * @default - none
   */
  readonly errorTopic?: sns.ITopic;
}

/** No instances: SageMaker runs the container while there are requests. */
export interface ServerlessServingProps extends ServedModelProps {
  /**
   * Name of the variant.
   *
   * @default AllTraffic
   */
  readonly name?: string;

  /** Memory of a container, in MiB: 1024, 2048, 3072, 4096, 5120 or 6144. */
  readonly memoryMib: number;

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

/** A model of which copies share instances with those of others. */
export interface ComponentProps extends ServedModelProps {
  /** Name: with the endpoint's before it, it names the component. */
  readonly name: string;

  /** Memory of one copy at least, in MiB, from 128. */
  readonly memoryMib: number;

  /**
   * Memory of one copy at most, in MiB.
   *
   * @default - not limited
   */
  readonly maxMemoryMib?: number;

  /**
   * CPU cores of one copy, from 0.25.
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
   * Copies, from 1. Each update of the component sets them back to this number: leave it out where scaling decides.
   *
   * @default - one at the start, which no update touches again
   */
  readonly copies?: number;

  /**
   * How long downloading the model may take, from 1 to 60 minutes.
   *
   * @default - SageMaker's
   */
  readonly downloadTimeout?: Duration;

  /**
   * How long the container may take to pass its health check, from 1 to 60 minutes.
   *
   * @default - SageMaker's
   */
  readonly startupTimeout?: Duration;
}

/** The instances that inference components share. SageMaker makes as many as the copies need. */
export interface SharedInstancesProps extends InstanceProps {
  /**
   * Name of the variant.
   *
   * @default AllTraffic
   */
  readonly name?: string;

  /**
   * The fewest instances; 0: the endpoint goes to zero with its last copy.
   *
   * @default 0
   */
  readonly minCount?: number;

  /**
   * Whether the region takes a `minCount` of 0.
   *
   * @default - as far as is known: not eu-west-3
   */
  readonly regionTakesZero?: boolean;

  /**
   * The most instances.
   *
   * @default - one more than `initialCount`: while a component is updated, copies of before and after stand side by side
   */
  readonly maxCount?: number;
}

/** Models that share instances. */
export interface InferenceComponentsServingProps {
  /** The instances. */
  readonly instances: SharedInstancesProps;

  /** The models, at least one. */
  readonly components: ComponentProps[];
}
