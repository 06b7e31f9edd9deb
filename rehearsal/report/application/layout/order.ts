import type { Chain, Slot } from './graph';

const SWEEPS = 8;

type Neighbours = Map<Slot, Slot[]>;

/** What a slot is linked with in the layer above and in that below. */
export function neighboursOf(chains: readonly Chain[]): { above: Neighbours; below: Neighbours } {
  const above: Neighbours = new Map();
  const below: Neighbours = new Map();
  const add = (to: Neighbours, slot: Slot, other: Slot): void => void to.set(slot, [...(to.get(slot) ?? []), other]);
  for (const { slots } of chains)
    slots.slice(1).forEach((lower, index) => {
      const upper = slots[index]!;
      add(above, lower, upper);
      add(below, upper, lower);
    });
  return { above, below };
}

const placesOf = (layer: readonly Slot[]): Map<Slot, number> => new Map(layer.map((slot, place) => [slot, place]));

/** The same layer, each slot near the middle of what it is linked with; what is linked with nothing keeps its place. */
function byMiddle(layer: readonly Slot[], fixed: readonly Slot[], linked: Neighbours): Slot[] {
  const places = placesOf(fixed);
  const middle = (slot: Slot, place: number): number => {
    const known = (linked.get(slot) ?? []).map((other) => places.get(other) ?? 0);
    return known.length === 0 ? place : known.reduce((sum, one) => sum + one, 0) / known.length;
  };
  return layer
    .map((slot, place) => ({ slot, place, middle: middle(slot, place) }))
    .sort((one, other) => one.middle - other.middle || one.place - other.place)
    .map(({ slot }) => slot);
}

function crossings(layers: readonly (readonly Slot[])[], below: Neighbours): number {
  let count = 0;
  layers.slice(0, -1).forEach((layer, index) => {
    const places = placesOf(layers[index + 1]!);
    const links = layer.flatMap((slot, place) => (below.get(slot) ?? []).map((other): [number, number] => [place, places.get(other) ?? 0]));
    links.forEach(([upper, lower], one) => {
      for (const [otherUpper, otherLower] of links.slice(one + 1)) if ((upper - otherUpper) * (lower - otherLower) < 0) count += 1;
    });
  });
  return count;
}

/** Layers in an order with few crossings: sweeps down and up, the best of which is kept. */
export function ordered(layers: readonly Slot[][], chains: readonly Chain[]): Slot[][] {
  const { above, below } = neighboursOf(chains);
  let current = layers.map((layer) => [...layer]);
  let best = current;
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const next = current.map((layer) => [...layer]);
    if (sweep % 2 === 0) for (let index = 1; index < next.length; index += 1) next[index] = byMiddle(next[index]!, next[index - 1]!, above);
    else for (let index = next.length - 2; index >= 0; index -= 1) next[index] = byMiddle(next[index]!, next[index + 1]!, below);
    current = next;
    if (crossings(current, below) < crossings(best, below)) best = current;
  }
  return best;
}
