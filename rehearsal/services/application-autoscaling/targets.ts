import { AwsError, UnsupportedError, type Members } from '../../cloud/types';
import { COUNT_DIMENSION } from '../sagemaker/scaling-targets';

export const COPIES_DIMENSION = 'sagemaker:inference-component:DesiredCopyCount';

/** What is scaled: instances of a production variant, or copies of an inference component. */
export type ScaledThing = { kind: 'variant'; endpointName: string; variantName: string } | { kind: 'component'; componentName: string };

export interface ScalableTarget {
  id: string;
  arn: string;
  resourceId: string;
  dimension: string;
  thing: ScaledThing;
  minCapacity: number;
  maxCapacity: number;
  roleArn: string;
  suspended: { in: boolean; out: boolean; scheduled: boolean };
  createdAtMillis: number;
  /** How it was scaled in last, by whichever policy. */
  lastIn?: Scaling;
}

export interface Scaling {
  /** Count before; of scaling out within a cooldown: before the first of its kind. */
  from: number;
  /** Undefined: under way. */
  completedAtMillis?: number;
}

export const invalid = (message: string): AwsError => new AwsError('ValidationException', message);
export const notFound = (message: string): AwsError => new AwsError('ObjectNotFoundException', message);

const VARIANT = /^endpoint\/([^/]+)\/variant\/([^/]+)$/;
const COMPONENT = /^inference-component\/([^/]+)$/;
const DIMENSIONS = [COUNT_DIMENSION, COPIES_DIMENSION];

/** Only SageMaker's instances and copies are scaled here. */
export function checkScope(operation: string, input: Members): void {
  const { ServiceNamespace: namespace, ScalableDimension: dimension } = input;
  if (namespace !== 'sagemaker')
    throw new UnsupportedError(
      `Application Auto Scaling ${operation} for the namespace ${String(namespace)} is not supported by the laptop cloud. Use sagemaker.`,
    );
  if (dimension !== undefined && !DIMENSIONS.includes(String(dimension)))
    throw new UnsupportedError(
      `Application Auto Scaling ${operation} for the dimension ${String(dimension)} is not supported by the laptop cloud. Use ${DIMENSIONS.join(' or ')}.`,
    );
}

/** What a resource ID names; its form must be that of the dimension. */
export function thingOf(resourceId: unknown, dimension: unknown): ScaledThing {
  const id = String(resourceId);
  const isComponent = dimension === COPIES_DIMENSION;
  const match = (isComponent ? COMPONENT : VARIANT).exec(id);
  if (match === null)
    throw invalid(
      `Unsupported resource ID: ${id}. For ${String(dimension)} it must be ${isComponent ? 'inference-component/<name>' : 'endpoint/<name>/variant/<name>'}.`,
    );
  return isComponent
    ? { kind: 'component', componentName: match[1]! }
    : { kind: 'variant', endpointName: match[1]!, variantName: match[2]! };
}

export const keyOf = (resourceId: unknown, dimension: unknown): string => `${String(resourceId)}|${String(dimension)}`;

export const inWords = (input: Members): string =>
  `service namespace: sagemaker, resource ID: ${String(input.ResourceId)}, scalable dimension: ${String(input.ScalableDimension)}`;

export const scopeOf = ({ resourceId, dimension }: ScalableTarget): Members => ({
  ServiceNamespace: 'sagemaker',
  ResourceId: resourceId,
  ScalableDimension: dimension,
});
