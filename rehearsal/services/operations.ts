import { VirtualClock } from '../kernel/clock';
import { createCloud } from '../kernel/cloud';
import { createRandom } from '../kernel/random';
import type { ServiceDouble } from '../cloud/types';
import { createDoubles } from '.';

let known: ReadonlyMap<string, readonly string[]> | undefined;

/** Every service that the laptop cloud simulates, with its operations, both sorted by name. */
export function simulatedOperations(): ReadonlyMap<string, readonly string[]> {
  return (known ??= readDoubles());
}

/** The doubles say themselves what they have; the cloud around them never runs. */
function readDoubles(): ReadonlyMap<string, readonly string[]> {
  let doubles: ServiceDouble[] = [];
  createCloud({
    clock: new VirtualClock({ startMillis: 0 }),
    random: createRandom(0),
    doubles: (cloud) => (doubles = createDoubles(cloud)),
  });
  return new Map(
    doubles
      .map(({ service, operations }) => [service, Object.keys(operations).sort()] as const)
      .sort(([left], [right]) => (left < right ? -1 : 1)),
  );
}
