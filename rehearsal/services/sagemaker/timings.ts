import type { Random } from '../../cloud/types';
import type { EndpointChange } from './faults';
import type { VariantDefinition } from './state';

const MINUTE = 60_000;

type Minutes = [least: number, most: number];

/** How long instances of a class take to start with a model: AWS publishes no figures, these are what users see. */
interface ClassMinutes {
  create: Minutes;
  update: Minutes;
  /** An instance for inference components. */
  host: Minutes;
  /** A copy of an inference component on an instance that is there. */
  copy: Minutes;
}

const CLASSES: { pattern: RegExp; minutes: ClassMinutes }[] = [
  { pattern: /^serverless$/, minutes: { create: [1, 2.5], update: [1, 2], host: [1, 2], copy: [1, 2] } },
  { pattern: /^ml\.(p\d|trn)/, minutes: { create: [8, 15], update: [7, 14], host: [2, 5], copy: [4, 9] } },
  { pattern: /^ml\.(g\d|inf)/, minutes: { create: [4, 8], update: [3, 7], host: [1.5, 2.5], copy: [2, 4] } },
];
const CPU: ClassMinutes = { create: [3, 6], update: [3, 6], host: [1, 2], copy: [1, 2.5] };

const WEIGHT_MINUTES: Minutes = [1, 2];
export const ROLLBACK_MINUTES: Minutes = [1, 3];
export const DELETE_MINUTES: Minutes = [0.3, 1];
export const MAINTENANCE_MINUTES: Minutes = [5, 15];
/** Until SageMaker gives up on a pool and asks the next. */
export const POOL_MINUTES: Minutes = [2, 4];
export const BATCH_MINUTES: Minutes = [2, 4];

const classOf = (instanceType: string): ClassMinutes => CLASSES.find(({ pattern }) => pattern.test(instanceType))?.minutes ?? CPU;

export const hostMinutes = (instanceType: string): Minutes => classOf(instanceType).host;
export const copyMinutes = (instanceType: string): Minutes => classOf(instanceType).copy;

/** The slowest variant decides. */
export function changeMinutes(operation: EndpointChange, variants: VariantDefinition[], grows: boolean): Minutes {
  if (operation === 'UpdateEndpointWeightsAndCapacities' && !grows) return WEIGHT_MINUTES;
  const phase = operation === 'CreateEndpoint' ? 'create' : 'update';
  return variants
    .map(({ instanceType }) => classOf(instanceType)[phase])
    .reduce((slowest, minutes) => (minutes[1] > slowest[1] ? minutes : slowest));
}

export const drawMillis = (random: Random, [least, most]: Minutes): number => Math.round((least + (most - least) * random.next()) * MINUTE);
