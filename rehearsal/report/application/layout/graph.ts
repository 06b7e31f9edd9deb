import { grouped } from './grouped';

/** A graph to lay out, with the sizes of its boxes. */
export interface Node {
  id: string;
  width: number;
  height: number;
}

export interface Edge {
  from: string;
  to: string;
}

/** A box of a layer: a node, or the place where a long edge passes through. */
export interface Slot extends Node {
  layer: number;
  passes?: true;
}

/** An edge as a chain of slots from its upper to its lower end. */
export interface Chain {
  edge: Edge;
  /** It runs upwards: against the flow. */
  reversed: boolean;
  slots: Slot[];
}

const PASSAGE_WIDTH = 14;

/** Edges that lead back to a node that is still being visited: a loop is cut there. */
function loopEdges(nodes: readonly Node[], edges: readonly Edge[]): Set<Edge> {
  const found = new Set<Edge>();
  const state = new Map<string, 'open' | 'done'>();
  const outgoing = grouped(edges, ({ from }) => from);
  const visit = (id: string): void => {
    state.set(id, 'open');
    for (const edge of outgoing.get(id) ?? []) {
      if (state.get(edge.to) === 'open') found.add(edge);
      else if (!state.has(edge.to)) visit(edge.to);
    }
    state.set(id, 'done');
  };
  for (const { id } of nodes) if (!state.has(id)) visit(id);
  return found;
}

/** The longest way from a start to each node. */
function layersOf(nodes: readonly Node[], downward: readonly Edge[]): Map<string, number> {
  const incoming = grouped(downward, ({ to }) => to);
  const layers = new Map<string, number>();
  const layerOf = (id: string): number => {
    const known = layers.get(id);
    if (known !== undefined) return known;
    const layer = Math.max(-1, ...(incoming.get(id) ?? []).map(({ from }) => layerOf(from))) + 1;
    layers.set(id, layer);
    return layer;
  };
  for (const { id } of nodes) layerOf(id);
  return layers;
}

/** Nodes in layers, edges as chains that have a slot in every layer they cross. Edges from a node to itself are left out. */
export function layered(nodes: readonly Node[], edges: readonly Edge[]): { layers: Slot[][]; chains: Chain[] } {
  const between = edges.filter(({ from, to }) => from !== to);
  const loops = loopEdges(nodes, between);
  const turned = (edge: Edge): Edge => (loops.has(edge) ? { from: edge.to, to: edge.from } : edge);
  const layerOf = layersOf(nodes, between.map(turned));
  const slots = new Map(nodes.map((node): [string, Slot] => [node.id, { ...node, layer: layerOf.get(node.id) ?? 0 }]));
  const passages: Slot[] = [];
  const chains = between.map((edge): Chain => {
    const { from, to } = turned(edge);
    const [upper, lower] = [slots.get(from)!, slots.get(to)!];
    const inside = Array.from({ length: lower.layer - upper.layer - 1 }, (_, step): Slot => {
      const layer = upper.layer + step + 1;
      return { id: `${edge.from}→${edge.to}@${layer}`, width: PASSAGE_WIDTH, height: 0, layer, passes: true };
    });
    passages.push(...inside);
    return { edge, reversed: loops.has(edge), slots: [upper, ...inside, lower] };
  });
  const all = [...slots.values(), ...passages];
  const depth = Math.max(-1, ...all.map(({ layer }) => layer)) + 1;
  return { layers: Array.from({ length: depth }, (_, layer) => all.filter((slot) => slot.layer === layer)), chains };
}
