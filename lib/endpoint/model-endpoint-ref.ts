import type { IConstruct, IDependable } from 'constructs';
import type { EndpointInstance } from './endpoint-instance';

/** How an endpoint serves. */
export enum EndpointMode {
  /** Instances that answer at once. */
  REAL_TIME = 'real-time',
  /** Instances that take requests from a queue and answer into a bucket. */
  ASYNC = 'async',
  /** No instances of one's own. */
  SERVERLESS = 'serverless',
  /** Models share instances, each as copies. */
  INFERENCE_COMPONENTS = 'inference-components',
}

/** A production variant as scaling, metrics and alarms see it. */
export interface ServedVariant {
  /** Name of the variant, as metrics and scaling name it. */
  readonly variantName: string;

  /**
   * Instance types, the first is tried first.
   *
   * @default - none: the variant is serverless
   */
  readonly instances?: EndpointInstance[];

  /**
   * Instances at the start.
   *
   * @default - none: the variant is serverless
   */
  readonly initialCount?: number;

  /**
   * Requests at once that a serverless variant takes.
   *
   * @default - none: the variant has instances
   */
  readonly maxConcurrency?: number;
}

/** An inference component as scaling, metrics and alarms see it. */
export interface ServedComponent {
  /** Name of the component, as metrics, scaling and callers name it. */
  readonly componentName: string;

  /** Name of the variant on whose instances its copies run. */
  readonly variantName: string;

  /** Copies at the start. */
  readonly initialCopies: number;
}

/** An endpoint, made here or elsewhere. */
export interface IModelEndpoint extends IConstruct {
  /** Name of the endpoint: known at synth, so what the endpoint depends on can name it. */
  readonly endpointName: string;

  /** ARN of the endpoint. */
  readonly endpointArn: string;

  /**
   * Name of the config that the endpoint is given, by which scaling knows whether a deploy of it is done.
   *
   * @default - unknown: the endpoint was made elsewhere
   */
  readonly endpointConfigName?: string;

  /** How it serves. */
  readonly mode: EndpointMode;

  /** Its production variants, at least one. */
  readonly variants: ServedVariant[];

  /** Its inference components; empty in the other modes. */
  readonly components: ServedComponent[];

  /** What must stand before anything is registered for the endpoint: the endpoint in service, with its components. */
  readonly inService: IDependable;

  /**
   * Makes CloudFormation update the endpoint only after something else: what must be gone before its instances change.
   *
   * @param dependency what comes first; it may name the endpoint, not refer to it
   */
  updateAfter(dependency: IDependable): void;
}
