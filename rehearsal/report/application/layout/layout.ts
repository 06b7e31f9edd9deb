import { layered, type Chain, type Edge, type Node, type Slot } from './graph';
import { grouped } from './grouped';
import { neighboursOf, ordered } from './order';

const GAP_X = 18;
const GAP_Y = 40;
const PASSES = 10;
const PORT_GAP = 16;

export interface Point {
  x: number;
  y: number;
}

export interface Box extends Node {
  x: number;
  y: number;
}

export interface Route {
  edge: Edge;
  /** From its start to its end, through the layers between. */
  points: Point[];
  /** It runs against the flow. */
  upwards: boolean;
}

export interface Layout {
  width: number;
  height: number;
  boxes: Box[];
  routes: Route[];
}

/** Boxes in layers from top to bottom and the ways of the edges between them; the same graph gives the same picture. */
export function layOut(nodes: readonly Node[], edges: readonly Edge[]): Layout {
  const { layers, chains } = layered(nodes, edges);
  const rows = ordered(layers, chains);
  const centres = centresOf(rows, chains);
  const least = Math.min(0, ...rows.flat().map((slot) => centres.get(slot)! - slot.width / 2));
  for (const [slot, x] of centres) centres.set(slot, x - least);
  const bands = bandsOf(rows);
  const places: Places = { centres, bands };
  const boxes = rows.flat().filter(({ passes }) => passes !== true);
  return {
    width: Math.max(0, ...rows.flat().map((slot) => centres.get(slot)! + slot.width / 2)),
    height: bands.at(-1)?.bottom ?? 0,
    boxes: boxes.map((slot) => boxOf(slot, places)),
    routes: routesOf(chains, places),
  };
}

interface Band {
  top: number;
  bottom: number;
}

interface Places {
  centres: Map<Slot, number>;
  bands: Band[];
}

function bandsOf(rows: readonly (readonly Slot[])[]): Band[] {
  let top = 0;
  return rows.map((row) => {
    const bottom = top + Math.max(0, ...row.map(({ height }) => height));
    const band = { top, bottom };
    top = bottom + GAP_Y;
    return band;
  });
}

/** Every slot as near to what it is linked with as its neighbours in the row allow. */
function centresOf(rows: readonly (readonly Slot[])[], chains: readonly Chain[]): Map<Slot, number> {
  const { above, below } = neighboursOf(chains);
  const centres = new Map<Slot, number>();
  for (const row of rows) spread(row, (_, index) => index * 10, centres);
  for (let pass = 0; pass < PASSES; pass += 1) {
    const down = pass % 2 === 0;
    for (const row of down ? rows : rows.toReversed()) {
      const linked = down ? above : below;
      spread(row, (slot) => middleOf(linked.get(slot) ?? [], centres) ?? centres.get(slot)!, centres);
    }
  }
  return centres;
}

function middleOf(slots: readonly Slot[], centres: ReadonlyMap<Slot, number>): number | undefined {
  return slots.length === 0 ? undefined : slots.reduce((sum, slot) => sum + centres.get(slot)!, 0) / slots.length;
}

/** Wishes, pushed apart: the mean of pushing to the right and of pushing to the left. */
function spread(row: readonly Slot[], wish: (slot: Slot, index: number) => number, centres: Map<Slot, number>): void {
  const wishes = row.map(wish);
  const apart = (index: number): number => (row[index - 1]!.width + row[index]!.width) / 2 + GAP_X;
  const right = [...wishes];
  for (let index = 1; index < row.length; index += 1) right[index] = Math.max(right[index]!, right[index - 1]! + apart(index));
  const left = [...wishes];
  for (let index = row.length - 2; index >= 0; index -= 1) left[index] = Math.min(left[index]!, left[index + 1]! - apart(index + 1));
  row.forEach((slot, index) => centres.set(slot, (right[index]! + left[index]!) / 2));
}

/** A box lies in the middle of its row. */
function boxOf(slot: Slot, { centres, bands }: Places): Box {
  const { id, width, height, layer } = slot;
  const { top, bottom } = bands[layer]!;
  return { id, width, height, x: centres.get(slot)! - width / 2, y: (top + bottom - height) / 2 };
}

function routesOf(chains: readonly Chain[], places: Places): Route[] {
  const leaving = portsOf(chains, places, ({ slots }) => [slots[0]!, slots[1]!]);
  const arriving = portsOf(chains, places, ({ slots }) => [slots.at(-1)!, slots.at(-2)!]);
  return chains.map((chain) => {
    const { slots, reversed, edge } = chain;
    const edgeOf = (slot: Slot, side: 'top' | 'bottom'): number => {
      const { top, bottom } = places.bands[slot.layer]!;
      const half = slot.passes === true ? (bottom - top) / 2 : slot.height / 2;
      return (top + bottom) / 2 + (side === 'top' ? -half : half);
    };
    const points = slots.flatMap((slot, index): Point[] => {
      if (index === 0) return [{ x: leaving.get(chain)!, y: edgeOf(slot, 'bottom') }];
      if (index === slots.length - 1) return [{ x: arriving.get(chain)!, y: edgeOf(slot, 'top') }];
      const x = places.centres.get(slot)!;
      return [
        { x, y: edgeOf(slot, 'top') },
        { x, y: edgeOf(slot, 'bottom') },
      ];
    });
    return { edge, points: reversed ? points.toReversed() : points, upwards: reversed };
  });
}

/** Where each chain leaves (or reaches) its box: side by side, in the order of where they come from. */
function portsOf(chains: readonly Chain[], { centres }: Places, endOf: (chain: Chain) => [Slot, Slot]): Map<Chain, number> {
  const ports = new Map<Chain, number>();
  for (const [box, group] of grouped(chains, (chain) => endOf(chain)[0])) {
    const inOrder = [...group].sort((one, other) => centres.get(endOf(one)[1])! - centres.get(endOf(other)[1])!);
    const gap = Math.min(PORT_GAP, (box.width * 0.8) / Math.max(1, inOrder.length - 1));
    inOrder.forEach((chain, index) => ports.set(chain, centres.get(box)! + (index - (inOrder.length - 1) / 2) * gap));
  }
  return ports;
}
